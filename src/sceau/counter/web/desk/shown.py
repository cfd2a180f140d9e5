"""What the queue shows of each visit: opened for this request only, and never kept."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sceau.core.report.model import Consent, Patient
from sceau.core.sealing.epochs import PharmacyKeys
from sceau.core.sealing.errors import SealingError
from sceau.core.web.fields import written_date
from sceau.core.web.labels import disease
from sceau.counter.checkins.models import CheckIn
from sceau.counter.checkins.unseal import open_answers
from sceau.counter.kits import controls
from sceau.counter.kits.models import Kit
from sceau.counter.patients.directory import Person
from sceau.counter.pharmacies.models import Pharmacy
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.relay.models import EnvelopeState
from sceau.counter.screenings.actions import HOLD
from sceau.counter.screenings.models import Screening
from sceau.counter.screenings.unseal import open_copy, refusals
from sceau.counter.visits.models import Visit, VisitState
from sceau.counter.visits.unseal import open_draft
from sceau.counter.web import labels


def queue(visits: Sequence[Visit], *, by: Present, at: datetime) -> dict[str, Any]:
    """The visits by state, in the order given."""
    reports = [visit.report for visit in visits if visit.report]
    why = refusals(reports, by.keys)
    rows = [_visit(visit, by, at, why) for visit in visits]
    return {state.value: [row for row in rows if row["stage"] == state] for state in VisitState}


def mark(visit: Visit, at: datetime) -> tuple[object, ...]:
    """What a visit's row says depends on this and no more; told without opening it."""
    report = visit.report
    reported = (report.id, report.outcome, report.envelope.state) if report else ()
    return (visit.id, visit.state, visit.ready_at, visit.kit_id, bytes(visit.sealed), _seconds(visit, at) > 0, *reported)


def here(rows: Sequence[CheckIn], *, by: Present) -> list[dict[str, Any]]:
    """Who checked in by phone, as they typed it."""
    told = [(row, open_answers(row, by.keys)) for row in rows]
    return [
        {
            "id": row.id,
            "since": row.arrived_at,
            "sealed_here": row.sealed_here,
            "name": f"{one.family.upper()} {one.given}" if one else _("cannot be opened"),
            "born": written_date(one.born) if one else None,
        }
        for row, one in told
    ]


def person(found: Person, today: date) -> dict[str, Any]:
    patient = found.patient
    return {
        "card": found.card,
        **identity(patient, today),
        "phone": "".join(filter(str.isdigit, patient.phone or ""))[-4:],
        "seen": found.seen,
    }


def identity(patient: Patient, today: date) -> dict[str, Any]:
    return {"name": labels.patient(patient), "born": patient.birth_date, "age": age(patient.birth_date, today)}


def age(born: date, today: date) -> int:
    """Whole years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def kit(in_hand: Kit | None, pharmacy: Pharmacy, today: date) -> dict[str, Any] | None:
    """`untried`: in words, when the pharmacy wants this lot tried with its controls and it was not."""
    if in_hand is None:
        return None
    expired = in_hand.expiry is not None and in_hand.expiry < today
    untried = labels.untried(pharmacy) if not in_hand.failed and controls.missing(in_hand, pharmacy, today) else ""
    return {"kit": in_hand, "test": labels.kit_test(in_hand), "expired": expired, "untried": untried, "told": _told(in_hand)}


def _told(kit: Kit) -> str:
    """What the page needs of the kit to start a test by itself, as JSON."""
    expiry = kit.expiry.isoformat() if kit.expiry and not kit.override else None
    parts = [str(disease(one)) for one in kit.diseases]
    told = {
        "id": str(kit.id),
        "name": kit.name,
        "minutes": kit.minutes,
        "lot": kit.lot,
        "expiry": expiry,
        "parts": parts,
        "failed": kit.failed,
    }
    return json.dumps(told)


def _visit(visit: Visit, by: Present, at: datetime, why: dict[Any, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {"id": visit.id, "stage": visit.state, "kit": visit.kit, "since": visit.created_at}
    try:
        draft = open_draft(visit, by.keys)
        row |= identity(draft.patient, by.pharmacy.day(at)) | {"unasked": draft.consent is Consent.NOT_ANSWERED}
    except SealingError:
        row |= {"name": _("cannot be opened"), "born": None, "age": None}
    if visit.kit:
        row |= {"parts": [disease(one) for one in visit.kit.diseases], "ready_at": visit.ready_at, "started_at": visit.started_at}
    if visit.state == VisitState.DONE and visit.report:
        row |= _found(visit.report, by.keys, why, ZoneInfo(by.pharmacy.time_zone))
        row["undo"] = _seconds(visit, at)
    return row


def _seconds(visit: Visit, at: datetime) -> int:
    """How long its result can still be taken back."""
    return max(0, round((visit.done_at + HOLD - at).total_seconds())) if visit.done_at else 0


def _found(report: Screening, keys: PharmacyKeys, why: dict[Any, Any], zone: ZoneInfo) -> dict[str, Any]:
    state, tone = labels.state(EnvelopeState(report.envelope.state), report.outcome)
    language: Literal["fr", "en"] = "fr" if get_language() == "fr" else "en"
    row = {"state": state, "state_tone": tone, "reasons": [one.text(language) for one in why.get(report.id, [])]}
    told = open_copy(report, keys).screening
    assert told is not None
    return row | {"results": labels.results(told), "report": report.id}
