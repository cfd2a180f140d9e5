"""What a person is shown of an entry that was set aside, and how what was typed into it is looked at."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _
from msgspec.structs import asdict

from sceau.core.sealing.errors import SealingError
from sceau.core.web.fields import written_date
from sceau.counter.kept import queries
from sceau.counter.kept.acts import RESULTS
from sceau.counter.kept.content import Content, Found, Started, Told
from sceau.counter.kept.errors import Aside, Malformed
from sceau.counter.kept.models import Entry, EntryState, Reason
from sceau.counter.kept.unseal import open_entry, open_text
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.screenings.unseal import open_copy
from sceau.counter.visits.draft import Draft
from sceau.counter.visits.models import Visit
from sceau.counter.visits.unseal import open_draft
from sceau.counter.web import labels
from sceau.counter.web.desk.forms import PatientForm


def read(told: Told, day: date) -> Draft:
    """Looked at as on that day, like anything typed at the counter. Raises `Malformed`."""
    form = PatientForm(asdict(told), today=day)
    if not form.is_valid():
        raise Malformed
    return form.draft()


def in_order(by: Present) -> list[dict[str, Any]]:
    """What was set aside, by the time that it tells."""
    rows = queries.aside(by.pharmacy)
    opened = {row.id: content for row in rows if (content := _opened(row, by))}
    visits = _visits(opened, by)
    told = [_seen(row, opened, visits, by) for row in rows]
    return sorted(told, key=lambda row: row["at"])


def one(row: Entry, content: Content, by: Present) -> dict[str, Any]:
    """One that opens, alone: whose test its result belongs to may have been set aside too."""
    aside = Entry.objects.filter(pharmacy=by.pharmacy, state=EntryState.ASIDE)
    begun = aside.filter(pk=content.visit).first() if isinstance(content, Found) else None
    opened = {begun.id: told} if begun and (told := _opened(begun, by)) else {}
    opened |= {row.id: content}
    return _seen(row, opened, _visits(opened, by), by)


def stands(visit: Visit | None, by: Present) -> list[dict[str, str]]:
    """The result that the test has meanwhile, for a person to compare."""
    told = open_copy(visit.report, by.keys).screening if visit and visit.report else None
    return labels.results(told) if told else []


def visit_of(content: Content, by: Present) -> Visit | None:
    """The test that a result belongs to, with the result it has."""
    if not isinstance(content, Found):
        return None
    return Visit.objects.filter(pk=content.visit, pharmacy=by.pharmacy).select_related("kit", "report__envelope").first()


def why(reason: Reason) -> str:
    """In the words of the page, with what to do."""
    return {
        Reason.SHUT: _("Its day's key is gone: nobody can open it any more. If the test counts, report it from your own notes."),
        Reason.UNREADABLE: _("It does not open with this pharmacy's keys: it was not sealed for you, or was changed on its way."),
        Reason.MALFORMED: _(
            "Something in it is wrong or missing: put it right, or type it in anew at the counter and remove it here."
        ),
        Reason.UNVOUCHED: _("It was typed when nobody was signed in on that page, or too long after: is it yours?"),
        Reason.FUTURE: _(
            "Its time lies in the future: that computer's clock is wrong. Set the clock right, and put the time right here."
        ),
        Reason.KIT: _("Its kit is not one of this pharmacy's, or had expired."),
        Reason.NO_VISIT: _("The test that it belongs to is not here: record that one first."),
        Reason.MOVED: _("A colleague gave another result meanwhile, or took the person off the queue."),
        Reason.NOT_ALLOWED: _("An assistant gave this result: a pharmacist says whether it stands."),
    }[reason]


def _opened(row: Entry, by: Present) -> Content | None:
    try:
        return open_entry(row, by.keys)
    except Aside:
        return None


def _visits(opened: dict[UUID, Content], by: Present) -> dict[UUID, Visit]:
    """The tests of which these are results, in one question."""
    wanted = {content.visit for content in opened.values() if isinstance(content, Found)}
    return Visit.objects.filter(pharmacy=by.pharmacy).in_bulk(wanted) if wanted else {}


def _seen(row: Entry, opened: dict[UUID, Content], visits: dict[UUID, Visit], by: Present) -> dict[str, Any]:
    content, reason = opened.get(row.id), Reason(row.reason)
    told = {"id": row.id, "why": why(reason), "at": content.at if content else row.arrived_at, "opens": content is not None}
    if isinstance(content, Started):
        return told | _person(content.told) | {"wrong": _wrong(content, by)}
    if isinstance(content, Found):
        return told | _tested(content, opened, visits.get(content.visit), by) | {"result": _words(content.keys)}
    return told | {"name": _("cannot be read") if (rough := _rough(row, by)) else _("cannot be opened"), "rough": rough}


def _words(keys: str) -> str:
    """What was typed, a part a key, as results are called; what is no result stays as it is."""
    return ", ".join(labels.found(RESULTS[key]) if key in RESULTS else key for key in keys)


def _rough(row: Entry, by: Present) -> list[str]:
    """Of an entry that opens and is nothing we know, what it says: a person may still make it out. Without the page's voucher."""
    try:
        text = open_text(row, by.keys)
    except Aside:
        return []
    try:
        told = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return [text.decode(errors="replace")]
    return _lines(told) if isinstance(told, dict) else [str(told)]


def _lines(told: dict[str, Any]) -> list[str]:
    within = [
        _lines(value) if isinstance(value, dict) else [f"{name}: {value}"] for name, value in told.items() if name != "voucher"
    ]
    return [line for lines in within for line in lines]


def _person(told: Told) -> dict[str, Any]:
    born = written_date(told.born)
    written = f"{born:%d/%m/%Y}" if born else told.born
    return {"name": f"{told.family.upper()} {told.given}", "born": written, "phone": told.phone}


def _tested(content: Found, opened: dict[UUID, Content], visit: Visit | None, by: Present) -> dict[str, Any]:
    """Whose result it is: a visit's, or that of a test which was set aside too."""
    begun = opened.get(content.visit)
    if isinstance(begun, Started):
        return _person(begun.told)
    try:
        patient = open_draft(visit, by.keys).patient if visit else None
    except SealingError:
        patient = None
    return {"name": labels.patient(patient), "born": f"{patient.birth_date:%d/%m/%Y}"} if patient else {"name": _("nobody known")}


def _wrong(content: Started, by: Present) -> list[str]:
    form = PatientForm(asdict(content.told), today=by.pharmacy.day(content.at))
    return [f"{form[name].label}: {errors[0]}" for name, errors in form.errors.items() if name in form.fields]
