"""The words in which the counter shows tests, results and states, in the language of the page."""

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sceau.core.codes.loinc import Disease, Loinc, Method, assay
from sceau.core.codes.snomed import Result
from sceau.core.problems import ProblemType
from sceau.core.report.errors import Language
from sceau.core.report.model import Finding, Patient, Screening
from sceau.core.web.labels import disease
from sceau.counter.kits.models import Kit
from sceau.counter.pharmacies.models import ControlRule, Pharmacy, Role
from sceau.counter.relay.models import EnvelopeState


def language() -> Language:
    """Of the page, for reasons that the core words."""
    return "fr" if get_language() == "fr" else "en"


def roles() -> list[tuple[str, str]]:
    return [(Role.OWNER, _("owner")), (Role.PHARMACIST, _("pharmacist")), (Role.ASSISTANT, _("assistant"))]


def control_rules() -> list[tuple[str, str]]:
    return [
        (ControlRule.NEVER, _("never")),
        (ControlRule.EACH_LOT, _("with each new lot")),
        (ControlRule.EACH_DAY, _("each day")),
    ]


def untried(pharmacy: Pharmacy) -> str:
    """What the kit in hand says when its control is missing."""
    return _("no control today") if pharmacy.controls == ControlRule.EACH_DAY else _("lot without a control")


def test(screening: Screening) -> str:
    return _test(screening.loinc, [found.disease for found in screening.findings])


def kit_test(kit: Kit) -> str:
    """What a kit tests for."""
    return _test(Loinc(kit.loinc), kit.diseases)


def patient(told: Patient) -> str:
    """A name as it is shown everywhere: the used names, the family name in capitals."""
    return f"{(told.used_family or told.family).upper()} {told.used_given or ' '.join(told.given)}"


def found(result: Result) -> str:
    return {Result.DETECTED: _("positive"), Result.NOT_DETECTED: _("negative"), Result.INCONCLUSIVE: _("inconclusive")}[result]


def result(screening: Screening) -> str:
    if len(screening.findings) == 1:
        return found(screening.findings[0].result)
    return ", ".join(f"{disease(one.disease)} {found(one.result)}" for one in screening.findings)


def results(screening: Screening) -> list[dict[str, str]]:
    """As `result`, each part with a tone of its own: who was negative for one thing is not told so in red."""
    alone = len(screening.findings) == 1
    return [
        {"text": found(one.result) if alone else f"{disease(one.disease)} {found(one.result)}", "tone": tone((one,))}
        for one in screening.findings
    ]


def tone(findings: tuple[Finding, ...]) -> str:
    results = {found.result for found in findings}
    if Result.DETECTED in results:
        return "positive"
    return "negative" if results == {Result.NOT_DETECTED} else ""


def _test(loinc: Loinc, diseases: Sequence[Disease]) -> str:
    method = {Method.ANTIGEN: _("antigen"), Method.NAAT: _("PCR")}[assay(loinc).method]
    return ", ".join(disease(one) for one in diseases) + f" ({method})"


def state(envelope: EnvelopeState, outcome: str) -> tuple[str, str]:
    """What a person reads, and its tone."""
    if outcome:
        return {
            "recorded": (_("recorded"), "recorded"),
            "duplicate": (_("already recorded"), "recorded"),
            "amended": (_("corrected"), "recorded"),
            "cancelled": (_("cancelled"), "cancelled"),
            "refused": (_("refused"), "refused"),
        }[outcome]
    return {
        EnvelopeState.WAITING: (_("to send"), "waiting"),
        EnvelopeState.RECEIVED: (_("sent"), "sent"),
        EnvelopeState.ACKNOWLEDGED: (_("sent"), "sent"),
        EnvelopeState.STOPPED: (_("stopped"), "stopped"),
    }[envelope]


def fix(problem: dict[str, str]) -> str:
    """What to do about an envelope that cannot heal by itself."""
    kind = problem.get("type", "").rpartition(":")[2]
    fixes = {
        ProblemType.PHARMACY_NOT_ENROLLED: _(
            "The owner confirms the pharmacy's key at the registry; the results then leave by themselves."
        ),
        ProblemType.SOFTWARE_UNKNOWN: _("Ask the publisher of this software for its approval, then send again."),
        ProblemType.SOFTWARE_WITHDRAWN: _("Ask the publisher of this software for its approval, then send again."),
    }
    return next(
        (text for known, text in fixes.items() if known == kind), _("Tell the operator of this counter, then send again.")
    )
