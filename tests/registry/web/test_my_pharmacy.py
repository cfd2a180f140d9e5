"""The owner's page at the registry: Bruno compares the key that waits with what his counter shows, and decides. Nobody else can."""

import base64
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.plugins.services import acting, break_table
from tests.registry.world import LILAS, OTHER, Publisher, asks, invite, owner, signed_in

from sceau.core.accounts import actions as accounts
from sceau.core.accounts import recovery
from sceau.core.audit.models import Entry
from sceau.core.sealing import signing
from sceau.core.sealing.signing import fingerprint, key_digest
from sceau.core.sealing.slots import read_code
from sceau.registry.pharmacies import keys, owners
from sceau.registry.pharmacies.errors import AddressTaken
from sceau.registry.pharmacies.models import Key, Owner, Pharmacy

SEED, NEXT = bytes(range(32)), bytes(range(32, 64))
PASSWORD = "un long mot de passe"
QUERIES = 4


@pytest.fixture
def bruno(db: None) -> Client:
    return signed_in(owner(LILAS, "bruno@example.org"))


@pytest.fixture
def asked(bruno: Client, publisher: Publisher) -> str:
    """The counter's request; gives the key's digest."""
    return ask(publisher)


def ask(publisher: Publisher, seed: bytes = SEED) -> str:
    keys.ask(asks(seed), software=publisher.software, at=timezone.now())
    return key_digest(signing.public_bytes(seed))


def read(seed: bytes = SEED, groups: int = 4) -> str:
    """What Bruno reads from the counter's page."""
    return " ".join(fingerprint(signing.public_bytes(seed)).split()[-groups:])


def confirm(client: Client, digest: str, typed: str = "", **more: Any) -> Any:
    return client.post("/my-pharmacy/confirm", {"key": digest, "read": typed or read()}, **more)


def enrolled() -> list[bytes]:
    return [bytes(one.public_key) for one in Pharmacy.objects.all()]


def test_the_owner_confirms_what_the_counter_shows(bruno: Client, asked: str) -> None:
    with acting("registry_web"):
        page = bruno.get("/my-pharmacy/")
        assert page.context["waiting"]["digest"] == asked
        confirm(bruno, asked)
    assert enrolled() == [signing.public_bytes(SEED)]
    me = Owner.objects.get().user_id
    (told,) = Entry.objects.filter(event="pharmacy-enrolled")
    assert (told.by, told.subject) == (f"user:{me}", f"pharmacy:{LILAS}")
    assert base64.urlsafe_b64decode(told.purpose.split()[1] + "=").hex() == asked


def test_the_last_four_groups_are_nowhere_on_the_page(bruno: Client, asked: str) -> None:
    """They would be typed from here, and nothing compared. The digest names the key in the form, and is its fingerprint: see there."""
    shown = bruno.get("/my-pharmacy/").context["waiting"]["open"].split()
    assert shown == fingerprint(signing.public_bytes(SEED)).split()[:-4]


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        (read(), True),
        (read().replace(" ", "").upper(), True),
        (read(groups=16), True),
        (read(groups=3), False),
        (read(NEXT), False),
        ("0000 0000 0000 0000", False),
        (read() + "é", False),
    ],
)
def test_what_is_typed_is_compared(bruno: Client, asked: str, typed: str, right: bool) -> None:
    response = confirm(bruno, asked, typed)
    assert response.status_code == (302 if right else 422)
    assert bool(enrolled()) == right


def test_a_request_that_came_after_the_page_was_shown_is_not_confirmed_in_its_place(
    bruno: Client, asked: str, publisher: Publisher
) -> None:
    ask(publisher, NEXT)
    confirm(bruno, asked)
    assert enrolled() == []


def test_the_fingerprint_of_another_request_is_not_this_ones(bruno: Client, asked: str, publisher: Publisher) -> None:
    other = ask(publisher, NEXT)
    confirm(bruno, other, read(SEED))
    assert enrolled() == []


def test_a_confirmation_counts_once(bruno: Client, asked: str, publisher: Publisher) -> None:
    confirm(bruno, asked)
    confirm(bruno, ask(publisher, NEXT), read(NEXT))
    confirm(bruno, asked)
    assert enrolled() == [signing.public_bytes(NEXT)]
    assert Entry.objects.filter(event="pharmacy-enrolled").count() == 2


def test_the_key_before_ends_and_stays_in_the_history(bruno: Client, asked: str, publisher: Publisher) -> None:
    confirm(bruno, asked)
    confirm(bruno, ask(publisher, NEXT), read(NEXT))
    page = bruno.get("/my-pharmacy/", headers={"Accept-Language": "en"}).context
    assert page["enrolled"]["digest"] == key_digest(signing.public_bytes(NEXT))
    assert [(one["digest"], one["label"]) for one in page["earlier"]] == [(asked, "ended")]


def test_what_is_refused_is_dropped_and_told(bruno: Client, asked: str) -> None:
    with acting("registry_web"):
        bruno.post("/my-pharmacy/refuse", {"key": asked})
    confirm(bruno, asked)
    assert enrolled() == []
    assert Entry.objects.filter(event="key-refused", purpose=asked).count() == 1


def test_another_owner_decides_nothing_here(asked: str, publisher: Publisher) -> None:
    """The near miss: the same role, another pharmacy."""
    chloe = signed_in(owner(OTHER, "chloe@example.org"))
    assert chloe.get("/my-pharmacy/").context["waiting"] is None
    confirm(chloe, asked)
    chloe.post("/my-pharmacy/refuse", {"key": asked})
    assert (enrolled(), Key.objects.get().state) == ([], "requested")


def test_the_registrys_staff_decides_nothing_either(asked: str) -> None:
    farid = signed_in(accounts.create(email="farid@example.org", name="Farid").user)
    assert farid.get("/my-pharmacy/").status_code == 403
    assert confirm(farid, asked).status_code == 403
    assert enrolled() == []


def test_a_stranger_is_sent_to_sign_in(client: Client, asked: str) -> None:
    assert client.get("/my-pharmacy/").headers["Location"].startswith("/accounts/login/")
    assert confirm(client, asked).status_code == 302
    assert enrolled() == []


def test_a_page_left_open_asks_for_the_sign_in_again(bruno: Client, asked: str) -> None:
    session = bruno.session
    session["account_authentication_methods"] = [{"method": "password", "at": timezone.now().timestamp() - 301}]
    session.save()
    assert "/accounts/" in confirm(bruno, asked).headers["Location"]
    assert enrolled() == []


def test_another_site_cannot_confirm_in_her_name(bruno: Client, asked: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = bruno.cookies
    assert confirm(strict, asked).status_code == 403
    assert enrolled() == []


@pytest.mark.parametrize("path", ["/my-pharmacy/confirm", "/my-pharmacy/refuse"])
def test_a_decision_is_posted(bruno: Client, path: str) -> None:
    assert bruno.get(path).status_code == 405


@pytest.mark.parametrize("key", ["", "x", "0" * 64, "é" * 64])
def test_a_key_that_was_never_asked_for_is_not_confirmed(bruno: Client, asked: str, key: str) -> None:
    assert confirm(bruno, key).status_code in (302, 422)
    assert bruno.post("/my-pharmacy/refuse", {"key": key}).status_code == 302
    assert Key.objects.get().state == "requested"


def test_if_the_log_cannot_be_told_nothing_is_enrolled(bruno: Client, asked: str) -> None:
    break_table("audit_entry", when="new.event = 'pharmacy-enrolled'")
    with pytest.raises(Exception, match="broken for a test"):
        confirm(bruno, asked)


def test_an_owner_comes_to_this_page_and_reaches_no_other(bruno: Client) -> None:
    assert bruno.get("/").headers["Location"] == "/my-pharmacy/"
    assert bruno.post("/").status_code == 403
    assert bruno.get("/software/").status_code == 200
    assert bruno.get("/accounts/2fa/").status_code == 200


def test_the_page_asks_the_same_number_of_questions_however_long_the_history(
    bruno: Client, asked: str, publisher: Publisher, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for nth in range(3):
        ask(publisher, nth.to_bytes(32))
    with django_assert_max_num_queries(QUERIES + 2):
        bruno.get("/my-pharmacy/")


def test_the_sheet_opens_an_account_of_the_owners_own(client: Client, db: None) -> None:
    code = invite(LILAS, "bruno@example.org")
    with acting("registry_web"):
        opened = {"email": "bruno@example.org", "recovery": code, "password": PASSWORD, "again": PASSWORD}
        assert "code" in client.post("/accounts/recover/", opened).context
        page = client.post("/accounts/login/", {"login": "bruno@example.org", "password": PASSWORD}, follow=True)
    assert page.redirect_chain[-1][0] == "/accounts/2fa/totp/activate/"


def test_who_lost_everything_is_invited_again_and_the_account_before_is_closed(bruno: Client) -> None:
    code = invite(LILAS, "bruno@example.org")
    assert bruno.get("/my-pharmacy/").headers["Location"].startswith("/accounts/login/")
    assert recovery.recover(email="bruno@example.org", code=read_code(code), password=PASSWORD, at=timezone.now())


def test_an_address_of_the_staff_or_of_another_owner_is_not_invited(bruno: Client) -> None:
    accounts.create(email="farid@example.org", name="Farid")
    for finess, email in ((OTHER, "BRUNO@example.org"), (LILAS, "farid@example.org")):
        with pytest.raises(AddressTaken):
            invite(finess, email)


def test_a_dismissed_owner_decides_nothing_any_more_and_the_key_stays(bruno: Client, asked: str) -> None:
    confirm(bruno, asked)
    assert not owners.dismiss(OTHER, email="bruno@example.org", by="operator", at=timezone.now())
    assert owners.dismiss(LILAS, email="bruno@example.org", by="operator", at=timezone.now())
    assert bruno.get("/my-pharmacy/").headers["Location"].startswith("/accounts/login/")
    assert enrolled() == [signing.public_bytes(SEED)]
