"""The bench's scenarios in words: what to send, and what was seen of it."""

from typing import Any

from django.utils.translation import gettext as _

from sceau.core.codes.loinc import ASSAYS
from sceau.core.codes.snomed import Result
from sceau.core.report.model import Sex
from sceau.registry.approvals.models import Evidence
from sceau.registry.bench.scenarios import PERSONS


def titles() -> dict[str, str]:
    return {
        "detected": _("Detected"),
        "not-detected": _("Not detected"),
        "inconclusive": _("Inconclusive"),
        "multiplex": _("A combined kit"),
        "corrected": _("A correction"),
        "cancelled": _("A cancellation"),
        "duplicate": _("The same twice"),
        "out-of-scope": _("A refusal"),
        "consent-refused": _("Consent refused"),
        "outage": _("An outage"),
        "suspended": _("A suspension"),
        "replay": _("An answer that breaks off"),
        "acknowledged": _("Acknowledgements"),
    }


def todo() -> dict[str, str]:
    return {
        "detected": _("Send this result once."),
        "not-detected": _("Send this result once."),
        "inconclusive": _("Send this result once."),
        "multiplex": _("One test, each of its parts with its own result."),
        "corrected": _("Send another result first, then correct it to this one."),
        "cancelled": _("Send this result, then cancel it."),
        "duplicate": _("Have it sent twice, as by a double click or the same file again: it stays one report."),
        "out-of-scope": _(
            "The bench approves nobody for this disease: the report is refused. Fetch the answer, do not send it on and on."
        ),
        "consent-refused": _("The person refuses that their identity is kept: the facts arrive, and nobody who could be found."),
        "outage": _("The first call that sends is answered 503: what it held comes again, unchanged."),
        "suspended": _("The next one is answered as if you were suspended: what it held is kept and comes again."),
        "replay": _("The one after is stored, and its answer breaks off: what it held comes again, and counts once."),
        "acknowledged": _("The acknowledgement of every envelope is fetched."),
    }


def persons() -> list[dict[str, Any]]:
    """The invented persons with what to send about each; all of them consent unless it says otherwise."""
    names, told = titles(), todo()
    found = {Result.DETECTED: _("positive"), Result.NOT_DETECTED: _("negative"), Result.INCONCLUSIVE: _("inconclusive")}
    return [
        {
            "title": names[name],
            "todo": told[name],
            "family": one.family,
            "given": one.given,
            "born": one.born,
            "sex": "F" if one.sex is Sex.FEMALE else "M",
            "loinc": one.loinc,
            "test": ASSAYS[one.loinc].display,
            "results": [f"{code} → {result.value} ({found[result]})" for code, result in one.results],
        }
        for name, one in PERSONS.items()
    ]


def shown(evidence: Evidence | None) -> dict[str, Any] | None:
    """What was seen last, scenario by scenario."""
    if evidence is None:
        return None
    names, told, document = titles(), todo(), evidence.document
    rows = [{"title": names[one["name"]], "why": told[one["name"]], "passed": one["passed"]} for one in document["scenarios"]]
    counts = {name: document.get(name, 0) for name in ("calls", "envelopes", "reports")}
    return {"at": evidence.at, "passed": evidence.passed, "shown": rows, **counts}
