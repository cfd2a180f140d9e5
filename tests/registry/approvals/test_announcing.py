"""Every officer hears from the worker what the keyholder wrote down, whatever the page said; without mail doctor says so."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone
from structlog.testing import capture_logs
from tests.plugins.services import acting
from tests.registry.world import Publisher, farid

from sceau.core.accounts import actions as accounts
from sceau.core.accounts.models import User
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.software_verbs import Decisions, Heard
from sceau.core.mail import NOWHERE
from sceau.registry.approvals import actions, announcing, publishers
from sceau.registry.approvals.enums import Act
from sceau.registry.approvals.models import Decision, Key, Officer
from sceau.registry.approvals.quota import Quota
from sceau.registry.jobs.decisions import decisions


@pytest.fixture
def officer(publisher: Publisher, keys: RegistryClient) -> User:
    """Farid, with everything told that was decided before."""
    user = farid()
    heard(keys)
    return user


def heard(keys: RegistryClient) -> None:
    keys.ask(Heard([name for name, _ in keys.ask(Decisions())]))


def announced() -> bool:
    with acting("registry_worker"):
        return announcing.announce()


def test_every_officer_is_told_once_what_was_decided(officer: User, publisher: Publisher) -> None:
    other = accounts.create(email="awa@sante.example", name="Awa").user
    publishers.appoint(other, title="Ministère", by="operator", at=timezone.now())
    publisher.decided(Act.SUSPEND)
    assert [announced(), announced()] == [True, True]
    assert sorted(to for one in mail.outbox for to in one.to) == sorted([officer.email, "awa@sante.example"])
    told = mail.outbox[0]
    assert told.subject == "Sceau Comptoir 0.1: suspended"
    assert f"/approvals/{publisher.software.pk}/" in told.body


def test_it_is_what_the_keyholder_knows_and_not_what_rows_say(officer: User, publisher: Publisher) -> None:
    """Whoever had a touch for something else writes what he likes into the tables that the page reads."""
    waits = Key.objects.create(
        thumbprint="x" * 43,
        software=publisher.software,
        jwk=publisher.software.keys.get().jwk,
        added_at=timezone.now(),
        waits=True,
    )
    publisher.software.formats = ["sealed", "csv"]
    publisher.software.save()
    actions.decide(
        publisher.software, act=Act.APPROVE, reason="x", authority="x", by="operator", at=timezone.now(), taking=[waits]
    )
    actions.limit(publisher.software, quota=Quota(reports_a_day=77), by="operator", at=timezone.now())
    Decision.objects.all().delete()
    publisher.software.formats = ["sealed"]
    publisher.software.save()
    announced()
    first, second = (one.body for one in mail.outbox)
    assert "sealed, csv" in first
    assert "77" in second


def test_what_a_publisher_does_is_told_to_nobody(officer: User, publisher: Publisher) -> None:
    actions.describe(publisher.software.publisher, name="Neuf", version="1", by="user:1", at=timezone.now())
    assert announced()
    assert mail.outbox == []


def test_without_a_mail_server_it_stays_owed_and_doctor_names_it(
    officer: User, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.decided(Act.SUSPEND)
    with override_settings(EMAIL_BACKEND=NOWHERE):
        assert not announced()
    assert list(announcing.findings()) == []
    late = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr("django.utils.timezone.now", lambda: late)
    (found,) = announcing.findings()
    assert "Sceau Comptoir 0.1: suspended by operator" in found.what
    assert announced()
    assert list(announcing.findings()) == []


def test_where_there_is_no_officer_nothing_is_owed(officer: User, publisher: Publisher) -> None:
    Officer.objects.all().delete()
    publisher.decided(Act.SUSPEND)
    assert [announced(), mail.outbox] == [True, []]


@override_settings(DECISIONS_EMAIL="homologations@sante.example")
def test_the_address_that_lies_in_no_table_is_told_whatever_becomes_of_the_officers(officer: User, publisher: Publisher) -> None:
    accounts.close(officer)
    Officer.objects.all().delete()
    publisher.decided(Act.SUSPEND)
    assert announced()
    assert [one.to for one in mail.outbox] == [["homologations@sante.example"]]


def test_an_officer_who_left_is_told_nothing(officer: User, publisher: Publisher) -> None:
    accounts.close(officer)
    publisher.decided(Act.SUSPEND)
    assert announced()
    assert mail.outbox == []


def test_nobody_waits_for_an_address_that_fails(officer: User, publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are told once, not each minute."""
    publishers.appoint(accounts.create(email="x@y.example", name="X").user, title="x", by="operator", at=timezone.now())
    sent = list[str]()

    def send(to: str, **_: str) -> bool:
        sent.append(to)
        return to != "x@y.example"

    monkeypatch.setattr("sceau.core.mail.send", send)
    publisher.decided(Act.SUSPEND)
    assert [announced(), announced(), len(sent)] == [True, True, 2]


def test_the_job_says_so_where_nobody_can_be_told_and_goes_on(
    officer: User, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sceau.registry.jobs.decisions.close_old_connections", lambda: None)
    publisher.decided(Act.SUSPEND)
    with override_settings(EMAIL_BACKEND=NOWHERE), capture_logs() as logged:
        decisions(0)
    assert [one["log_level"] for one in logged] == ["warning"]
    with capture_logs() as logged:
        decisions(0)
    assert (logged, len(mail.outbox)) == ([], 1)
