"""Who may send plain: registered by the authority, told to the log, ended from the next call on."""

from zoneinfo import ZoneInfoNotFoundError

import pytest
from django.db import connection
from django.utils import timezone
from tests.plugins.services import acting, break_table
from tests.registry.doors.plain import registered
from tests.registry.world import FARID, LILAS, OTHER, Publisher

from sceau.core.audit.checks import CHECKS
from sceau.core.audit.models import Entry
from sceau.core.audit.whole import look
from sceau.core.keyholder.clients import RegistryClient
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.submissions import senders
from sceau.registry.submissions.errors import CertificateTaken
from sceau.registry.submissions.models import Sender

ONE, OTHERS = bytes(32), bytes(31) + b"\1"


def faults(keys: RegistryClient) -> list[str]:
    return list(CHECKS["sender"].faults(keys, lambda done: None))


def test_the_log_knows_who_was_registered_changed_and_ended(publisher: Publisher, keys: RegistryClient) -> None:
    registered(publisher, LILAS, certificate=ONE)
    registered(publisher, LILAS, certificate=OTHERS)
    assert (Sender.objects.count(), faults(keys)) == (1, [])
    assert senders.end(publisher.software, LILAS, by=FARID, at=timezone.now())
    assert (Sender.objects.count(), faults(keys)) == (0, [])
    told = list(Entry.objects.filter(subject__startswith="sender:").order_by("at").values_list("event", flat=True))
    assert told == ["sender-registered", "sender-registered", "sender-ended"]


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        ("update submissions_sender set finess = '690000005'", "changed"),
        ("update submissions_sender set certificate = sha256('x')", "changed"),
        ("delete from submissions_sender", "1 deleted"),
        (
            "insert into submissions_sender select gen_random_uuid(), '690000005', name, time_zone, null, registered_at, software_id"
            " from submissions_sender",
            "1 inserted",
        ),
    ],
)
def test_what_a_superuser_writes_is_named(publisher: Publisher, keys: RegistryClient, act: str, fault: str) -> None:
    registered(publisher, LILAS, certificate=ONE)
    with connection.cursor() as cursor:
        cursor.execute(act)
    (found,) = faults(keys)
    assert fault in found


def test_the_worker_looks_at_it_daily(publisher: Publisher, keys: RegistryClient) -> None:
    registered(publisher, LILAS)
    with acting("registry_worker"):
        assert look(keys, at=timezone.now()).faults == []


def test_who_was_ended_speaks_for_it_no_more_and_another_still_does(publisher: Publisher) -> None:
    other = Publisher.approved("Another")
    for each in (publisher, other):
        registered(each, LILAS)
    senders.end(publisher.software, LILAS, by=FARID, at=timezone.now())
    with pytest.raises(SoftwareRefused):
        senders.speaking(publisher.software, LILAS)
    assert senders.speaking(other.software, LILAS).finess == LILAS


def test_who_never_sent_cannot_be_ended(publisher: Publisher) -> None:
    assert not senders.end(publisher.software, LILAS, by=FARID, at=timezone.now())


def test_a_certificate_names_one_sender(publisher: Publisher) -> None:
    registered(publisher, LILAS, certificate=ONE)
    with pytest.raises(CertificateTaken):
        registered(publisher, OTHER, certificate=ONE)
    assert registered(publisher, OTHER, certificate=OTHERS).finess == OTHER


def test_a_time_zone_that_is_none_is_refused(publisher: Publisher) -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        senders.register(
            publisher.software, LILAS, name="Lilas", time_zone="Europe/Lilas", certificate=None, by=FARID, at=timezone.now()
        )


def test_if_the_log_fails_nobody_is_registered(publisher: Publisher) -> None:
    break_table("audit_entry")
    with pytest.raises(Exception, match="broken for a test"):
        registered(publisher, LILAS)
    assert not Sender.objects.exists()
