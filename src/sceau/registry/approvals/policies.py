"""Which software may feed the registry: checked at each request, so that a suspension takes effect at once."""

from sceau.core.problems import ProblemType
from sceau.registry.approvals.enums import ApprovalState
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.models import Software

_REFUSALS = {
    ApprovalState.SUSPENDED: ProblemType.SOFTWARE_SUSPENDED,
    ApprovalState.WITHDRAWN: ProblemType.SOFTWARE_WITHDRAWN,
}


def check_approved(software: Software) -> None:
    if refusal := _REFUSALS.get(ApprovalState(software.state)):
        raise SoftwareRefused(refusal, _reason(software))


def _reason(software: Software) -> str:
    decision = software.decisions.order_by("-id").first()
    return decision.reason if decision else ""
