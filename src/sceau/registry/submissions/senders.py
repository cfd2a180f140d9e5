"""Who may send plain: the authority registers an establishment for a software that was approved."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit import states
from sceau.core.audit.events import Event
from sceau.core.codes.identifiers import Finess
from sceau.core.problems import ProblemType
from sceau.registry.approvals.enums import Format
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.models import Software
from sceau.registry.approvals.policies import check_may_send
from sceau.registry.submissions.checks import sender_state
from sceau.registry.submissions.errors import SenderExists
from sceau.registry.submissions.models import Sender


@transaction.atomic
def register(
    software: Software, finess: Finess, *, name: str, time_zone: str, certificate: bytes | None, by: str, at: datetime
) -> Sender:
    """`certificate` is a SHA-256. Raises `SenderExists`, and `ZoneInfoNotFoundError` for a zone that nobody knows."""
    fields = {"finess": finess, "name": name, "time_zone": ZoneInfo(time_zone).key, "certificate": certificate}
    try:
        with transaction.atomic():
            sender = Sender.objects.create(software=software, registered_at=at, **fields)
    except IntegrityError:
        raise SenderExists from None
    states.tell([sender_state(sender)], event=Event.SENDER_REGISTERED, by=by, keyholder=keyholder(), at=at)
    return sender


def speaking(software: Software, finess: str) -> Sender:
    """For which establishment this software, which was found approved, speaks; raises `SoftwareRefused`."""
    known = finess.isascii() and finess.isalnum()
    found = Sender.objects.filter(software_id=software.id, finess=finess).first() if known else None
    if found is None:
        raise SoftwareRefused(ProblemType.SENDER_UNKNOWN)
    return found


def coming_with(certificate: bytes, *, through: Format, at: datetime) -> Sender:
    """Who comes by MLLP with the certificate of this SHA-256, if its software is approved now; raises `SoftwareRefused`."""
    found = Sender.objects.select_related("software").filter(certificate=certificate).first()
    if found is None:
        raise SoftwareRefused(ProblemType.SENDER_UNKNOWN)
    check_may_send(found.software, through, on=timezone.localdate(at))
    return found
