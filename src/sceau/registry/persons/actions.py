"""Keeping identities as the keyholder sealed them."""

from collections.abc import Iterable
from uuid import UUID

from sceau.core.bulk import copy
from sceau.core.keyholder.verbs import Accepted
from sceau.registry.persons.models import Identity


def keep(reports: Iterable[Accepted], *, new: set[UUID]) -> None:
    """The sealed identities of the reports in `new`; a report without one (a cancellation, a refused consent) leaves no row."""
    kept = ((one, one.identity) for one in reports if one.identity and one.id in new)
    rows = ((one.id, sealed.day, (one.facts and one.facts.department) or "", sealed.sealed) for one, sealed in kept)
    copy(Identity, ("report_id", "day", "department", "sealed"), rows)
