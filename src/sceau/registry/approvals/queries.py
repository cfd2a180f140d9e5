from collections.abc import Collection
from uuid import UUID

from sceau.core.codes.loinc import Disease
from sceau.registry.approvals.models import Software


def diseases_of(software: Collection[UUID]) -> dict[UUID, list[Disease]]:
    """What each of these may report; without those that may report every disease. One query."""
    kept = Software.objects.filter(id__in=software).exclude(diseases=[]).values_list("id", "diseases")
    return {one: [Disease(name) for name in names] for one, names in kept}
