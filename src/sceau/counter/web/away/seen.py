"""What a person is shown of an entry that was set aside, and how what was typed into it is looked at."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from msgspec.structs import asdict

from sceau.core.sealing.errors import SealingError
from sceau.counter.kept import queries
from sceau.counter.kept.content import Content, Found, Started, Told
from sceau.counter.kept.errors import Aside, Malformed
from sceau.counter.kept.models import Entry, Reason
from sceau.counter.kept.unseal import open_entry
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.visits.draft import Draft
from sceau.counter.visits.models import Visit
from sceau.counter.visits.unseal import open_draft
from sceau.counter.web import labels
from sceau.counter.web.desk.forms import PatientForm, birth_date


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
    told = [_seen(row, opened, by) for row in rows]
    return sorted(told, key=lambda row: row["at"])


def why(reason: Reason) -> str:
    """In the words of the page, with what to do."""
    return {
        Reason.SHUT: _("Its day's key is gone: nobody can open it any more. If the test counts, report it from your own notes."),
        Reason.UNREADABLE: _("It does not open with this pharmacy's keys: it was not sealed for you, or was changed on its way."),
        Reason.MALFORMED: _("Something in it is wrong or missing: type it in anew at the counter, then remove it here."),
        Reason.UNVOUCHED: _("It was typed when nobody was signed in on that page, or too long after: is it yours?"),
        Reason.FUTURE: _(
            "Its time lies in the future: that computer's clock is wrong. Set it right, type it in anew, remove it here."
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


def _seen(row: Entry, opened: dict[UUID, Content], by: Present) -> dict[str, Any]:
    content, reason = opened.get(row.id), Reason(row.reason)
    told = {"id": row.id, "why": why(reason), "at": content.at if content else row.arrived_at, "opens": content is not None}
    if isinstance(content, Started):
        return told | _person(content.told) | {"wrong": _wrong(content, by)}
    if isinstance(content, Found):
        return told | _tested(content, opened, by) | {"result": content.keys}
    return told | {"name": _("cannot be opened")}


def _person(told: Told) -> dict[str, Any]:
    born = birth_date(told.born)
    written = f"{born:%d/%m/%Y}" if born else told.born
    return {"name": f"{told.family.upper()} {told.given}", "born": written, "phone": told.phone}


def _tested(content: Found, opened: dict[UUID, Content], by: Present) -> dict[str, Any]:
    """Whose result it is: a visit's, or that of a test which was set aside too."""
    begun = opened.get(content.visit)
    if isinstance(begun, Started):
        return _person(begun.told)
    visit = Visit.objects.filter(pk=content.visit, pharmacy=by.pharmacy).first()
    try:
        patient = open_draft(visit, by.keys).patient if visit else None
    except SealingError:
        patient = None
    return {"name": labels.patient(patient), "born": f"{patient.birth_date:%d/%m/%Y}"} if patient else {"name": _("nobody known")}


def _wrong(content: Started, by: Present) -> list[str]:
    form = PatientForm(asdict(content.told), today=by.pharmacy.day(content.at))
    return [f"{form[name].label}: {errors[0]}" for name, errors in form.errors.items() if name in form.fields]
