"""Telling every officer by e-mail what the keyholder has written down as decided, whatever a page said that asked for the touch.

The worker asks the keyholder, and sends: neither the web process nor its rows have a part in it. What was not handed over stays owed.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sceau.core import mail
from sceau.core.accounts.keyholder import keyholder
from sceau.core.accounts.people import Person
from sceau.core.doctor import Finding
from sceau.core.keyholder.secret_verbs import OpenStaff
from sceau.core.keyholder.software_verbs import Decided, Decisions, Heard
from sceau.registry.approvals.models import Officer, Software

PAGES = "sceau.registry.config.urls"
_LATE = timedelta(minutes=10)


def announce() -> bool:
    """Whether nothing is owed any more. Raises `KeyholderError`."""
    if not (owed := _owed()):
        return True
    officers = _officers()
    addresses = _addresses(officers)
    if addresses and not mail.set_up():
        return False
    firms = _publishers(owed)
    texts = [(name, *_written(one, officers, firms)) for name, one in owed]
    told = [name for name, subject, text in texts if _told(addresses, subject, text)]
    keyholder().ask(Heard(told))
    return len(told) == len(owed)


def findings() -> Iterator[Finding]:
    """What `sceau doctor` says of decisions that no officer heard of."""
    late = [one for _name, one in _owed() if timezone.now() - one.at > _LATE]
    if late and (settings.DECISIONS_EMAIL or Officer.objects.exists()):
        told = "; ".join(
            f"{one.row.name} {one.row.version}: {one.row.state} by {one.by} at {one.at:%Y-%m-%d %H:%M}" for one in late
        )
        yield Finding(
            2, f"decisions that no officer was told of: {told}", "Set EMAIL_HOST, or ask the officers whether they meant it."
        )


def _owed() -> list[tuple[str, Decided]]:
    owed: list[tuple[str, Decided]] = keyholder().ask(Decisions())
    return owed


def _officers() -> dict[str, Person]:
    """By the name that the keyholder has for them; whoever left, or does not open, is none."""
    users = [one.user for one in Officer.objects.filter(user__is_active=True).select_related("user")]
    asked = OpenStaff([(one.label, one.sealed_text) for one in users])
    texts: list[bytes | None] = keyholder().ask(asked) if users else []
    opened = {f"user:{user.pk}": text for user, text in zip(users, texts, strict=True) if text}
    return {name: Person(*msgspec.json.decode(text, type=tuple[str, ...])) for name, text in opened.items()}


def _addresses(officers: Mapping[str, Person]) -> list[str]:
    """Theirs, and the one that lies in no table, so that nobody who writes there can have it changed."""
    return list(filter(None, (settings.DECISIONS_EMAIL, *(one.email for one in officers.values()))))


def _publishers(owed: Sequence[tuple[str, Decided]]) -> dict[UUID, str]:
    about = {one.software for _name, one in owed}
    return dict(Software.objects.filter(pk__in=about).values_list("pk", "publisher__name"))


def _told(addresses: Sequence[str], subject: str, text: str) -> bool:
    """Whether one of them was, or there is nobody to tell; each is tried once, since others would get it again each minute."""
    sent = [mail.send(to, subject=subject, text=text) for to in addresses]
    return any(sent) or not sent


def _written(decided: Decided, officers: Mapping[str, Person], firms: Mapping[UUID, str]) -> tuple[str, str]:
    """Subject and text, in both languages: nobody has told the registry which one an officer reads."""
    by = officers[decided.by].name if decided.by in officers else decided.by
    paragraphs = [_paragraph(language, decided, by, firms.get(decided.software, "")) for language in ("fr", "en")]
    return f"{decided.row.name} {decided.row.version}: {decided.row.state}", "\n\n".join(paragraphs)


def _paragraph(language: str, decided: Decided, by: str, firm: str) -> str:
    row = decided.row
    told = {"by": by, "at": _moment(decided.at), "software": f"{row.name} {row.version} ({firm})", "state": row.state}
    days = f"{row.starts_on or ''}/{row.ends_on or ''}"
    told |= {"formats": ", ".join(row.formats), "diseases": ", ".join(row.diseases) or "*", "days": days}
    told |= {"quota": ", ".join(map(str, row.quota)), "keys": ", ".join(decided.keys) or "-"}
    told |= {"page": settings.PUBLIC_URL + reverse("approval", PAGES, [decided.software])}
    with translation.override(language):
        return (
            _(
                "On %(at)s, by the word of %(by)s, the keyholder wrote down: %(software)s is %(state)s. Formats: %(formats)s. "
                "Diseases: %(diseases)s. Days: %(days)s. Reports a minute and a day, bytes a minute and a day: %(quota)s. Keys "
                "taken: %(keys)s. If this is not what was meant, suspend it at once, from another device, and tell the registry's "
                "operator: %(page)s"
            )
            % told
        )


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%d/%m/%Y %H:%M")
