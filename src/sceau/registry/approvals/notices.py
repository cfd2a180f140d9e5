"""The e-mails that the owners of pharmacies are owed when the software that served them is suspended or withdrawn.

What is owed is a row, written with the decision; the job finds it, and has no argument. Addresses are opened by the keyholder when
the e-mail is sent, and nowhere else.
"""

from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from sceau.core import mail
from sceau.core.accounts.keyholder import keyholder
from sceau.core.accounts.people import Person
from sceau.core.jobs import wake
from sceau.core.keyholder.secret_verbs import OpenStaff
from sceau.registry.approvals.enums import ApprovalState
from sceau.registry.approvals.models import Decision, Notice

NOTICES = "registry.notices"
SERVED = timedelta(days=90)
_OWE = """
insert into approvals_notice (decision_id, user_id)
select %s, owner.user_id from pharmacies_owner owner join accounts_user u on u.id = owner.user_id and u.is_active
where owner.finess in (select distinct finess from intake_inboxenvelope where software_id = %s and received_at > %s)
   or owner.finess in (select distinct finess from pharmacies_key where software_id = %s and state = 'enrolled')
on conflict do nothing
"""


def owe(decision: Decision, *, at: datetime) -> int:
    """To every owner of a pharmacy for which that software sent within three months, or holds the confirmed key; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute(_OWE, [decision.pk, decision.software_id, at - SERVED, decision.software_id])
        owed = int(cursor.rowcount)
    if owed:
        wake(NOTICES)
    return owed


def send_all(*, at: datetime) -> bool:
    """Sends what is owed; whether all of it was handed over. Raises `KeyholderError`."""
    owed = list(
        Notice.objects.filter(sent_at__isnull=True).select_related("user", "decision__software__publisher").order_by("id")
    )
    asked = [(one.user.label, one.user.sealed_text) for one in owed]
    texts: list[bytes | None] = keyholder().ask(OpenStaff(asked)) if owed else []
    sent = [_sent(one, text, at) for one, text in zip(owed, texts, strict=True)]
    return all(sent)


def _sent(notice: Notice, sealed: bytes | None, at: datetime) -> bool:
    """One whose account was closed, or does not open, is owed nothing any more."""
    person = Person(*msgspec.json.decode(sealed, type=tuple[str, ...])) if sealed else Person()
    if person.email and not mail.send(person.email, subject=_subject(notice.decision), text=_text(notice.decision)):
        return False
    Notice.objects.filter(pk=notice.pk).update(sent_at=at)
    return True


def _subject(decision: Decision) -> str:
    return f"{decision.software}: {_state('fr', decision)} / {_state('en', decision)}"


def _text(decision: Decision) -> str:
    """In both languages: nobody has told the registry which one an owner reads."""
    return "\n\n".join(_paragraph(language, decision) for language in ("fr", "en"))


def _state(language: str, decision: Decision) -> str:
    with translation.override(language):
        return _("suspended") if decision.state == ApprovalState.SUSPENDED else _("withdrawn")


def _paragraph(language: str, decision: Decision) -> str:
    told = {"software": f"{decision.software} ({decision.software.publisher})", "state": _state(language, decision)}
    told |= {"reason": decision.reason, "list": settings.PUBLIC_URL + reverse("software_list")}
    with translation.override(language):
        return (
            _(
                "%(software)s, with which your pharmacy sent results to the registry, is %(state)s: the registry takes nothing from it "
                "any more. Reason: %(reason)s. What it has not sent yet stays with it: ask its publisher. The list: %(list)s"
            )
            % told
        )
