"""What the pages on software call things, in the language of the page."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sceau.core.problems import ProblemType
from sceau.core.report.errors import Problem, Trouble
from sceau.core.web.labels import disease
from sceau.registry.approvals.enums import Act, ApprovalState, Format
from sceau.registry.approvals.errors import Flaw
from sceau.registry.approvals.scope import Scope
from sceau.registry.intake.enums import Outcome
from sceau.registry.intake.overview import Sums


def state_label(state: str) -> str:
    labels = {
        ApprovalState.DRAFT: _("draft"),
        ApprovalState.SUBMITTED: _("waits for the authority"),
        ApprovalState.REFUSED: _("refused"),
        ApprovalState.APPROVED: _("approved"),
        ApprovalState.SUSPENDED: _("suspended"),
        ApprovalState.WITHDRAWN: _("withdrawn"),
    }
    return labels[ApprovalState(state)]


def look(state: str, label: str = "") -> dict[str, str]:
    """A state as a mark on a page: its word, its tone, its icon."""
    icons = {ApprovalState.DRAFT: "forward", ApprovalState.SUBMITTED: "waiting"}
    return {"label": label or state_label(state), "key": state, "icon": icons.get(ApprovalState(state), state)}


def act_label(act: str) -> str:
    labels = {
        Act.SUBMIT: _("submitted"),
        Act.TAKE_BACK: _("taken back"),
        Act.APPROVE: _("approved"),
        Act.REFUSE: _("refused"),
        Act.SUSPEND: _("suspended"),
        Act.WITHDRAW: _("withdrawn"),
    }
    return labels[Act(act)]


def format_label(one: Format) -> str:
    return {
        Format.SEALED: _("sealed envelopes"),
        Format.FHIR: _("FHIR R4"),
        Format.HL7V2: _("HL7 v2.5.1"),
        Format.CSV: _("CSV"),
    }[one]


def scope_label(scope: Scope) -> str:
    """Formats, then diseases, then days."""
    told = [", ".join(format_label(one) for one in scope.formats), ", ".join(map(disease, scope.diseases)) or _("every disease")]
    if scope.starts_on:
        told.append(_("from %(day)s") % {"day": scope.starts_on.strftime("%d/%m/%Y")})
    if scope.ends_on:
        told.append(_("until %(day)s") % {"day": scope.ends_on.strftime("%d/%m/%Y")})
    return " · ".join(told)


def outcome_labels() -> dict[Outcome, str]:
    """As the columns of a table; what was turned away at the door is shown with what was refused."""
    return {
        Outcome.RECORDED: _("Recorded"),
        Outcome.DUPLICATE: _("Duplicates"),
        Outcome.AMENDED: _("Amended"),
        Outcome.CANCELLED: _("Cancelled"),
        Outcome.REFUSED: _("Refused"),
    }


def outcomes_told(sums: Sums) -> list[tuple[str, int]]:
    """Label and number of each column; the last is what was refused, wherever."""
    counted = [(label, sums.outcomes.get(name, 0)) for name, label in outcome_labels().items()]
    label, refused = counted[-1]
    return [*counted[:-1], (label, refused + sums.turned_away)]


def reason_label(reason: str) -> str:
    """A kind of problem in a report with its fix, or a flaw of an envelope."""
    if reason in set(Trouble):
        return Problem(Trouble(reason), "").said("en" if (get_language() or "").startswith("en") else "fr")
    return _at_the_door().get(reason) or _(
        "the envelope could not be opened: seal it again to the keys that the registry publishes"
    )


def _at_the_door() -> dict[str, str]:
    """Whole envelopes, in the words in which their sender was told."""
    return {
        ProblemType.BAD_ENVELOPE: _("The envelope is not well formed, or its signature is not the pharmacy's."),
        ProblemType.OTHER_SOFTWARE: _("The envelope names another software than the one that sends it."),
        ProblemType.PHARMACY_NOT_ENROLLED: _("The owner of this pharmacy has not confirmed a key at the registry yet."),
        ProblemType.ENVELOPE_REUSED: _("Another envelope was received under this id: seal the reports again."),
    }


def reasons_told(reasons: Mapping[str, int], *, most: int = 20) -> list[dict[str, Any]]:
    """The most frequent first, with their words."""
    ranked = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))[:most]
    return [{"reason": reason, "label": reason_label(reason), "times": times} for reason, times in ranked]


def flaw_text(flaw: Flaw) -> str:
    """What is wrong with a key, and what to do."""
    return {
        Flaw.UNREADABLE: _("This is not one public key in JSON (JWK) or PEM, or its point is not on the curve. Export it again."),
        Flaw.PRIVATE: _(
            "STOP: this is a PRIVATE key, and it has now been sent over a network. Think of it as leaked: make a new pair, upload its "
            "public half here, and destroy this one. It was not kept, and will never be taken here."
        ),
        Flaw.ALGORITHM: _("Only elliptic-curve keys are taken: P-256 (ES256) or P-384 (ES384). RSA and shared secrets are not."),
        Flaw.NOT_FOR_SIGNING: _("This key says that it is not for signing (use, key_ops). Make one that is."),
        Flaw.KNOWN: _("This key is here already, for this product or another one. Each product version has keys of its own."),
        Flaw.LEAKED: _("The private half of this key was sent here once: it counts as leaked. Make a new pair."),
        Flaw.TOO_MANY: _("Two keys are here already. Wait until the older one ends, or end one of them."),
        Flaw.ENDED: _("The approval was withdrawn for ever. Describe a new version."),
        Flaw.UNPROVEN: _(
            "No key of this product that is valid now signed this for it, within the last day and for a day at most."
        ),
    }[flaw]
