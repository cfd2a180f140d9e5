"""Farah and Félix, two members of the authority whom the demo plays, so that whoever looks at it need not be three persons.

They do what members do, by the registry's own pages: sign in, bring a passkey (in software), are founded by the operator, and vouch for
whoever else brought one. Only who is waiting is looked for in the database.
"""

import json
from base64 import urlsafe_b64decode
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg

from sceau.core.accounts.seed import SignIn
from sceau.core.sealing.signing import fingerprint
from sceau.demo.authenticator import Passkey
from sceau.demo.browser import Browser, Page
from sceau.demo.stage import Stage

_AGENTS, _PASSKEY = "/agents/", "/accounts/agent/"
_MEMBERS = {"Farah": "farah", "Félix": "felix"}
_WAITING = "select user_id from agents_appointment where credential_id is not null and enrolled_at is null"


class Member:
    """One of them."""

    def __init__(self, stage: Stage, name: str, email: str) -> None:
        self._stage, self._name, self._email, self._who = stage, name, email, SignIn("", "", "", "")
        self._passkey = Passkey(name, origin=stage.url("registry"))
        self._browser = Browser(stage.url("registry"))

    def come(self) -> None:
        """Appointed, signed in, and founded with a passkey."""
        self._who = appointed(self._stage, self._email, self._name, role="authority")
        self._browser.sign_in(*self._who[:3])
        bring(self._browser, self._passkey, password=self._who.password)
        digits = fingerprint(self._passkey.record("authority", ()).public_key)
        told = ("registry", "agents", "found", self._email, "--fingerprint", digits)
        self._stage.run("registry", *told, role="owner")

    def vouch(self, user: int) -> None:
        """A touch for this account's appointment as it stands."""
        challenge = asked(self._browser.post_to(f"{_AGENTS}{user}/touch", form=_AGENTS))
        answer = json.dumps(self._passkey.answer(challenge))
        self._browser.post_to(f"{_AGENTS}{user}/vouch", form=_AGENTS, answer=answer)

    def again(self) -> None:
        """Signs in anew, as a stranger, with the code of another half minute."""
        self._browser = Browser(self._stage.url("registry"))
        self._browser.sign_in(*self._who[:3])


class Authority:
    """Both."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._members = [Member(stage, name, f"{short}@authority.example") for name, short in _MEMBERS.items()]

    def come(self) -> None:
        with ThreadPoolExecutor() as pool:
            list(pool.map(Member.come, self._members))

    def vouch(self) -> None:
        """For everybody who waits; who cannot now, signs in again and does it the next time."""
        for user in self._waiting():
            for member in self._members:
                try:
                    member.vouch(user)
                except LookupError:
                    member.again()

    def _waiting(self) -> list[int]:
        with psycopg.connect(self._stage.postgres.superuser_url("registry")) as connection:
            return [user for (user,) in connection.execute(_WAITING)]


def appointed(stage: Stage, email: str, name: str, *, role: str, departments: str = "", title: str = "") -> SignIn:
    """Somebody with an account of the registry and a part as agent or member; `title` for who decides on software too."""
    also = ("--authority", title) if title else ()
    sign_in = SignIn(**stage.tell("registry", "registry", "user", email, name, *also, role="owner"))
    part = ("--role", role, "--departments", departments)
    stage.run("registry", "registry", "agents", "appoint", email, name, *part, role="owner")
    return sign_in


def bring(browser: Browser, passkey: Passkey, *, password: str) -> None:
    """The passkey of whoever is signed in there, to work with; it waits for two members then."""
    challenge = asked(browser.post_to(_PASSKEY + "options", form=_PASSKEY, password=password))
    browser.post_to(_PASSKEY + "bring", form=_PASSKEY, password=password, answer=json.dumps(passkey.made(challenge)))


def asked(page: Page) -> bytes:
    """The challenge of an answer; raises `LookupError` where there is none: a sign-in of a while ago is led to its password."""
    try:
        told: dict[str, Any] = json.loads(page.body) if page.status == 200 else {}
    except ValueError:
        told = {}
    if "challenge" not in told:
        raise LookupError(f"{page.path}: {page.status}")
    return urlsafe_b64decode(told["challenge"] + "==")
