"""Farid's pages: what waits, the decision with its reason, and what the doors and the list make of it at once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.plugins.services import acting
from tests.registry.tracing import ORIGIN, Tracer, answer, authority, decoded
from tests.registry.world import FARID, LILAS, Publisher, Sender, farid, final, gaelle, owner, public_jwk, send, shown, signed_in

from sceau.core import mail
from sceau.core.accounts import actions as accounts
from sceau.core.accounts.models import User
from sceau.core.audit.models import Entry
from sceau.core.keyholder.clients import RegistryClient
from sceau.demo.authenticator import Passkey
from sceau.registry.agents.models import Appointment, Role
from sceau.registry.approvals import keys, suspicions
from sceau.registry.approvals.models import Decision, Key, Software, Suspicion
from sceau.registry.approvals.suspicions import Told
from sceau.registry.intake.actions import take_in
from sceau.registry.intake.models import InboxEnvelope

QUERIES = 12


@pytest.fixture
def officer(db: None) -> Tracer:
    """Farid, with the passkey that two members of the authority have enrolled."""
    user = farid()
    passkey = authority().enrol(f"user:{user.pk}", role=Role.AUTHORITY)
    Appointment.objects.create(user=user, role=Role.AUTHORITY, departments="", enrolled_at=timezone.now())
    return Tracer(user, signed_in(user), passkey)


@pytest.fixture
def his(officer: Tracer) -> Client:
    return officer.client


@pytest.fixture
def asked(publisher: Publisher) -> Software:
    """Software that waits for him."""
    Software.objects.update(state="submitted")
    shown(publisher.software)
    return publisher.software


def passing(user: User) -> Tracer:
    """Somebody with a passkey that nobody enrolled."""
    return Tracer(user, signed_in(user), Passkey(f"user:{user.pk}", origin=ORIGIN))


def approve(who: Tracer, software: Software, **scope: Any) -> Any:
    """With a touch for exactly this, where the page gives a challenge for it."""
    form = {"formats": ["sealed"], "reason": "conforme"} | scope
    touch = touches(who, software, "approve", form)
    return who.client.post(f"/approvals/{software.pk}/approve", form | {"answer": touch})


def decide(who: Tracer, software: Software, act: str, reason: str = "perd des résultats") -> Any:
    touch = touches(who, software, act, {"reason": reason})
    return who.client.post(f"/approvals/{software.pk}/decide/{act}", {"reason": reason, "answer": touch})


def touches(who: Tracer, software: Software, act: str, form: dict[str, Any]) -> str:
    """What the browser answers; nothing where it is asked nothing."""
    asked = who.client.post(f"/approvals/{software.pk}/touch/{act}", form)
    return answer(who.passkey.touched(decoded(asked.json()["challenge"]))) if asked.status_code == 200 else ""


def test_he_approves_within_a_scope(officer: Tracer, asked: Software) -> None:
    scope = {"formats": ["sealed", "fhir"], "diseases": ["covid-19"], "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    with acting("registry_web"):
        assert approve(officer, asked, **scope).status_code == 302
    now = Software.objects.get()
    assert (now.state, now.formats, now.diseases) == ("approved", ["fhir", "sealed"], ["covid-19"])
    assert (now.starts_on, now.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    decision = Decision.objects.order_by("-id")[0]
    assert (decision.by, decision.reason, decision.evidence) == (FARID, "conforme", asked.evidence.get())
    assert Entry.objects.filter(event="software-decided", by=officer.name).count() == 1


@pytest.mark.parametrize(
    "scope",
    [
        {"formats": []},
        {"formats": ["smoke"]},
        {"diseases": ["plague"]},
        {"starts_on": "2026-02-01", "ends_on": "2026-01-01"},
        {"ends_on": "bientôt"},
        {"reason": ""},
    ],
)
def test_a_scope_that_means_nothing_or_no_reason_changes_nothing(officer: Tracer, asked: Software, scope: dict[str, Any]) -> None:
    assert approve(officer, asked, **scope).status_code == 422
    assert Software.objects.get().state == "submitted"


def test_a_suspension_holds_at_the_very_next_request(
    officer: Tracer, client: Client, publisher: Publisher, lilas: Sender
) -> None:
    post = publisher.poster(client)
    assert send(post, [lilas.envelope(final())]).status_code == 200
    with acting("registry_web"):
        decide(officer, publisher.software, "suspend")
    told = send(post, [lilas.envelope(final())])
    assert (told.status_code, told.json()["detail"]) == (403, "perd des résultats")


@pytest.fixture
def waits(publisher: Publisher, as_web: None) -> Key:
    """A key that came bare once the product was approved."""
    return keys.add(publisher.software, public_jwk(), by="user:1", at=timezone.now())


def test_he_takes_a_key_that_waited_by_ticking_it(officer: Tracer, publisher: Publisher, waits: Key) -> None:
    assert waits.waits
    page = officer.client.get(f"/approvals/{publisher.software.pk}/").content.decode()
    assert f'value="{waits.pk}"> {waits.pk}' in page
    with acting("registry_web"):
        assert approve(officer, publisher.software, keys=[waits.pk]).status_code == 302
    assert [(one.waits, one.ends_at is None) for one in Key.objects.order_by("added_at")] == [(False, False), (False, True)]


def test_a_key_that_he_does_not_tick_goes_on_waiting(officer: Tracer, publisher: Publisher, waits: Key) -> None:
    """The near miss: nor does a touch for an approval without it take it, nor is another product's there to be ticked."""
    approve(officer, publisher.software)
    assert Key.objects.get(pk=waits.pk).waits
    form = {"formats": ["sealed"], "reason": "conforme"}
    touch = touches(officer, publisher.software, "approve", form)
    told = form | {"keys": [waits.pk], "answer": touch}
    answered = officer.client.post(f"/approvals/{publisher.software.pk}/approve", told, follow=True)
    assert "Rien n’a été décidé" in answered.content.decode()
    assert Key.objects.get(pk=waits.pk).waits
    assert approve(officer, publisher.software, keys=["x"]).status_code == 422


QUOTA = {"reports_a_minute": "5", "reports_a_day": "50", "bytes_a_minute": "5000000", "bytes_a_day": "50000000"}


def limit(who: Tracer, software: Software, **quota: str) -> Any:
    touch = touches(who, software, "quota", QUOTA | quota)
    return who.client.post(f"/approvals/{software.pk}/quota", QUOTA | quota | {"answer": touch})


def test_he_says_how_much_it_may_send(officer: Tracer, his: Client, publisher: Publisher) -> None:
    with acting("registry_web"):
        assert limit(officer, publisher.software).status_code == 302
    assert Software.objects.get().quota == (5, 50, 5_000_000, 50_000_000)
    assert 'value="50000000"' in his.get(f"/approvals/{publisher.software.pk}/").content.decode()
    assert Entry.objects.get(event="software-quota-set").by == officer.name


@pytest.mark.parametrize("quota", [{"reports_a_day": "0"}, {"bytes_a_day": ""}, {"bytes_a_minute": "1" * 20}])
def test_a_quota_that_means_nothing_changes_nothing(officer: Tracer, publisher: Publisher, quota: dict[str, str]) -> None:
    before = publisher.software.quota
    assert limit(officer, publisher.software, **quota).status_code == 422
    assert Software.objects.get().quota == before


@pytest.mark.parametrize("who", [gaelle, lambda: owner(LILAS, "bruno@example.org")])
def test_nobody_else_says_how_much(publisher: Publisher, who: Callable[[], User]) -> None:
    assert limit(passing(who()), publisher.software).status_code == 403


@pytest.mark.parametrize(("act", "state"), [("suspend", "suspended"), ("withdraw", "withdrawn"), ("refuse", "approved")])
def test_what_can_be_done_from_where_it_stands(officer: Tracer, publisher: Publisher, act: str, state: str) -> None:
    assert decide(officer, publisher.software, act).status_code == 302
    assert Software.objects.get().state == state


@pytest.mark.parametrize("act", ["approve", "submit", "take-back", "x"])
def test_no_other_act_has_an_address(officer: Tracer, asked: Software, act: str) -> None:
    assert decide(officer, asked, act).status_code == 404


@pytest.mark.parametrize("act", ["refuse", "suspend", "withdraw"])
def test_nothing_is_decided_without_a_reason(officer: Tracer, publisher: Publisher, act: str) -> None:
    decide(officer, publisher.software, act, reason=" ")
    assert Software.objects.get().state == "approved"


def test_an_open_browser_left_alone_decides_nothing(his: Client, publisher: Publisher) -> None:
    """Nobody is there to touch."""
    for act, form in (("decide/suspend", {"reason": "x"}), ("approve", {"formats": ["sealed"], "reason": "x"})):
        answered = his.post(f"/approvals/{publisher.software.pk}/{act}", form, follow=True)
        assert "votre clé d’accès n’a pas été touchée" in answered.content.decode()
    now = Software.objects.get()
    assert (now.state, now.formats) == ("approved", publisher.software.formats)


def test_a_touch_for_another_decision_or_an_old_page_decides_nothing(officer: Tracer, publisher: Publisher) -> None:
    """What an intruder in the web process may do: have somebody touch for something else than he decides."""
    one, form = publisher.software, {"formats": ["sealed"], "reason": "conforme"}
    other = Publisher.approved("Another").software
    for touch in (
        touches(officer, one, "approve", form | {"reason": "autre"}),
        touches(officer, one, "approve", form | {"formats": ["sealed", "fhir"]}),
        touches(officer, one, "suspend", form),
        touches(officer, other, "approve", form),
    ):
        answered = officer.client.post(f"/approvals/{one.pk}/approve", form | {"answer": touch}, follow=True)
        assert "cette touche était pour autre chose" in answered.content.decode()
    assert not Decision.objects.filter(software=one, reason="conforme").exists()
    approve(officer, one)
    assert Decision.objects.filter(software=one, reason="conforme").count() == 1


def test_an_officer_whose_passkey_nobody_enrolled_sees_and_decides_nothing(publisher: Publisher) -> None:
    """The near miss: an officer with a title and without a touch that counts."""
    client = signed_in(farid())
    page = client.get(f"/approvals/{publisher.software.pk}/").content.decode()
    assert "Ma clé d’accès" in page
    assert "/decide/suspend" not in page
    for path in ("decide/suspend", "approve", "touch/suspend"):
        form = {"reason": "x", "formats": ["sealed"]}
        assert client.post(f"/approvals/{publisher.software.pk}/{path}", form).status_code == 403
    assert Software.objects.get().state == "approved"


def test_a_row_approved_by_sql_opens_no_envelope(lilas: Sender, publisher: Publisher, keys: RegistryClient) -> None:
    """What a superuser writes (drill 28): its envelopes are set aside, and another's are taken in."""
    forged = Software.objects.create(
        publisher=publisher.software.publisher, name="Mallory", since=timezone.now(), state="approved"
    )
    strange, own = lilas._replace(software=forged.pk).arrive(final()), lilas.arrive(final())
    take_in(keys, limit=10, at=timezone.now())
    assert {one.pk: one.state for one in InboxEnvelope.objects.all()} == {strange: "set-aside", own: "done"}


def test_what_a_publisher_has_not_shown_is_not_there(his: Client, asked: Software) -> None:
    Software.objects.update(state="draft")
    assert his.get(f"/approvals/{asked.pk}/").status_code == 404
    assert str(asked.pk) not in his.get("/approvals/").content.decode()


@pytest.mark.parametrize("who", ["staff", "publisher", "owner"])
def test_nobody_but_the_authority_is_let_in(publisher: Publisher, who: str) -> None:
    """The near miss: staff of the registry, signed in with a second factor, whom nobody appointed."""
    made: dict[str, Callable[[], User]] = {
        "staff": lambda: accounts.create(email="s@registry.example", name="S").user,
        "publisher": gaelle,
        "owner": lambda: owner(LILAS, "bruno@example.org"),
    }
    stranger = passing(made[who]())
    client = stranger.client
    pages = [client.get(one).status_code for one in ("/approvals/", f"/approvals/{publisher.software.pk}/")]
    acts = [decide(stranger, publisher.software, "suspend").status_code, approve(stranger, publisher.software).status_code]
    assert pages + acts == [403] * 4
    assert Software.objects.get().state == "approved"


def test_a_report_is_sealed_as_it_comes_in_read_by_the_authority_and_gone_once_closed(his: Client) -> None:
    row = suspicions.report(Told("Francetest", "vu sur une affiche", "amina@lilas.example"), at=timezone.now())
    assert b"Francetest" not in bytes(Suspicion.objects.get().sealed)
    with acting("registry_web"):
        page = his.get("/approvals/").content.decode()
        assert "Francetest" in page
        assert "amina@lilas.example" in page
        his.post(f"/approvals/suspicions/{row.pk}/close")
    assert "Francetest" not in his.get("/approvals/").content.decode()
    assert bytes(Suspicion.objects.get().sealed) == b""
    assert {one.event for one in Entry.objects.filter(subject=f"suspicion:{row.pk}")} == {
        "suspicion-reported",
        "suspicion-closed",
    }


def test_his_pages_ask_the_database_as_often_however_many_there_are(
    his: Client, asked: Software, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        Publisher.approved(f"Another {number}")
        for page in ("/approvals/", f"/approvals/{asked.pk}/"):
            with django_assert_max_num_queries(QUERIES):
                assert his.get(page).status_code == 200


@pytest.mark.parametrize(("backend", "said"), [("locmem", "reçoivent un courriel"), ("dummy", "personne ne reçoit de courriel")])
def test_the_page_promises_an_e_mail_where_one_can_be_sent(his: Client, publisher: Publisher, backend: str, said: str) -> None:
    with override_settings(EMAIL_BACKEND=f"django.core.mail.backends.{backend}.EmailBackend"):
        assert said in his.get(f"/approvals/{publisher.software.pk}/").content.decode()
        assert [one.danger for one in mail.findings()] == ([3] if backend == "dummy" else [])
