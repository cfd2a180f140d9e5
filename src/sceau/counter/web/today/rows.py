"""The rows of the day's page: opened for this request only, and never kept."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sceau.core.report.errors import Problem
from sceau.core.report.model import ScreeningReport
from sceau.core.sealing.epochs import DayShut, PharmacyKeys
from sceau.core.sealing.errors import SealingError
from sceau.counter.imports.models import Import, ImportState
from sceau.counter.imports.unseal import open_name
from sceau.counter.pharmacies.models import Pharmacy
from sceau.counter.relay.models import EnvelopeState
from sceau.counter.screenings.models import Screening
from sceau.counter.screenings.unseal import open_copy, refusals
from sceau.counter.web import labels

MOST = 200
_RANKS = ("recorded", "refused", "stopped", "waiting", "sent", "cancelled")


def rows(screenings: Sequence[Screening], *, pharmacy: Pharmacy, keys: PharmacyKeys) -> list[dict[str, Any]]:
    if not screenings:
        return []
    try:
        why = refusals(list(screenings), keys)
        opened = [open_copy(one, keys) for one in screenings]
    except (DayShut, SealingError):
        return [_shut(one) for one in screenings]
    day = _Day.of(opened, ZoneInfo(pharmacy.time_zone))
    return [_row(one, report, why.get(one.id, []), day) for one, report in zip(screenings, opened, strict=True)]


class _Day(NamedTuple):
    """What the rows of a day say of each other, by lineage: the latest statement, and whose screening it is."""

    zone: ZoneInfo
    latest: dict[UUID, UUID]
    names: dict[UUID, str]

    @classmethod
    def of(cls, opened: Sequence[ScreeningReport], zone: ZoneInfo) -> Self:
        latest = {report.lineage: report.id for report in sorted(opened, key=lambda report: report.issued)}
        return cls(zone, latest, {one.lineage: labels.patient(one.screening.patient) for one in opened if one.screening})


def _shut(screening: Screening) -> dict[str, Any]:
    """A row of a day whose key is not there: its state is known, nothing else."""
    state, tone = labels.state(EnvelopeState(screening.envelope.state), screening.outcome)
    told = {"patient": _("cannot be opened"), "born": "", "test": "", "results": []}
    why = _(
        "The key of this day is not there: it was destroyed, or the keyholder's store is older than this row. Tell the operator."
    )
    return told | {"id": screening.id, "state": state, "state_tone": tone, "reasons": [why]}


def _row(screening: Screening, report: ScreeningReport, why: Sequence[Problem], day: _Day) -> dict[str, Any]:
    state, tone = labels.state(EnvelopeState(screening.envelope.state), screening.outcome)
    language: Literal["fr", "en"] = "fr" if get_language() == "fr" else "en"
    row = {"id": screening.id, "state": state, "state_tone": tone, "reasons": [problem.text(language) for problem in why]}
    if screening.undone:
        row |= {"state": _("cancelled"), "state_tone": "cancelled"}
    elif screening.corrected or (screening.outcome == "amended" and day.latest[report.lineage] != report.id):
        row |= {"state": _("replaced"), "state_tone": "cancelled"}
    return row | (_told(report, day.zone, screening.day) if report.screening else _cancellation(report, day))


def _told(report: ScreeningReport, zone: ZoneInfo, shown: date) -> dict[str, Any]:
    """The time alone where the sample was taken on the day that is shown."""
    told = report.screening
    assert told is not None
    patient = told.patient
    taken = told.specimen.taken_at.astimezone(zone)
    return {
        **_time(taken),
        "taken_on": "" if taken.date() == shown else f"{taken:%d/%m/%Y}",
        "patient": labels.patient(patient),
        "born": f"{patient.birth_date:%d/%m/%Y}",
        "test": labels.test(told),
        "results": labels.results(told),
    }


def _cancellation(report: ScreeningReport, day: _Day) -> dict[str, Any]:
    """Of somebody, where what is cancelled was recorded on the same day."""
    whose = day.names.get(report.lineage)
    told = {"patient": whose or _("Cancellation"), "born": "", "test": _("Cancellation") if whose else "", "results": []}
    return _time(report.issued.astimezone(day.zone)) | told


def _time(at: datetime) -> dict[str, Any]:
    """Written here: the template's own filters took a tenth of the page."""
    return {"time": f"{at:%H:%M}", "time_iso": at.isoformat(timespec="seconds")}


def imports(pharmacy: Pharmacy, day: date, keys: PharmacyKeys) -> list[dict[str, Any]]:
    found = Import.objects.filter(pharmacy=pharmacy, day=day).order_by("-at")[:20]
    return [_import(source, keys) for source in found]


def _import(source: Import, keys: PharmacyKeys) -> dict[str, Any]:
    try:
        name = open_name(source, keys)
    except (DayShut, SealingError):
        name = _("cannot be opened")
    told = _("%(taken)s taken, %(already)s already recorded, %(refused)s refused")
    counts = told % {"taken": source.taken, "already": source.already, "refused": source.refused}
    if source.state == ImportState.RUNNING:
        counts = _("interrupted after row %(row)s: import the file again to go on") % {"row": source.rows_done}
    if source.state == ImportState.UNDONE:
        counts = _("undone: its results are cancelled")
    undoable = source.state == ImportState.DONE and source.taken > 0
    return {"id": source.id, "at": source.at, "name": name, "counts": counts, "can_undo": undoable}


def counts(states: Counter[tuple[str, str]]) -> list[dict[str, Any]]:
    """How many of the day are in each state: what arrived first, even if nothing did, then what needs somebody, then the rest."""
    shown: Counter[tuple[str, str]] = Counter()
    for (envelope, outcome), number in states.items():
        shown[labels.state(EnvelopeState(envelope), outcome)] += number
    shown.setdefault((_("recorded"), "recorded"), 0)
    return [{"label": label, "value": number, "tone": tone} for (label, tone), number in sorted(shown.items(), key=_rank)]


def _rank(shown: tuple[tuple[str, str], int]) -> tuple[bool, int, str]:
    (label, tone), _number = shown
    return label != _("recorded"), _RANKS.index(tone), label
