"""Rows that lie in clear, edited by a superuser: each edit alone, then `sceau audit verify`, then everything put back."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import psycopg

from sceau.exposure.drills.drill import Control, Finding, must
from sceau.exposure.drills.world import World

_USER = (
    "insert into accounts_user (email_token, sealed, is_active, public_key, stamp) "
    "values ('Mallory', 'Mallory', true, decode(repeat('00', 1216), 'hex'), 'stamp')"
)


class Edit(NamedTuple):
    """`acts` on `tables` of a service's database."""

    what: str
    service: str
    tables: tuple[str, ...]
    acts: tuple[str, ...]


EDITS = (
    Edit(
        "a fact",
        "registry",
        ("results_fact",),
        ("update results_fact set department = '2A' where report_id = (select id from results_report order by id limit 1)",),
    ),
    Edit(
        "a report, deleted",
        "registry",
        ("results_report", "results_fact"),
        (
            "delete from results_fact where report_id = (select id from results_report order by id limit 1)",
            "delete from results_report where id = (select id from results_report order by id limit 1)",
        ),
    ),
    Edit(
        "a report, inserted",
        "registry",
        ("results_report",),
        (
            "insert into results_report select gen_random_uuid(), gen_random_uuid(), null, 'final', issued, 'current', recorded_on, "
            "batch, day from results_report limit 1",
        ),
    ),
    Edit(
        "a standing",
        "registry",
        ("results_report",),
        (
            "update results_report set standing = 'cancelled' where id in "
            "(select id from results_report where standing = 'current' limit 1)",
        ),
    ),
    Edit(
        "a pharmacy's key",
        "registry",
        ("pharmacies_pharmacy",),
        ("update pharmacies_pharmacy set public_key = sha256('mallory')",),
    ),
    Edit(
        "an approval, inserted",
        "registry",
        ("approvals_software",),
        (
            "insert into approvals_software (id, name, publisher_id, version, formats, diseases, state, since) "
            "select gen_random_uuid(), 'Mallory', publisher_id, '2', formats, diseases, 'approved', now() "
            "from approvals_software limit 1",
        ),
    ),
    Edit("an approval's scope", "registry", ("approvals_software",), ("update approvals_software set ends_on = '2099-12-31'",)),
    Edit("an approval's key", "registry", ("approvals_key",), ("update approvals_key set jwk = '{}'",)),
    Edit(
        "an approval's key, inserted",
        "registry",
        ("approvals_key",),
        (
            "insert into approvals_key (thumbprint, software_id, jwk, added_at, ends_at) "
            "select 'Mallory', software_id, jwk, now(), now() + interval '1 year' from approvals_key limit 1",
        ),
    ),
    Edit("a user, inserted", "registry", ("accounts_user",), (_USER,)),
    Edit(
        "an agent, inserted",
        "registry",
        ("accounts_user", "accounts_slot", "accounts_passkey"),
        (
            _USER,
            "insert into accounts_slot (id, user_id, kind, owner, wrapped, created_at) "
            "select gen_random_uuid(), id, 'passkey', '', '', now() from accounts_user where sealed = 'Mallory'",
            "insert into accounts_passkey (slot_id, credential_id, credential, count, sealed_name) "
            "select s.id, 'mallory', '', 0, 'agent' from accounts_slot s join accounts_user u on u.id = s.user_id "
            "where u.sealed = 'Mallory'",
        ),
    ),
    Edit(
        "an outcome shown",
        "counter",
        ("screenings_screening",),
        ("update screenings_screening set outcome = 'refused' where outcome = 'recorded'",),
    ),
    Edit(
        "an outcome shown, and the answer kept of it",
        "counter",
        ("screenings_screening", "relay_envelope"),
        (
            "update screenings_screening set outcome = 'refused' where outcome = 'recorded'",
            "update relay_envelope set outcomes = array_replace(outcomes, 'recorded', 'refused')",
        ),
    ),
    Edit("a user, inserted", "counter", ("accounts_user",), (_USER,)),
    Edit(
        "a member, inserted",
        "counter",
        ("accounts_user", "pharmacies_member"),
        (
            _USER,
            "insert into pharmacies_member (pharmacy_id, user_id, role, endorsement) select p.id, u.id, 'owner', '' "
            "from pharmacies_pharmacy p, accounts_user u where u.sealed = 'Mallory' limit 1",
        ),
    ),
)


def play(world: World) -> tuple[list[Finding], list[Control]]:
    """What of it nobody noticed; and whether what nobody edited holds, before and afterwards."""
    before = _sound(world, "before")
    findings = [finding for edit in EDITS for finding in _noticed(world, edit)]
    return findings, [*before, *_sound(world, "put back")]


def _sound(world: World, when: str) -> list[Control]:
    return [
        Control(f"the {service} {when} is as its log says", tuple(_faults(world, service))) for service in ("registry", "counter")
    ]


def _noticed(world: World, edit: Edit) -> list[Finding]:
    with _as_it_was(world, edit.service, edit.tables):
        _write(world, edit.service, edit.acts)
        return must(bool(_faults(world, edit.service)), f"at the {edit.service}: {edit.what}, and nobody noticed")


def _faults(world: World, service: str) -> list[str]:
    told = world.stage.run(service, "audit", "verify", "--service", service, "--json", role="owner", check=False)
    return [str(fault) for fault in json.loads(told)["faults"]]


@contextmanager
def _as_it_was(world: World, service: str, tables: Sequence[str]) -> Iterator[None]:
    """These tables put back at the end, by somebody who kept a copy."""
    _write(world, service, [f"create table kept_{table} as table {table}" for table in tables])
    try:
        yield
    finally:
        back = (f"delete from {table}; insert into {table} table kept_{table}; drop table kept_{table}" for table in tables)  # noqa: S608 - constants
        _write(world, service, list(back))


def _write(world: World, service: str, acts: Sequence[str]) -> None:
    """As the superuser, with every trigger off."""
    with psycopg.connect(world.stage.postgres.superuser_url(service)) as connection:
        connection.execute("set session_replication_role = replica")
        for act in acts:
            connection.execute(act.encode())
