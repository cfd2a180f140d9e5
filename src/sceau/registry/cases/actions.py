"""Opening cases, and closing those whose report no longer stands."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sceau.core.bulk import copy
from sceau.core.codes.snomed import Result
from sceau.core.keyholder.envelope_verbs import Accepted
from sceau.registry.cases.models import Case, CaseState
from sceau.registry.results.models import Report, Standing


def open_for(reports: Iterable[Accepted], *, at: datetime) -> set[UUID]:
    """A case for each disease detected by a new report; gives those reports."""
    found = ((one, each) for one in reports if one.facts for each in one.facts.findings)
    positive = [(one, each) for one, each in found if each.result is Result.DETECTED]
    rows = ((one.id, each.disease, one.facts and one.facts.department, at, CaseState.OPEN) for one, each in positive)
    copy(Case, ("report_id", "disease", "department", "opened_at", "state"), rows)
    return {one.id for one, _ in positive}


def follow(changed: Mapping[UUID, Standing]) -> None:
    """Cases follow the standing of their reports, both ways."""
    standing = {report for report, now in changed.items() if now is Standing.CURRENT}
    Case.objects.filter(report_id__in=standing).update(state=CaseState.OPEN)
    Case.objects.filter(report_id__in=changed.keys() - standing).update(state=CaseState.NO_CASE)


def part() -> dict[str, int]:
    """Cases whose report is no longer kept lose its id, and with it whose they were; gives how many."""
    orphaned = Case.objects.filter(report_id__isnull=False).exclude(report_id__in=Report.objects.values("id"))
    return {Case._meta.db_table: orphaned.update(report_id=None)}
