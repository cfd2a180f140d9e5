"""The dated acts on a product's approval, as pages show them."""

from datetime import date
from typing import Any

from sceau.core.codes.loinc import Disease
from sceau.registry.approvals.enums import LISTED, Act, Format
from sceau.registry.approvals.models import Decision, Software
from sceau.registry.approvals.scope import Scope
from sceau.registry.web.words import act_label, look, scope_label


def history(software: Software, *, public: bool = False) -> list[dict[str, Any]]:
    """The last first; what the public sees is what the authority decided since the first approval."""
    found = software.decisions.order_by("-id")
    return [shown(one) for one in (found.filter(state__in=LISTED) if public else found)]


def shown(decision: Decision) -> dict[str, Any]:
    scope = _scope(decision.scope)
    told = {"look": look(decision.state, act_label(decision.act)), "at": decision.at, "by": decision.by}
    approved = decision.act == Act.APPROVE
    return {**told, "reason": decision.reason, "scope": scope_label(scope) if approved else "", "bench": decision.evidence_id}


def _scope(told: dict[str, Any]) -> Scope:
    days = [date.fromisoformat(told[name]) if told[name] else None for name in ("starts_on", "ends_on")]
    return Scope([Format(one) for one in told["formats"]], [Disease(one) for one in told["diseases"]], *days)
