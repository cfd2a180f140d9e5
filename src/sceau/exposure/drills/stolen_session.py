"""Drill 8: a session cookie stolen, without its other half, after sign-out and after expiry; and the session's row stolen."""

from functools import partial

from sceau.exposure.drills import sessions, trying
from sceau.exposure.drills.browser import Browser
from sceau.exposure.drills.drill import Control, Drill, Finding, Played
from sceau.exposure.drills.world import World

_EXPIRE = "update django_session set expire_date = now() - interval '1 second' where session_key = %s"


def play(world: World) -> Played:
    every = tuple(person.name for person in world.canaries.persons)
    _, browser = world.colleague()
    cookies = browser.cookies()
    live = _names(world, cookies)
    findings = [
        *_shows(world, _only(cookies, "unlock"), "the unlock cookie alone"),
        *_row(world),
        # The last, since the service ends a session that comes without its other half.
        *_shows(world, _only(cookies, "session"), "the session cookie alone"),
        *_signed_out(world),
        *_expired(world),
    ]
    missed = tuple(name for name in every if name not in live)
    obtained = (
        "each cookie alone, the session's row with every stolen key, both cookies after sign-out and expiry: nobody's name; "
        "both cookies together are the session itself while it lasts"
    )
    return Played(obtained, findings, [Control("both cookies of a live session", missed)])


def _only(cookies: dict[str, str], name: str) -> dict[str, str]:
    """The cookie of that name, with or without the browser's prefix."""
    return {each: value for each, value in cookies.items() if each.removeprefix("__Host-") == name}


def _names(world: World, cookies: dict[str, str]) -> set[str]:
    return world.names_on(Browser.with_stolen(world.stage.url("counter"), cookies).get())


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


def _signed_out(world: World) -> list[Finding]:
    _, browser = world.colleague()
    cookies = browser.cookies()
    browser.sign_out()
    return _shows(world, cookies, "both cookies after sign-out")


def _expired(world: World) -> list[Finding]:
    _, browser = world.colleague()
    cookies = browser.cookies()
    [key] = _only(cookies, "session").values()
    world.sql("counter", _EXPIRE, key)
    return _shows(world, cookies, "both cookies after expiry")


DRILL = Drill(8, "stolen session cookie from another client, after sign-out, after expiry", play)
