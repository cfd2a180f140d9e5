"""Drill 26: the day after retention, an erasure, a member who left: what a restored backup of the databases still opens.

The databases are dumped and restored elsewhere, the keyholders' stores are copied with them. A copied store is opened again as a
keyholder with a clock of its own, which says which days are over. What such a copy still opens is measured too, and told.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import UUID

from sceau.core.accounts.seed import SignIn
from sceau.core.keyholder.agent_verbs import Reveal
from sceau.core.keyholder.credential_verbs import Evaluate
from sceau.core.keyholder.identity_verbs import Forget
from sceau.core.keyholder.retention import expired
from sceau.core.keyholder.run import Setting, answering
from sceau.core.keyholder.secret_verbs import AddressToken
from sceau.core.keyholder.service_verbs import Retire
from sceau.core.keyholder.shapes import SealedAt
from sceau.core.keyholder.unlock import UnsafeFileKeys
from sceau.core.regime import DEMO
from sceau.core.sealing.slots import password_input
from sceau.demo.speaking import speaking
from sceau.demo.stage import SERVICES
from sceau.exposure.drills.agents import Agents, refused
from sceau.exposure.drills.drill import Control, Drill, Finding, Played, must
from sceau.exposure.drills.world import World

_SLOT = (
    "select s.id from accounts_slot s join accounts_user u on u.id = s.user_id where u.email_token = %s and s.kind = 'password'"
)
_BACKUP = "backup_of_{}"


class _Asked:
    """A keyholder on a copy of its store, asked within this process."""

    def __init__(self, handlers: Any, principal: str, state: Path) -> None:
        self._handlers, self._principal, self.state = handlers, principal, state

    def ask(self, question: Any) -> Any:
        return self._handlers[type(question)](question, self._principal)


def play(world: World) -> Played:
    leaver, _ = world.colleague()
    assert world.agents.members  # the authority is founded before the stores are copied
    _back_up(world)
    left = _left(world, leaver)
    erased = _erased(world)
    over = _over(world)
    obtained = (
        "databases restored from the backup: a day that is over opens neither at the keyholder that ended it, also with its clock "
        "turned back, nor at the one that was copied with them; somebody erased and a member who left open nothing at the "
        "keyholder of today (a store copied before, unlocked with its own key, opens both: keep no copy longer than needed)"
    )
    return Played(obtained, [*left[0], *erased[0], *over[0]], [*left[1], *erased[1], *over[1]])


def _back_up(world: World) -> None:
    """The databases, restored elsewhere; the keyholders' stores, copied."""
    for service in SERVICES:
        world.careless.restore(world.stage.postgres.dump(service), _BACKUP.format(service))
        shutil.copytree(world.stage.state(service), world.folder / _BACKUP.format(service))


def _left(world: World, who: SignIn) -> tuple[list[Finding], list[Control]]:
    """With the password they still know, and the slot that the backup still has."""
    keyholder = speaking(world.stage, "counter", "web")
    [(slot,)] = world.rows(world.careless, _BACKUP.format("counter"), _SLOT, keyholder.ask(AddressToken(who.email)))
    asked = Evaluate(UUID(str(slot)), password_input(who.password, UUID(str(slot))))
    before = refused(keyholder, asked)
    world.leaves(who)
    after = refused(keyholder, asked)
    with _copied(world, "counter", datetime.now(UTC)) as (_, copied):
        then = refused(copied, asked)
    controls = [
        Control("the slot of somebody who has not left", (before,) if before else ()),
        Control("the counter's copied store is a whole one: it knows who has left since", (then,) if then else ()),
    ]
    return must(bool(after), "a member who left opens the slot of a restored backup"), controls


def _erased(world: World) -> tuple[list[Finding], list[Control]]:
    agents, rows = world.agents, world.identities(world.careless, _BACKUP.format("registry"))
    token = agents.there(agents.enrol("zoe", "75"), *rows[:2])
    before = refused(agents.web, Reveal(token, rows[0], "drill"))
    agents.operator.ask(Forget([rows[0].report]))
    after = refused(agents.web, Reveal(token, rows[0], "drill"))
    near = refused(agents.web, Reveal(token, rows[1], "drill"))
    with _copied(world, "registry", datetime.now(UTC)) as (there, copied):
        then = refused(copied, Reveal(there.there(there.enrol("zita", "75"), rows[0]), rows[0], "drill"))
    controls = [
        Control("a person who was not erased", tuple(one for one in (before, near) if one)),
        Control("the registry's copied store is a whole one: it opens who was erased since", (then,) if then else ()),
    ]
    return must(after == "destroyed", "somebody erased opens from a restored backup"), controls


def _over(world: World) -> tuple[list[Finding], list[Control]]:
    """Nobody ended retention in the copied store; its clock goes on all the same."""
    row = world.identities(world.careless, _BACKUP.format("registry"))[-1]
    last = _noon(_last(row.day))
    opened = _asked_on(world, last, row, "ulla")
    shut = _asked_on(world, last + timedelta(days=1), row, "vera")
    ended = _asked_on(world, last, row, "wanda", ended_on=last + timedelta(days=1))
    control = Control("the last day of retention", (opened,) if opened else ())
    return [
        *must(shut == "destroyed", "a day that is over opens in a store copied before it was"),
        *must(ended == "destroyed", "a day whose key was destroyed opens when the clock is turned back"),
    ], [control]


def _asked_on(world: World, at: datetime, row: SealedAt, agent: str, *, ended_on: datetime | None = None) -> str:
    """What the copied keyholder says at this time; `ended_on`, retention had been run before it."""
    state = None
    if ended_on:
        with _copied(world, "registry", ended_on) as (_, keyholder):
            keyholder.ask(Retire(ended_on.date()))
            state = keyholder.state
    with _copied(world, "registry", at, state=state) as (agents, keyholder):
        return refused(keyholder, Reveal(agents.there(agents.enrol(agent, "75"), row), row, "drill"))


@contextmanager
def _copied(world: World, service: str, now: datetime, *, state: Path | None = None) -> Iterator[tuple[Agents, _Asked]]:
    """A service's keyholder of the backup at this time, on a copy of its store; or on one that was used before."""
    setting = Setting(service, "demo", world.stage.url(service), "localhost")
    copy = state or Path(mkdtemp(dir=world.folder)) / service
    if not state:
        shutil.copytree(world.folder / _BACKUP.format(service), copy)
    unlock = UnsafeFileKeys(world.stage.unlock_file(service)).unlock()
    with answering(copy, unlock, setting, lambda: now) as handlers:
        keyholder = _Asked(handlers, "web", copy)
        operator = _Asked(handlers, "operator", copy)
        yield Agents(keyholder, operator, origin=setting.origin, members=world.agents.members), keyholder


def _noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12, tzinfo=UTC)


def _last(day: date) -> date:
    """The last day on which `day` is kept."""
    on = day
    while not expired(day, DEMO, on + timedelta(days=1)):
        on += timedelta(days=1)
    return on


DRILL = Drill(26, "retention day + 1, erasure, a member who left: from a restored backup", play)
