"""A provider names somebody and opens nothing: a passkey or password and code unlock. What does not hold names nobody.

Everything that is right is tried against a certified provider as well as against ours, which then lies.
"""

import hmac
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from allauth.account.internal.flows.login import record_authentication
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.test import Client
from fido2.utils import websafe_encode
from pytest_django import Settings
from tests.counter.accounts.authenticator import Authenticator
from tests.counter.accounts.test_passkeys import added, entered
from tests.counter.world import Place, signed_in
from tests.plugins import openid
from tests.plugins.openid import Fake, Issuer
from tests.plugins.services import acting

from sceau.core.accounts import actions, links
from sceau.core.accounts.actions import Account
from sceau.core.accounts.models import Link
from sceau.core.accounts.oidc import provider as providers
from sceau.core.accounts.oidc.errors import ProviderAway, ProviderRefused
from sceau.core.accounts.oidc.provider import Provider
from sceau.core.accounts.oidc.registration import registration
from sceau.core.audit.models import Entry
from sceau.core.totp import code
from sceau.counter.pharmacies.models import Role

BACK = "http://testserver/accounts/oidc/back"
AMINA = "rpps-10001234567"


@pytest.fixture
def fake(settings: Settings) -> Iterator[Fake]:
    with Fake().running() as fake:
        agreed(settings, fake)
        yield fake


@pytest.fixture(params=["ours", "certified RS256", "certified ES256"])
def issuer(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Issuer]:
    kind, _, algorithm = request.param.partition(" ")
    with Fake().running() if kind == "ours" else openid.real(tmp_path, back=BACK, algorithm=algorithm) as issuer:
        agreed(settings, issuer)
        yield issuer


def agreed(settings: Settings, issuer: Issuer, **told: str) -> None:
    settings.OIDC = openid.settings(issuer.issuer, **told)
    providers.provider.cache_clear()


@pytest.fixture
def account(lilas: Place) -> Account:
    return lilas.join("amina@example.org", Role.PHARMACIST)


@pytest.fixture
def linked(account: Account, fake: Fake) -> Account:
    assert link(signed_in_now(account), fake).status_code == 302
    return account


def signed_in_now(account: Account) -> Client:
    """As after the door: the proof is of this minute."""
    browser, request = signed_in(account), HttpRequest()
    request.session = browser.session
    record_authentication(request, account.user, "password")
    request.session.save()
    return browser


def asked(browser: Client, page: str = "begin", **told: str) -> str:
    """Where the page sends the browser."""
    answer = browser.post(f"/accounts/oidc/{page}", told)
    assert answer.status_code == 200, answer.content
    assert re.search(r'http-equiv="refresh" content="0;url=http', answer.text)
    return str(answer.context["address"])


def link(browser: Client, issuer: Issuer, who: str = AMINA) -> Any:
    return browser.get(issuer.visit(asked(browser, "link"), who))


def named(browser: Client, issuer: Issuer, who: str = AMINA) -> Any:
    return browser.get(issuer.visit(asked(browser, next="/staff/"), who))


def unlocked(browser: Client, account: Account, **told: str) -> Any:
    right = {"password": account.sign_in.password, "code": code(account.sign_in.totp_secret)}
    return browser.post("/accounts/oidc/unlock", right | told)


def touched(browser: Client, key: Authenticator) -> Any:
    options = browser.post("/accounts/passkeys/touch").json()
    return browser.post("/accounts/oidc/touch", {"answer": key.touched(options), "next": "/staff/"})


def told(browser: Client, answer: Any) -> str:
    """What the page says to which one is sent instead."""
    assert answer.headers["Location"] in ("/accounts/login/", "/accounts/2fa/")
    return " ".join(str(one) for one in browser.get(answer.headers["Location"]).context["messages"])


def is_in(browser: Client) -> bool:
    return browser.get("/").status_code == 200


def test_linked_named_and_unlocked_by_password_and_code(account: Account, issuer: Issuer) -> None:
    browser = Client()
    with acting("counter_web"):
        assert link(signed_in_now(account), issuer).headers["Location"] == "/accounts/2fa/"
        assert named(browser, issuer).headers["Location"] == "/accounts/oidc/unlock"
        assert not is_in(browser)
        assert unlocked(browser, account).headers["Location"] == "/staff/"
        assert is_in(browser)
    events = Entry.objects.filter(by=f"user:{account.user.pk}").order_by("id").values_list("event", flat=True)
    assert list(events)[-3:] == ["provider-linked", "provider-answered", "signed-in"]


def test_unlocked_by_a_touch(linked: Account, fake: Fake) -> None:
    key, browser = Authenticator(), Client()
    added(signed_in(linked), linked, key)
    named(browser, fake)
    assert touched(browser, key).json() == {"next": "/staff/"}
    assert is_in(browser)
    assert browser.get("/accounts/oidc/unlock").headers["Location"] == "/accounts/login/"


def test_a_colleagues_touch_does_not_unlock_in_her_name(linked: Account, fake: Fake, lilas: Place) -> None:
    """The near miss: the colleague's passkey signs the colleague in at the door."""
    key, browser, sam = Authenticator(), Client(), lilas.join("sam@example.org", Role.PHARMACIST)
    added(signed_in(sam), sam, key)
    named(browser, fake)
    assert touched(browser, key).status_code == 403
    assert not is_in(browser)


def test_a_colleagues_password_does_not_unlock_in_her_name(linked: Account, fake: Fake, lilas: Place) -> None:
    browser, sam = Client(), lilas.join("sam@example.org", Role.PHARMACIST)
    named(browser, fake)
    assert unlocked(browser, sam).status_code == 200
    assert not is_in(browser)


@pytest.mark.parametrize("wrong", [{"password": "not hers at all"}, {"code": "000000"}, {"password": ""}, {"code": ""}])
def test_one_of_the_two_alone_opens_nothing(linked: Account, fake: Fake, wrong: dict[str, str]) -> None:
    browser = Client()
    named(browser, fake)
    assert unlocked(browser, linked, **wrong).status_code == 200
    assert "unlocked" not in browser.session
    assert not is_in(browser)


def test_a_code_beside_a_wrong_password_is_not_used_up(linked: Account, fake: Fake) -> None:
    browser = Client()
    named(browser, fake)
    unlocked(browser, linked, password="not hers at all")
    assert unlocked(browser, linked).status_code == 302


def test_without_an_answer_there_is_nothing_to_unlock(linked: Account, fake: Fake) -> None:
    key, browser = Authenticator(), Client()
    added(signed_in(linked), linked, key)
    assert unlocked(browser, linked).headers["Location"] == "/accounts/login/"
    assert touched(browser, key).status_code == 403
    assert not is_in(browser)


def test_an_answer_waits_five_minutes_for_the_unlock(linked: Account, fake: Fake) -> None:
    browser = Client()
    named(browser, fake)
    session = browser.session
    session["oidc-named"][2] -= 300
    session.save()
    assert unlocked(browser, linked).headers["Location"] == "/accounts/login/"


@pytest.mark.parametrize("who", ["rpps-unknown", AMINA.upper(), f" {AMINA}"])
def test_who_is_not_linked_is_told_what_to_do(linked: Account, fake: Fake, who: str) -> None:
    browser = Client()
    assert "Aucun compte ici n’est relié" in told(browser, named(browser, fake, who))
    assert Entry.objects.filter(event="sign-in-refused").count() == 1
    assert browser.get("/accounts/oidc/unlock").status_code == 302


def test_who_left_is_nobody_here(linked: Account, fake: Fake) -> None:
    browser = Client()
    named(browser, fake)
    actions.close(linked.user)
    assert unlocked(browser, linked).headers["Location"] == "/accounts/login/"
    assert names_nobody(fake)
    assert not Link.objects.exists()


def test_a_subject_of_another_issuer_is_somebody_else(linked: Account, fake: Fake) -> None:
    (row,) = Link.objects.all()
    assert bytes(row.token) == links.token(fake.issuer, AMINA)
    assert bytes(row.token) != links.token(fake.issuer + "1", AMINA)
    assert AMINA.encode() not in bytes(row.token)


def test_somebody_elses_link_stays_theirs(linked: Account, fake: Fake, lilas: Place) -> None:
    sam = lilas.join("sam@example.org", Role.PHARMACIST)
    browser = signed_in_now(sam)
    assert "déjà relié" in told(browser, link(browser, fake))
    assert Link.objects.get().user == linked.user


def test_linked_anew_the_one_before_names_nobody(linked: Account, fake: Fake) -> None:
    assert link(signed_in_now(linked), fake, "rpps-other").status_code == 302
    assert names_nobody(fake)
    assert not names_nobody(fake, "rpps-other")


def test_unlinked(linked: Account, fake: Fake) -> None:
    assert signed_in_now(linked).post("/accounts/oidc/unlink").status_code == 302
    assert names_nobody(fake)
    assert Entry.objects.filter(event="provider-unlinked").count() == 1


@pytest.mark.parametrize("page", ["link", "unlink"])
def test_an_old_proof_is_asked_for_again(linked: Account, page: str) -> None:
    answer = signed_in(linked).post(f"/accounts/oidc/{page}")
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert Link.objects.exists()


def test_what_one_asked_to_link_is_not_linked_to_who_took_over(account: Account, fake: Fake, lilas: Place) -> None:
    browser, sam = signed_in_now(account), lilas.join("sam@example.org", Role.PHARMACIST)
    back = fake.visit(asked(browser, "link"), AMINA)
    session = browser.session
    session["oidc"][1] = sam.user.pk
    session.save()
    assert "Rien n’a été changé" in told(browser, browser.get(back))
    assert not Link.objects.exists()


WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "another question's nonce": {"nonce": "of another question"},
    "no nonce": {"nonce": None},
    "another site's": {"aud": "another"},
    "for another site as well": {"aud": [openid.CLIENT, "another"]},
    "issued to another": {"azp": "another"},
    "no audience": {"aud": None},
    "another issuer's": {"iss": "http://127.0.0.1:1"},
    "expired": {"exp": int(time.time()) - 3600},
    "without an end": {"exp": None},
    "of an hour ago": {"iat": int(time.time()) - 3600},
    "of the future": {"iat": int(time.time()) + 3600},
    "without a time": {"iat": None},
    "about nobody": {"sub": ""},
    "without a subject": {"sub": None},
    "a subject that is no text": {"sub": 7},
}


@pytest.mark.parametrize("claims", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS)
def test_a_token_that_says_otherwise_names_nobody(linked: Account, fake: Fake, claims: dict[str, Any]) -> None:
    fake.claims = claims
    refused(fake)


def refused(fake: Fake) -> None:
    browser = Client()
    no_answer(browser, fake.visit(asked(browser), AMINA))


def no_answer(browser: Client, back: str) -> None:
    """What comes back names nobody, and the page says that it does not hold."""
    assert "Rien n’a été changé" in told(browser, browser.get(back))
    assert "oidc-named" not in browser.session
    assert not is_in(browser)


def names_nobody(fake: Fake, who: str = AMINA) -> bool:
    return bool(named(Client(), fake, who).headers["Location"] == "/accounts/login/")


def unsigned(fake: Fake) -> Callable[[dict[str, Any]], str]:
    return lambda claims: jwt.encode(claims, "", algorithm="none")


def with_the_secret(fake: Fake) -> Callable[[dict[str, Any]], str]:
    return lambda claims: jwt.encode(claims, openid.SECRET.ljust(32), algorithm="HS256", headers={"kid": fake.kid})


def with_the_public_key(fake: Fake) -> Callable[[dict[str, Any]], str]:
    """As a secret: the old confusion of algorithms."""
    public = fake.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def signed(claims: dict[str, Any]) -> str:
        unsigned = jwt.encode(claims, openid.SECRET.ljust(32), algorithm="HS256", headers={"kid": fake.kid}).rpartition(".")[0]
        return f"{unsigned}.{websafe_encode(hmac.digest(public, unsigned.encode(), 'sha256'))}"

    return signed


def by_a_stranger(fake: Fake) -> Callable[[dict[str, Any]], str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return lambda claims: jwt.encode(claims, key, algorithm="RS256", headers={"kid": fake.kid})


def with_an_unknown_key(fake: Fake) -> Callable[[dict[str, Any]], str]:
    return lambda claims: jwt.encode(claims, fake.key, algorithm="RS256", headers={"kid": "unknown"})


def otherwise(fake: Fake) -> Callable[[dict[str, Any]], str]:
    """Right, but an algorithm that was not agreed on."""
    return lambda claims: jwt.encode(claims, fake.key, algorithm="RS512", headers={"kid": fake.kid})


def nonsense(fake: Fake) -> Callable[[dict[str, Any]], str]:
    return lambda claims: "a.b.c"


SIGNED = [unsigned, with_the_secret, with_the_public_key, by_a_stranger, with_an_unknown_key, otherwise, nonsense]


@pytest.mark.parametrize("sign", SIGNED)
def test_a_token_signed_otherwise_names_nobody(linked: Account, fake: Fake, sign: Callable[[Fake], Any]) -> None:
    fake.sign = sign(fake)
    refused(fake)


def test_what_nothing_is_wrong_with_names_her(linked: Account, fake: Fake) -> None:
    """The control of the refusals above; a single audience may be written as a list, a lone key without its name."""
    fake.claims = {"aud": [openid.CLIENT], "azp": openid.CLIENT}
    fake.sign = lambda claims: jwt.encode(claims, fake.key, algorithm="RS256")
    assert not names_nobody(fake)


def test_the_level_of_assurance_that_was_asked_for(linked: Account, fake: Fake, settings: Settings) -> None:
    agreed(settings, fake, ACR="eidas1")
    refused(fake)
    fake.claims = {"acr": "eidas1"}
    assert not names_nobody(fake)


def test_an_answer_counts_once(linked: Account, fake: Fake) -> None:
    browser = Client()
    back = fake.visit(asked(browser), AMINA)
    session = browser.session
    before = session["oidc"]
    assert browser.get(back).headers["Location"] == "/accounts/oidc/unlock"
    assert "Rien n’a été changé" in told(browser, browser.get(back))
    session = browser.session
    session["oidc"] = before  # as two processes would read it that are asked at the same time
    session.save()
    assert "Rien n’a été changé" in told(browser, browser.get(back))


def test_a_code_counts_once_at_the_provider(linked: Account, fake: Fake) -> None:
    """A stolen code, brought by another browser with a question of its own."""
    first, second = Client(), Client()
    back = fake.visit(asked(first), AMINA)
    assert first.get(back).headers["Location"] == "/accounts/oidc/unlock"
    state = fake.visit(asked(second), AMINA).partition("&state=")[2]
    no_answer(second, back.partition("&state=")[0] + "&state=" + state)


@pytest.mark.parametrize(("right", "wrong"), [("state=", "state=x"), ("iss=http", "iss=https"), ("code=", "code=x")])
def test_an_answer_to_another_question_or_from_elsewhere(linked: Account, fake: Fake, right: str, wrong: str) -> None:
    browser = Client()
    back = fake.visit(asked(browser), AMINA)
    assert right in back
    no_answer(browser, back.replace(right, wrong))


def test_another_browser_has_not_asked(linked: Account, fake: Fake) -> None:
    no_answer(Client(), fake.visit(asked(Client()), AMINA))


def test_an_answer_after_ten_minutes_is_too_late(linked: Account, fake: Fake) -> None:
    browser = Client()
    back = fake.visit(asked(browser), AMINA)
    session = browser.session
    session["oidc"][3] -= 600
    session.save()
    no_answer(browser, back)


def test_who_stops_at_the_provider_is_told_so(fake: Fake, db: None) -> None:
    browser = Client()
    back = fake.visit(asked(browser), AMINA).replace("code=", "error=access_denied&description=")
    assert told(browser, browser.get(back)) == "Pro Santé n’a connecté personne."


def test_an_issuer_that_calls_itself_otherwise_is_not_asked(fake: Fake, db: None) -> None:
    fake.metadata = {"issuer": "https://elsewhere.example"}
    browser = Client()
    assert "Rien n’a été changé" in told(browser, browser.post("/accounts/oidc/begin"))


@pytest.mark.parametrize("when", ["before", "on the way back"])
def test_a_provider_that_fails_is_away_and_the_other_ways_stay(linked: Account, fake: Fake, when: str) -> None:
    browser, key, back = Client(), Authenticator(), ""
    if when != "before":
        back = fake.visit(asked(browser), AMINA)
    fake.status = 503
    answer = browser.get(back) if back else browser.post("/accounts/oidc/begin")
    assert "Pro Santé ne répond pas" in told(browser, answer)
    added(signed_in(linked), linked, key)
    assert entered(key, browser=browser).status_code == 200
    assert is_in(browser)


def test_a_provider_that_does_not_answer_costs_its_time_once(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks next is told at once, until it is tried again."""
    agreed, now = registration(), [1000.0]
    assert agreed
    monkeypatch.setattr(providers, "PATIENCE", 0.05)
    slow = Provider(agreed, clock=lambda: now[0])
    fake.held.clear()
    for _ in range(3):
        with pytest.raises(ProviderAway):
            slow.check_origin(fake.issuer)
    assert len(fake.asked) == 1
    fake.held.set()
    now[0] += providers.REST
    slow.check_origin(fake.issuer)


def test_keys_are_fetched_anew_for_a_name_unknown_but_not_at_every_token(linked: Account, fake: Fake) -> None:
    agreed, now = registration(), [1000.0]
    assert agreed
    provider = Provider(agreed, clock=lambda: now[0])
    provider._key("one", "RS256")
    fake.kid = "two"
    with pytest.raises(ProviderRefused):
        provider._key("two", "RS256")
    now[0] += providers.AGAIN
    provider._key("two", "RS256")
    assert fake.asked.count("/jwks") == 3  # the first was for linking


def test_nothing_of_the_provider_is_kept(linked: Account, fake: Fake, caplog: pytest.LogCaptureFixture) -> None:
    tokens, honest, browser = list[str](), fake.sign, Client()

    def noted(claims: dict[str, Any]) -> str:
        tokens.append(honest(claims))
        return tokens[-1]

    fake.sign = noted
    named(browser, fake)
    unlocked(browser, linked)
    (token,) = tokens
    kept = " ".join(str(one.get_decoded()) for one in Session.objects.all()) + caplog.text
    kept += str(list(Entry.objects.values_list("by", "subject", "purpose"))) + str(browser.cookies)
    assert token not in kept
    assert AMINA not in kept


def test_too_many_tries_are_told_so(fake: Fake, db: None) -> None:
    browser = Client()
    for _ in range(60):
        browser.post("/accounts/oidc/begin")
    assert browser.post("/accounts/oidc/begin").status_code == 429


def test_wrong_passwords_are_counted_as_at_the_door(linked: Account, fake: Fake) -> None:
    browser = Client()
    named(browser, fake)
    for _ in range(10):
        assert unlocked(browser, linked, password="not hers at all").status_code == 200
    locked = unlocked(browser, linked)
    assert re.search(r"\d\d:\d\d:\d\d|heure", str(locked.context["form"].errors["password"]))
    assert not is_in(browser)


@pytest.mark.parametrize("page", ["begin", "back", "link", "unlink"])
def test_without_settings_there_is_no_such_page(account: Account, page: str) -> None:
    browser = signed_in_now(account)
    assert (browser.get if page == "back" else browser.post)(f"/accounts/oidc/{page}").status_code == 404
    for path in ("/accounts/login/", "/accounts/2fa/"):
        assert "oidc" not in (Client() if "login" in path else browser).get(path).text


def test_with_settings_the_pages_offer_it(linked: Account, fake: Fake) -> None:
    assert "Se connecter avec Pro Santé" in Client().get("/accounts/login/").text
    assert "Retirer le lien" in signed_in_now(linked).get("/accounts/2fa/").text
