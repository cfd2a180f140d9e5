"""Drill 8: a session cookie stolen, without its other half, and both after each way in which a session ends; and the session's row.

Idleness and age are played by moving the times that the session carries, not by waiting: just short of each limit it still opens.
"""

import base64
import secrets
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from sceau.core.accounts.seed import SignIn
from sceau.demo.browser import Browser
from sceau.exposure.drills import sessions, trying
from sceau.exposure.drills.drill import Control, Drill, Finding, Played
from sceau.exposure.drills.world import World

_EXPIRE = "update django_session set expire_date = now() - interval '1 second' where session_key = %s"
_MINUTES, _HOURS = 60.0, 3_600.0
_SLACK = 30.0


class _Session(NamedTuple):
    """A colleague's, whose cookies were copied."""

    who: SignIn
    browser: Browser
    cookies: dict[str, str]

    @property
    def key(self) -> str:
        return _only(self.cookies, "session")["session"]

    @property
    def half(self) -> bytes:
        return base64.b64decode(_only(self.cookies, "unlock")["unlock"])


def play(world: World) -> Played:
    live, findings = _session(world), []
    missed = _missing(world, live.cookies)
    findings += _shows(world, _only(live.cookies, "unlock"), "the unlock cookie alone")
    findings += _row(world)
    # The last, since the service ends a session that comes without its other half.
    findings += _shows(world, _only(live.cookies, "session"), "the session cookie alone")
    for how, end in _ENDS.items():
        findings += _ended(world, how, end)
    obtained = (
        f"each cookie alone, the session's row with every stolen key, both cookies after {', '.join(_ENDS)}: nobody's name; "
        "both cookies together are the session itself while it lasts"
    )
    return Played(obtained, findings, [Control("both cookies of a live session", missed), *_almost(world)])


def _session(world: World) -> _Session:
    who, browser = world.colleague()
    return _Session(who, browser, browser.cookies())


def _only(cookies: dict[str, str], name: str) -> dict[str, str]:
    """The cookie of that name, with or without the browser's prefix."""
    return {each: value for each, value in cookies.items() if each.removeprefix("__Host-") == name}


def _missing(world: World, cookies: dict[str, str]) -> tuple[str, ...]:
    """Whose name another client with these cookies does not see."""
    seen = world.names_on(Browser.with_stolen(world.stage.url("counter"), cookies).get())
    return tuple(person.name for person in world.canaries.persons if person.name not in seen)


def _shows(world: World, cookies: dict[str, str], how: str) -> list[Finding]:
    if not cookies:
        return [Finding("there is no such cookie to steal", how)]
    hits = world.shown(Browser.with_stolen(world.stage.url("counter"), cookies).get())
    return [Finding(f"{hit.person}: {hit.field}", how) for hit in sorted(hits)]


def _row(world: World) -> list[Finding]:
    """The sessions' rows, with every key that lies in the database as the half that is wanting."""
    keys = trying.candidates(world.stage.postgres.dump("counter"))
    locks = [trying.Lock("session's row", partial(sessions.opens, row)) for row in sessions.unlocked_rows(world)]
    return trying.attempt(locks, keys)


def _ended(world: World, how: str, end: Callable[[World, _Session], None]) -> list[Finding]:
    """Another client, with both cookies as they were copied before the end."""
    session = _session(world)
    if missed := _missing(world, session.cookies):
        raise RuntimeError(f"a live session does not show {len(missed)} persons")
    end(world, session)
    return _shows(world, session.cookies, f"both cookies after {how}")


def _expired(world: World, session: _Session) -> None:
    world.sql("counter", _EXPIRE, session.key)


def _aged(world: World, session: _Session, *, idle: float = 0.0, old: float = 0.0) -> None:
    sessions.age(world, session.key, session.half, idle=idle, old=old)


def _new_password(world: World, session: _Session) -> None:
    chosen = secrets.token_urlsafe(12)
    fields = {"oldpassword": session.who.password, "password1": chosen, "password2": chosen}
    session.browser.post("/accounts/password/change/", **fields)
    page = Browser(world.stage.url("counter")).post("/accounts/login/", login=session.who.email, password=chosen)
    if "2fa" not in page.path:
        raise RuntimeError("the password was not changed")


_ENDS: dict[str, Callable[[World, _Session], None]] = {
    "sign-out": lambda world, session: session.browser.sign_out(),
    "expiry": _expired,
    "15 minutes without an act": partial(_aged, idle=15 * _MINUTES),
    "12 hours": partial(_aged, old=12 * _HOURS),
    "a change of password": _new_password,
    "the member left": lambda world, session: world.leaves(session.who),
}


def _almost(world: World) -> Iterator[Control]:
    """Just short of each limit, by the same means."""
    for how, times in {
        "almost 15 minutes": {"idle": 15 * _MINUTES - _SLACK},
        "almost 12 hours": {"old": 12 * _HOURS - _SLACK},
    }.items():
        session = _session(world)
        _aged(world, session, **times)
        yield Control(f"both cookies after {how}", _missing(world, session.cookies))


DRILL = Drill(8, "stolen session cookie from another client, after sign-out, after expiry", play)
