"""Drill 9: credential stuffing. One address tries leaked passwords on many accounts, the right one of somebody's among them, last.

The passkeys of a pharmacy behind the same address still open; what is counted lies in the database as digests, and ends with the drill.
"""

from sceau.demo.browser import Browser, Page
from sceau.exposure.drills.drill import Control, Drill, Finding, Played, must
from sceau.exposure.drills.world import World

TRIES = 40
_FORGET = "delete from accounts_remembered"
_ROWS = "select encode(digest, 'escape') || encode(value, 'escape') from accounts_remembered"
_TRIED = "select count(*) from audit_entry where event = 'sign-in-refused'"


def play(world: World) -> Played:
    who, _ = world.colleague()
    url = world.stage.url("counter")
    world.sql("counter", _FORGET)
    try:
        before = _enter(url, who.email, who.password)
        tried = _stuff(world, url)
        after = _enter(url, who.email, who.password)
        rows = world.sql("counter", _ROWS)
        touch = _touch(url)
    finally:
        world.sql("counter", _FORGET)
    findings = [
        *must(tried < TRIES, "every guess was tried"),
        *must("2fa" not in after.path, "the right password, after as many wrong ones"),
        *must(touch.status == 200, "a passkey behind the same address is locked out"),
        *_named(rows, who.email),
    ]
    obtained = f"{TRIES} guesses on as many accounts: {tried} tried, the rest told to wait, the right password too; passkeys open"
    return Played(obtained, findings, [Control("the right password before", () if "2fa" in before.path else ("the password",))])


def _enter(url: str, email: str, password: str) -> Page:
    return Browser(url).post("/accounts/login/", login=email, password=password)


def _stuff(world: World, url: str) -> int:
    """How many guesses came as far as the accounts."""
    [(before,)] = world.sql("counter", _TRIED)
    for nth in range(TRIES):
        _enter(url, f"nobody{nth}@lilas.example", "a leaked password")
    [(after,)] = world.sql("counter", _TRIED)
    return int(after) - int(before)


def _touch(url: str) -> Page:
    """The challenge that a passkey answers."""
    return Browser(url).post_to("/accounts/passkeys/touch", form="/accounts/login/")


def _named(rows: list[tuple[object, ...]], email: str) -> list[Finding]:
    shown = [word for word in (email, "127.0.0.1", "nobody") if any(word in str(row) for row in rows)]
    return [Finding(word, "what the door counts") for word in shown]


DRILL = Drill(9, "credential stuffing: many accounts from one address", play)
