"""Who may send plain: the authority registers an establishment for a software that was approved."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit import states
from sceau.core.audit.events import Event
from sceau.core.audit.states import GONE, State
from sceau.core.codes.identifiers import Finess
from sceau.core.problems import ProblemType
from sceau.registry.approvals import quota
from sceau.registry.approvals.enums import Format
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.models import Software
from sceau.registry.approvals.policies import check_may_send
from sceau.registry.approvals.quota import Quota
from sceau.registry.submissions.checks import sender_state
from sceau.registry.submissions.errors import CertificateTaken
from sceau.registry.submissions.models import Sender

_LEFT = quota.LEFT.format(software="approvals_software", at="%s::timestamptz")


@transaction.atomic
def register(
    software: Software, finess: Finess, *, name: str, time_zone: str, certificate: bytes | None, by: str, at: datetime
) -> Sender:
    """Registered again, name, zone and certificate (a SHA-256) are those given last. Raises `CertificateTaken`, and
    `ZoneInfoNotFoundError` for a zone that nobody knows.
    """
    told = {"name": name, "time_zone": ZoneInfo(time_zone).key, "certificate": certificate, "registered_at": at}
    try:
        with transaction.atomic():
            sender, _ = Sender.objects.update_or_create(software=software, finess=finess, defaults=told)
    except IntegrityError:
        raise CertificateTaken from None
    states.tell([sender_state(sender)], event=Event.SENDER_REGISTERED, by=by, keyholder=keyholder(), at=at)
    return sender


@transaction.atomic
def end(software: Software, finess: Finess, *, by: str, at: datetime) -> bool:
    """From the next call on this software speaks for that establishment no more; False if it never did."""
    sender = Sender.objects.select_for_update().filter(software=software, finess=finess).first()
    if sender is None:
        return False
    gone = State(sender_state(sender).subject, 0, GONE)
    sender.delete()
    states.tell([gone], event=Event.SENDER_ENDED, by=by, keyholder=keyholder(), at=at)
    return True


def speaking(software: Software, finess: str) -> Sender:
    """For which establishment this software, which was found approved, speaks; raises `SoftwareRefused`."""
    known = finess.isascii() and finess.isalnum()
    found = Sender.objects.filter(software_id=software.id, finess=finess).first() if known else None
    if found is None:
        raise SoftwareRefused(ProblemType.SENDER_UNKNOWN)
    return found


def coming_with(certificate: bytes, *, through: Format, at: datetime) -> tuple[Sender, Quota]:
    """Who comes by MLLP with the certificate of this SHA-256, if its software is approved now, and what is left of its quota; raises
    `SoftwareRefused`.
    """
    senders = Sender.objects.select_related("software").annotate(left=RawSQL(_LEFT, [at] * _LEFT.count("%s")))  # noqa: S611 - constants
    found = senders.filter(certificate=certificate).first()
    if found is None:
        raise SoftwareRefused(ProblemType.SENDER_UNKNOWN)
    check_may_send(found.software, through, on=timezone.localdate(at))
    left = Quota(*found.left)
    quota.check(left, at=at)
    return found, left
