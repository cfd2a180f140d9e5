"""What pages show of a case and of its contacts, without anybody's name; and of somebody who is open, with it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sceau.core.accounts.models import User, open_all
from sceau.core.codes.loinc import Disease
from sceau.core.keyholder.agent_verbs import Agent
from sceau.core.web.fields import as_dialled
from sceau.core.web.labels import disease
from sceau.registry.agents.naming import pk_of
from sceau.registry.cases.models import Case, CaseState
from sceau.registry.contacts.models import Call, Contact, Outcome, Setting
from sceau.registry.web.tracing import words

_UNKNOWN = "–"


def colleagues(names: Iterable[str | None]) -> dict[str, str]:
    """What the agents of a page are called, in one question."""
    found = {f"user:{one.pk}": one for one in User.objects.filter(pk__in={pk_of(name) for name in names if name})}
    open_all(found.values())
    return {name: user.name for name, user in found.items()}


def case(one: Case, *, agent: Agent, at: datetime, called: Mapping[str, str]) -> dict[str, Any]:
    """`one` is of `cases.queries`, with what its finding tells."""
    return {
        "pk": one.pk,
        "disease": disease(Disease(one.disease)),
        "department": words.department(one.department),
        "taken_on": getattr(one, "taken_on", None),
        "age_class": words.age_class(getattr(one, "age_class", None)),
        "sex": words.sex(getattr(one, "sex", None)),
        "opened_at": one.opened_at,
        "waits": _waits(one.opened_at, at),
        "mine": one.claimed_by == agent.agent and one.done_at is None,
        "by": called.get(one.claimed_by or "", ""),
        "claimed_at": one.claimed_at,
        "done_at": one.done_at,
        "closed": one.state != CaseState.OPEN,
    }


def contact(one: Contact, nth: int) -> dict[str, Any]:
    """`nth` counts the contacts of their case."""
    return {
        "pk": one.pk,
        "nth": nth,
        "setting": words.SETTINGS[Setting(one.setting)],
        "last_on": one.last_on,
        "known": one.matched_at is not None,
        "calls": [_outcome(call) for call in one.calls.all()],
        "became": one.became_id,
    }


def call(one: Call, *, called: Mapping[str, str], notes: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "at": one.at,
        "outcome": _outcome(one),
        "by": called.get(one.by, ""),
        "noted": one.note is not None,
        "note": notes.get(one.pk, ""),
    }


def person(told: Mapping[str, Any]) -> dict[str, Any]:
    """Of a patient or a contact as the keyholder gave it."""
    where = told.get("address") or {}
    lines = [*(where.get("lines") or ()), " ".join(filter(None, (where.get("postal_code"), where.get("city"))))]
    born = told.get("birth_date")
    return {
        "family": told["family"],
        "given": " ".join(told["given"]),
        "used": " ".join(filter(None, (told.get("used_given"), told.get("used_family")))),
        "born": date.fromisoformat(born) if born else None,
        "sex": words.sex(told.get("sex")),
        "phone": told.get("phone"),
        "dialled": as_dialled(told.get("phone") or ""),
        "email": told.get("email"),
        "address": [line for line in lines if line],
        "ins": (told.get("ins") or {}).get("value"),
    }


def side_by_side(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Line by line, with whether both are known, and say the same."""
    labels = {
        "family": _("Birth name"),
        "given": _("First names"),
        "used": _("Used name"),
        "born": _("Birth date"),
        "sex": _("Sex"),
        "ins": _("INS number"),
        "dialled": _("Phone"),
        "email": _("E-mail"),
        "address": _("Address"),
    }
    mine, theirs = person(one), person(other)
    lines = ((label, _text(mine[name]), _text(theirs[name])) for name, label in labels.items())
    return [{"label": label, "one": a, "other": b, "known": _UNKNOWN not in (a, b), "same": a == b} for label, a, b in lines]


def _text(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return (", ".join(value) if isinstance(value, list) else value) or _UNKNOWN


def _outcome(one: Call) -> Any:
    return words.OUTCOMES[Outcome(one.outcome)]


def _waits(since: datetime, at: datetime) -> str:
    hours = int((at - since).total_seconds() // 3600)
    if not hours:
        return _("less than an hour")
    if hours < 48:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    return ngettext("%(count)s day", "%(count)s days", hours // 24) % {"count": hours // 24}
