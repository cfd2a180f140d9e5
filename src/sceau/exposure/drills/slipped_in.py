"""Envelopes that a superuser writes into the inbox, sealed to the registry's published key, in the name of software that is approved:
one under a plain door's name, one in the pharmacy's, with a signature of his own.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from sceau.core.codes.identifiers import Finess
from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.report import fhir
from sceau.core.report.model import blind
from sceau.core.sealing import signing, suite
from sceau.core.sealing.header import Header
from sceau.core.sealing.seal import seal_at_the_door, seal_envelope
from sceau.demo.stage import FINESS
from sceau.exposure.drills.canaries import final, newcomer, screening
from sceau.exposure.drills.world import World

_WRITE = """insert into intake_inboxenvelope
(id, software_id, finess, reports, digest, received_at, state, body, stamp, flaw, signature_key)
select %s, %s, %s, 1, '', now(), 'waiting', %s,
    coalesce((select stamp from intake_inboxenvelope where stamp <> '' limit 1), ''), '', ''"""
_INTAKE = """
select procrastinate_defer_jobs_v1(array[row('default', 'registry.intake', 0, null, null, '{}', null)::procrastinate_job_to_defer_v1])
"""
_WAITS = "select count(*) from intake_inboxenvelope where state = 'waiting'"
_STATES = "select state from intake_inboxenvelope where id = any(%s)"


def states(world: World) -> list[str]:
    """What became of both, each with the stamp of another envelope."""
    made = [_made(world, door=door) for door in (True, False)]
    for header, data in made:
        world.sql("registry", _WRITE, header.envelope, header.software, FINESS, data)
    world.sql("registry", _INTAKE)
    world.supervisor.wait_for(lambda: not world.sql("registry", _WAITS)[0][0], what="the intake", deadline=30)
    return [state for (state,) in world.sql("registry", _STATES, [header.envelope for header, _ in made])]


def _made(world: World, *, door: bool) -> tuple[Header, bytes]:
    at, software = datetime.now(UTC), UUID((world.stage.folder / "config" / "software-id").read_text())
    keys = KeyList.decode(Path(world.stage.env("counter", "web")["REGISTRY_KEYS"]).read_bytes())
    public = keys.envelope_for(at.date())
    header = Header(suite.key_id(public), uuid4(), software, Finess(FINESS), at, 1, door=door)
    report = final(uuid4().int >> 64, screening(newcomer()))
    lines, twins, key = [fhir.write(report)], [fhir.write(blind(report))], suite.public_key(public)
    if door:
        return header, seal_at_the_door(header, lines, twins, registry=key)
    return header, seal_envelope(header, lines, twins, registry=key, signer=signing.signer(os.urandom(32))).data
