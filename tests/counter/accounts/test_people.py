"""Staff's names and addresses lie sealed; signing in finds an account by its token, and pages open what they show in one question."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test import Client
from psycopg import sql
from tests.counter.accounts.authenticator import Authenticator
from tests.counter.world import Place, signed_in

from sceau.core.accounts import people
from sceau.core.accounts.actions import Account
from sceau.core.accounts.keyholder import keyholder
from sceau.core.accounts.models import Passkey, User
from sceau.core.accounts.people import Person
from sceau.core.keyholder.credential_verbs import Evaluate
from sceau.core.keyholder.secret_verbs import AddressToken, OpenSecrets
from sceau.core.keyholder.shapes import Question
from sceau.counter.pharmacies import actions
from sceau.counter.pharmacies.models import Member, Role

AMINA, DEVICE = "amina.unmistakable@example.org", "Poste du comptoir"


@pytest.fixture
def account(lilas: Place) -> Account:
    return lilas.join(AMINA, Role.PHARMACIST)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[type[Question]]:
    """What the keyholder is asked from here on."""
    kinds: list[type[Question]] = []
    ask: Callable[[Question], Any] = keyholder().ask

    def told(question: Question) -> Any:
        kinds.append(type(question))
        return ask(question)

    monkeypatch.setattr(keyholder(), "ask", told)
    return kinds


def every_row() -> str:
    """All tables, as text; what is binary as hexadecimal."""
    with connection.cursor() as cursor:
        cursor.execute("select table_name from information_schema.tables where table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        texts = []
        for table in tables:
            cursor.execute(sql.SQL("select t::text from {} t").format(sql.Identifier(table)))
            texts += [text for (text,) in cursor.fetchall()]
    return "\n".join(texts)


def sign_in(browser: Client, email: str, password: str) -> Any:
    return browser.post("/accounts/login/", {"login": email, "password": password})


def test_no_table_holds_a_name_or_an_address_whatever_its_owner_does(account: Account) -> None:
    """Half-way through signing in, signed in, and with a passkey named."""
    sign_in(Client(), AMINA, account.sign_in.password)
    browser, told = signed_in(account), {"password": account.sign_in.password, "name": DEVICE}
    options = browser.post("/accounts/passkeys/options", told)
    browser.post("/accounts/passkeys/add", told | {"answer": Authenticator().made(options.json())})
    browser.post("/accounts/reauthenticate/", {"password": account.sign_in.password})
    told_rows = every_row() + "".join(str(row.get_decoded()) for row in Session.objects.all())
    for text in (AMINA, "unmistakable", "Amina", DEVICE):
        for form in (text, text.encode().hex()):
            assert form not in told_rows
    assert Passkey.objects.count() == 1
    assert DEVICE in browser.get("/accounts/2fa/").text


def test_the_search_sees_what_lies_in_clear(account: Account) -> None:
    """The control."""
    User.objects.filter(pk=account.user.pk).update(sealed=AMINA.encode())
    assert AMINA.encode().hex() in every_row()


def test_a_stranger_s_address_goes_the_same_way_as_a_known_one(account: Account, asked: list[type[Question]]) -> None:
    sign_in(Client(), AMINA, "wrong")
    known = list(asked)
    asked.clear()
    sign_in(Client(), "nobody@example.org", "wrong")
    assert asked == known == [AddressToken, Evaluate]


def test_an_address_is_taken_however_it_is_written(account: Account, lilas: Place) -> None:
    assert User.objects.at(f" {AMINA.upper()}").get() == account.user
    assert not User.objects.at("aminaunmistakable@example.org").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        lilas.join(AMINA.title(), Role.PHARMACIST)


def test_a_page_of_many_colleagues_opens_them_in_one_question(lilas: Place, asked: list[type[Question]]) -> None:
    owner = lilas.sign_in("odile@example.org", Role.OWNER)
    for nth in range(4):
        lilas.invite(f"{nth}@example.org", Role.ASSISTANT)
    asked.clear()
    page = owner.get("/staff/")
    assert [member.user.email for member in page.context["staff"]][-4:] == [f"{nth}@example.org" for nth in range(4)]
    assert asked == [OpenSecrets, OpenSecrets]  # the colleagues, and whose page it is
    asked.clear()
    owner.get("/")
    assert asked == [OpenSecrets]


def test_a_name_moved_to_another_row_does_not_open(account: Account, lilas: Place) -> None:
    User.objects.filter(pk=account.user.pk).update(sealed=lilas.bruno.user.sealed)
    assert User.objects.get(pk=account.user.pk).person == Person()
    assert signed_in(account).get("/").status_code == 200


def test_names_of_any_length_up_to_the_page_s_take_the_same_room(db: None) -> None:
    sealed = [people.seal("staff/x", Person(name, "a@b.example")) for name in ("Al", "A" * 100)]
    assert len(set(map(len, sealed))) == 1


def test_who_left_keeps_a_name_for_what_they_did_and_no_address(account: Account, lilas: Place) -> None:
    user, _ = lilas.invite("zoe@example.org", Role.ASSISTANT)
    actions.withdraw(Member.objects.get(user=user), by=lilas.bruno)
    left = User.objects.get(pk=user.pk)
    assert (left.person, left.email_token, left.is_active) == (Person("Zoé"), None, False)
    assert lilas.invite("zoe@example.org", Role.ASSISTANT)
