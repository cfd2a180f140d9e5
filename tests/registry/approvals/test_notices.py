"""The owners of the pharmacies that suspended software served are told by e-mail; others are not; no address lies in a job or a row."""

import pytest
from django.core import mail
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from tests.plugins.services import acting
from tests.registry.world import AT, LILAS, OTHER, Publisher, Sender, arrive, final, owner

from sceau.core.accounts import actions as accounts
from sceau.core.accounts import people
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.secret_verbs import OpenStaff
from sceau.core.mail import NOWHERE
from sceau.registry.approvals import notices
from sceau.registry.approvals.enums import Act
from sceau.registry.approvals.models import Notice


@pytest.fixture
def served(publisher: Publisher, lilas: Sender) -> Publisher:
    """Bruno's pharmacy sent with it; the other pharmacy has an owner too."""
    owner(LILAS, "bruno@lilas.example")
    owner(OTHER, "chloe@ailleurs.example")
    arrive(lilas.envelope(final()), at=timezone.now())
    return publisher


def send() -> bool:
    with acting("registry_worker"):
        return notices.send_all(at=timezone.now())


@pytest.mark.parametrize(("act", "word"), [(Act.SUSPEND, "suspendu"), (Act.WITHDRAW, "retiré")])
def test_the_owner_of_a_pharmacy_that_sent_with_it_is_told_once_with_the_reason(served: Publisher, act: Act, word: str) -> None:
    served.decided(act, reason="perd des résultats")
    assert [send(), send()] == [True, True]
    (told,) = mail.outbox
    assert told.to == ["bruno@lilas.example"]
    assert word in told.subject
    assert "perd des résultats" in told.body
    assert "http://localhost/software/" in told.body


def test_of_other_software_and_of_an_approval_nobody_is_told(served: Publisher) -> None:
    Publisher.approved("Another").decided(Act.SUSPEND)
    served.decided(Act.APPROVE)
    assert Notice.objects.count() == 0


def test_what_it_sent_long_ago_counts_no_more(publisher: Publisher, lilas: Sender) -> None:
    owner(LILAS, "bruno@lilas.example")
    arrive(lilas.envelope(final()), at=AT)
    publisher.decided(Act.SUSPEND)
    assert Notice.objects.count() == 0


def test_an_owner_who_left_meanwhile_gets_nothing(served: Publisher) -> None:
    served.decided(Act.SUSPEND)
    accounts.close(Notice.objects.get().user)
    assert send()
    assert mail.outbox == []


def test_without_a_mail_server_it_stays_owed(served: Publisher) -> None:
    served.decided(Act.SUSPEND)
    with override_settings(EMAIL_BACKEND=NOWHERE):
        assert not notices.send_all(at=timezone.now())
    assert not Notice.objects.filter(sent_at__isnull=False).exists()
    assert notices.send_all(at=timezone.now())
    assert len(mail.outbox) == 1


def test_the_job_has_no_argument(served: Publisher) -> None:
    served.decided(Act.SUSPEND)
    with connection.cursor() as cursor:
        cursor.execute("select args::text from procrastinate_jobs where task_name = %s", [notices.NOTICES])
        assert cursor.fetchall() == [("{}",)]


def test_the_worker_may_open_addresses_and_no_second_factor(keys: RegistryClient) -> None:
    sealed = people.seal("second-factor/7", ["a seed"])
    named = people.seal("staff/7", ["Bruno", "bruno@lilas.example"])
    told = keys.ask(OpenStaff([("second-factor/7", sealed), ("staff/7", named)]))
    assert isinstance(told, list)
    assert [one is None for one in told] == [True, False]
