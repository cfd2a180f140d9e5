"""Which software may feed the registry, through which door, on which day: checked at each request, so that a decision takes effect at
once. Which diseases, the keyholder checks when it opens a report (`Ingest.diseases`).
"""

from datetime import date, datetime
from uuid import UUID

from sceau.core.problems import ProblemType
from sceau.registry.approvals import quota
from sceau.registry.approvals.enums import ApprovalState, Format
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.models import Software
from sceau.registry.approvals.quota import Brought, Quota

_REFUSALS = {
    ApprovalState.DRAFT: ProblemType.SOFTWARE_NOT_APPROVED,
    ApprovalState.SUBMITTED: ProblemType.SOFTWARE_NOT_APPROVED,
    ApprovalState.REFUSED: ProblemType.SOFTWARE_NOT_APPROVED,
    ApprovalState.SUSPENDED: ProblemType.SOFTWARE_SUSPENDED,
    ApprovalState.WITHDRAWN: ProblemType.SOFTWARE_WITHDRAWN,
}


def check_approved(software: Software) -> None:
    if refusal := _REFUSALS.get(ApprovalState(software.state)):
        raise SoftwareRefused(refusal, _reason(software))


def check_may_send(software: Software, through: Format, *, on: date) -> None:
    """`on` is the day in Paris. Raises `SoftwareRefused`."""
    check_approved(software)
    scope = software.scope
    if not scope.holds_on(on):
        raise SoftwareRefused(ProblemType.OUT_OF_SCOPE, f"{scope.starts_on or ''}/{scope.ends_on or ''}")
    if through not in scope.formats:
        raise SoftwareRefused(ProblemType.OUT_OF_SCOPE, ", ".join(scope.formats))


def check_room(software: UUID, left: Quota, brought: Brought, *, at: datetime) -> None:
    """Whether what a call brings is taken, all of it. Raises `SoftwareRefused`: 413 for what would never be."""
    if left.lacks(brought):
        quota.check_whole(Software.objects.get(pk=software).quota, brought)
        quota.check(left, at=at, brought=brought)


def _reason(software: Software) -> str:
    decision = software.decisions.order_by("-id").first()
    return decision.reason if decision else ""
