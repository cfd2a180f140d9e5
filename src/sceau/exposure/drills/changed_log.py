"""Drill 13: the superuser changes, deletes and cuts off the audit log, also with every hash made anew."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from sceau.core.audit import merkle
from sceau.core.audit.schema import CANONICAL
from sceau.exposure.drills.drill import Control, Drill, Finding, Played, must
from sceau.exposure.drills.world import World

_KEPT = ("audit_entry", "audit_leaf", "audit_node", "audit_checkpoint")
_CHANGE = "update audit_entry set by = 'user:999' where id = (select entry from audit_leaf where number = 1)"
_REHASH = f"select l.number, {CANONICAL} from audit_leaf l join audit_entry e on e.id = l.entry where l.number = 1"  # noqa: S608 - a constant
_CUT = (
    "delete from audit_entry where id in (select entry from audit_leaf where number >= 2)",
    "delete from audit_leaf where number >= 2",
    "delete from audit_node",
    "delete from audit_checkpoint where size > 2",
)
_ATTACKS = {
    "an entry changed": (_CHANGE,),
    "an entry deleted": ("delete from audit_entry where id = (select entry from audit_leaf where number = 1)",),
    "an entry deleted with its leaf": (
        "delete from audit_entry where id = (select entry from audit_leaf where number = 1)",
        "delete from audit_leaf where number = 1",
    ),
    "an entry slipped in without a number": (
        "insert into audit_entry select gen_random_uuid(), at, event, by, subject, purpose from audit_entry limit 1",
        "delete from audit_pending",
    ),
    "the end cut off": _CUT,
    "all of it truncated": tuple(f"truncate {table}" for table in _KEPT),
}


def play(world: World) -> Played:
    world.stage.run("counter", "audit", "checkpoint", "--service", "counter", role="worker")
    before = _verified(world)
    findings = [finding for name, acts in _ATTACKS.items() for finding in _tried(world, name, acts)]
    with _as_it_was(world):
        _write(world, (_CHANGE,))
        _rehash(world)
        findings += _noticed(world, "an entry changed and its hash made anew")
    refused = _refused(world)
    controls = [
        Control("the log as it is verifies", () if before["whole"] and before["entries"] > 3 else ("a whole log",)),
        Control("put back, it verifies", () if _verified(world)["whole"] else ("a whole log",)),
        Control("the roles may add to it", tuple(role for role, acts in refused.items() if "insert" in acts)),
    ]
    findings += [Finding(f"{role} may {act} the log", "grants") for role, acts in refused.items() for act in _allowed(acts)]
    obtained = (
        f"{before['entries']} entries; {len(_ATTACKS) + 1} ways of changing them, each noticed; the services' own roles: refused"
    )
    return Played(obtained, findings, controls)


def _verified(world: World) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        world.stage.run("counter", "audit", "verify", "--service", "counter", "--json", role="owner", check=False)
    )
    return told


def _tried(world: World, name: str, acts: tuple[str, ...]) -> list[Finding]:
    with _as_it_was(world):
        _write(world, acts)
        return _noticed(world, name)


def _noticed(world: World, name: str) -> list[Finding]:
    return must(not _verified(world)["whole"], f"{name}, and nothing was noticed")


def _write(world: World, acts: tuple[str, ...]) -> None:
    """As the superuser, with every trigger off."""
    with psycopg.connect(world.stage.postgres.superuser_url("counter")) as connection:
        connection.execute("set session_replication_role = replica")
        for act in acts:
            connection.execute(act.encode())


def _rehash(world: World) -> None:
    [(number, text)] = world.sql("counter", _REHASH)
    digest = merkle.leaf(str(text).encode()).hex()
    _write(world, (f"update audit_leaf set digest = decode('{digest}', 'hex') where number = {number}",))  # noqa: S608 - our own digits


@contextmanager
def _as_it_was(world: World) -> Iterator[None]:
    """The log's tables put back at the end, by somebody who kept a copy."""
    _write(world, tuple(f"create table kept_{table} as table {table}" for table in _KEPT))
    try:
        yield
    finally:
        back = (f"delete from {table}; insert into {table} table kept_{table}; drop table kept_{table}" for table in _KEPT)  # noqa: S608 - constants
        _write(world, tuple(back))


def _refused(world: World) -> dict[str, set[str]]:
    """What each process's role is refused, of adding, changing, taking away and emptying."""
    acts = {
        "insert": "insert into audit_entry select gen_random_uuid(), now(), 'drill', 'system:drill', 'drill:1', ''",
        "update": "update audit_entry set by = 'user:999'",
        "delete": "delete from audit_entry",
        "truncate": "truncate audit_entry",
    }
    roles = {role: world.stage.env("counter", role)["DATABASE_URL"] for role in ("web", "worker")}
    return {role: {name for name, act in acts.items() if _is_refused(url, act)} for role, url in roles.items()}


def _allowed(refused: set[str]) -> list[str]:
    return sorted({"update", "delete", "truncate"} - refused)


def _is_refused(url: str, act: str) -> bool:
    with psycopg.connect(url) as connection:
        try:
            connection.execute(act.encode())
        except psycopg.Error:
            return True
        connection.rollback()
    return False


DRILL = Drill(13, "audit row changed, deleted, log truncated", play)
