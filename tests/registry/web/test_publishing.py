"""Gaëlle's pages: an account, a product, its key, its request. Nobody else's product is there for her, and nobody else is let in."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.core.keyholder.world import approving
from tests.plugins.services import acting
from tests.registry.approvals.test_keys import PRIVATE
from tests.registry.world import AT, LILAS, Publisher, Sender, arrive, farid, final, gaelle, owner, public_jwk, shown, signed_in

from sceau.core.accounts import actions as accounts
from sceau.core.accounts.models import User
from sceau.core.audit.models import Entry
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.mail import NOWHERE
from sceau.registry.approvals import actions
from sceau.registry.approvals.enums import Act
from sceau.registry.approvals.models import Decision, Key, Member, Software
from sceau.registry.approvals.models import Publisher as Firm
from sceau.registry.intake.actions import take_in

PASSWORD = "un long mot de passe"
ASK = {"firm": "Gaëlle Logiciels", "name": "Gaëlle", "email": "gaelle@logiciels.example"}
QUERIES = 12


@pytest.fixture(autouse=True)
def unhurried(db: None) -> None:
    cache.clear()


@pytest.fixture
def her(db: None) -> Client:
    return signed_in(gaelle())


@pytest.fixture
def product(her: Client) -> Software:
    her.post("/products/", {"name": "GaëllePharma", "version": "1.0"})
    return Software.objects.get(name="GaëllePharma")


def path(software: Software, act: str = "") -> str:
    return f"/products/{software.pk}/{act}"


def upload(client: Client, software: Software, jwk: str, overlap: int = 7) -> Any:
    return client.post(path(software, "key"), {"jwk": jwk, "overlap": overlap})


def test_the_code_that_comes_by_e_mail_opens_her_account(client: Client, db: None) -> None:
    with acting("registry_web"):
        assert client.post("/publishers/register", ASK).status_code == 200
    code = re.search(r"^[0-9A-Z-]{30,}$", str(mail.outbox[0].body), re.MULTILINE)
    assert code
    form = {"email": ASK["email"], "recovery": code[0], "password": PASSWORD, "again": PASSWORD}
    assert client.post("/accounts/recover/", form).templates[0].name == "accounts/kit.html"
    member = Member.objects.get()
    assert (member.publisher.name, member.user.email) == (ASK["firm"], ASK["email"])
    assert Entry.objects.get(event="publisher-registered").subject == f"user:{member.user_id}"


def test_without_a_mail_server_nothing_is_promised_and_no_account_is_made(client: Client, db: None) -> None:
    with override_settings(EMAIL_BACKEND=NOWHERE):
        answer = client.post("/publishers/register", ASK)
    assert (answer.status_code, Member.objects.count()) == (503, 0)
    assert "aucun serveur de messagerie" in answer.content.decode()


def test_whoever_has_an_account_is_told_so_by_e_mail_and_nobody_else_is(client: Client, db: None) -> None:
    new = client.post("/publishers/register", ASK).content
    accounts.create(email="known@logiciels.example", name="Known")
    known = client.post("/publishers/register", ASK | {"email": "known@logiciels.example"}).content
    varying = re.compile(rb'(?:value|nonce)="[^"]+"')
    assert varying.sub(b"", new) == varying.sub(b"", known)
    assert "recover" in mail.outbox[1].body
    assert Firm.objects.count() == 1


def test_asked_again_before_it_was_opened_the_code_before_is_dead(client: Client, db: None) -> None:
    for _ in range(2):
        client.post("/publishers/register", ASK)
    assert Member.objects.filter(user__is_active=True).count() == 1
    assert mail.outbox[0].body != mail.outbox[1].body


def test_an_account_that_was_opened_is_not_taken_over_by_asking_again(client: Client, db: None) -> None:
    user = gaelle(email=ASK["email"])
    client.post("/publishers/register", ASK)
    assert User.objects.get(pk=user.pk).is_active
    assert Member.objects.count() == 1


def test_a_sixth_request_within_the_hour_waits(client: Client, db: None) -> None:
    asked = [client.post("/publishers/register", ASK | {"email": f"g{n}@logiciels.example"}).status_code for n in range(6)]
    assert asked == [200] * 5 + [429]


def test_from_a_product_to_a_request(her: Client, product: Software) -> None:
    with acting("registry_web"):
        assert upload(her, product, public_jwk()).status_code == 302
        shown(product)
        assert her.post(path(product, "submit")).status_code == 302
    decision = Decision.objects.get()
    assert (decision.state, decision.by, decision.software) == ("submitted", "Gaëlle Logiciels", product)
    assert {one.by for one in Entry.objects.filter(subject=f"software:{product.pk}")} == {f"user:{Member.objects.get().user_id}"}


def test_the_same_version_is_described_once(her: Client, product: Software) -> None:
    again = her.post("/products/", {"name": product.name, "version": product.version})
    assert (again.status_code, Software.objects.count()) == (422, 1)
    assert her.post("/products/", {"name": product.name, "version": "1.1"}).status_code == 302


def test_without_a_passed_bench_nothing_is_asked(her: Client, product: Software) -> None:
    upload(her, product, public_jwk())
    her.post(path(product, "submit"))
    assert Software.objects.get().state == "draft"


def test_a_private_key_is_warned_of_loudly_and_not_shown_again(her: Client, product: Software) -> None:
    told = upload(her, product, json.dumps(PRIVATE))
    assert told.status_code == 422
    page = told.content.decode()
    assert "STOP" in page
    assert 'role="alert"' in page
    assert PRIVATE["d"] not in page
    assert not Key.objects.exists()


def test_a_key_is_changed_with_the_overlap_she_chose(her: Client, product: Software) -> None:
    upload(her, product, public_jwk())
    upload(her, product, public_jwk(), overlap=2)
    ends = Key.objects.get(ends_at__isnull=False).ends_at
    assert ends
    assert 1 <= (ends - timezone.now()).days <= 2


def test_an_open_browser_left_alone_changes_no_key(her: Client, product: Software) -> None:
    session = her.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
    told = upload(her, product, public_jwk())
    assert "/accounts/reauthenticate/" in told.headers["Location"]
    assert not Key.objects.exists()


ACTS = ("", "key", "key/end", "submit", "take-back", "sent/", "sent/days.csv", "sent/refused.csv", "sent/sent.json")


@pytest.mark.parametrize("act", ACTS)
def test_another_publishers_product_is_not_there(her: Client, product: Software, act: str) -> None:
    other = signed_in(gaelle("Autre", "autre@logiciels.example"))
    upload(her, product, public_jwk())
    form = {"jwk": public_jwk(), "overlap": "7", "key": Key.objects.get().pk}
    ask = other.get if act == "" or act.startswith("sent/") else other.post
    assert ask(path(product, act), form).status_code == 404
    assert Key.objects.get().ends_at is None


@pytest.mark.parametrize("who", ["staff", "authority", "owner"])
def test_nobody_but_a_publisher_is_let_in(her: Client, product: Software, who: str) -> None:
    made: dict[str, Callable[[], User]] = {
        "staff": lambda: accounts.create(email="s@registry.example", name="S").user,
        "authority": farid,
        "owner": lambda: owner(LILAS, "bruno@example.org"),
    }
    client = signed_in(made[who]())
    assert [client.get(one).status_code for one in ("/products/", path(product))] == [403, 403]


@pytest.mark.parametrize("page", ["/approvals/", "/my-pharmacy/", "/design/"])
def test_a_publisher_is_let_in_nowhere_else(her: Client, page: str) -> None:
    assert her.get(page).status_code == 403
    assert her.get("/").headers["Location"] == "/products/"
    assert her.get("/software/").status_code == 200


def test_a_product_asks_the_database_as_often_with_one_key_as_with_two(
    her: Client, product: Software, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(2):
        upload(her, product, public_jwk())
        with django_assert_max_num_queries(QUERIES):
            her.get(path(product))


def test_she_reads_how_much_it_may_send(her: Client, product: Software) -> None:
    Software.objects.filter(pk=product.pk).update(reports_a_minute=1_234, reports_a_day=56_789)
    page = her.get(path(product), headers={"Accept-Language": "en"}).content.decode()
    assert "1,234 reports a minute" in page
    assert "56,789 a day" in page


def test_pages_are_only_read(her: Client, product: Software) -> None:
    assert her.post(path(product)).status_code == 405
    assert her.get(path(product, "submit")).status_code == 405


def test_taken_back_it_is_a_draft_again(her: Client, product: Software) -> None:
    upload(her, product, public_jwk())
    shown(product)
    actions.submit(product, by="user:1", at=timezone.now())
    her.post(path(product, "take-back"))
    assert Software.objects.get().state == "draft"


def test_the_publisher_reads_why_it_was_refused(her: Client, product: Software, publisher: Publisher) -> None:
    Software.objects.filter(pk=product.pk).update(state="submitted")
    product.refresh_from_db()
    Publisher(product, publisher.key).decided(Act.REFUSE, reason="perd des résultats")
    assert "perd des résultats" in her.get(path(product)).content.decode()


def test_what_it_sent_is_reconciled_by_numbers_and_envelopes_alone(
    her: Client, product: Software, publisher: Publisher, lilas: Sender, keys: RegistryClient
) -> None:
    """Three reports of hers, one of them refused; another publisher's are not hers to see."""
    keys.ask(approving(product.pk))
    mine = lilas._replace(software=product.pk)
    one = final()
    mixed = arrive(mine.envelope(one, b"{}", final()))
    mine.arrive(one)
    lilas.arrive(final())
    take_in(keys, limit=10, at=AT)
    mine.arrive(final())
    with acting("registry_web"):
        page = her.get(path(product))
    sent = page.context["sent"]
    assert (sent.sent, sent.envelopes, sent.waiting, sent.set_aside) == (5, 3, 1, 0)
    assert sent.outcomes == {"recorded": 2, "duplicate": 1, "amended": 0, "cancelled": 0, "refused": 1}
    with acting("registry_web"):
        told = her.get(path(product, "sent/"))
    assert [(row.id, row.form, row.rows, row.of) for row in told.context["refused"]] == [(mixed, "sealed", [2], 3)]
    assert [(row["sums"].sent, row["sums"].open) for row in told.context["days"]] == []
    page = her.get(path(product))
    assert str(mixed) in told.content.decode()
    assert not any(word in told.content.decode() for word in ("LUNEVILLE", "Hugo", LILAS, str(one.id)))
    assert not any(word in page.content.decode() for word in ("LUNEVILLE", "Hugo", LILAS, str(one.id)))
