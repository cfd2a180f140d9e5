"""Drill 12: somebody runs what they like in the registry's web process: invents agents, replays, and asks in a true agent's name.

They speak on that process's own socket. The token of a touch opens the one person it was for; an agent who is made to touch again and
again opens the metered number and no more. Beside it, every process's user tries everything that is another's (`separation`).
"""

import os
from collections.abc import Iterator
from uuid import uuid4

from sceau.core.keyholder import exposed
from sceau.core.keyholder.agent_verbs import Challenge, EnrolAgent, Present, RaiseLimit, Reveal, SealContact
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.exposed import Exposed
from sceau.core.keyholder.identity_verbs import Forget
from sceau.core.keyholder.shapes import Question, SealedAt
from sceau.demo.authenticator import Passkey
from sceau.exposure.drills import separation
from sceau.exposure.drills.agents import PURPOSE, Agents, refused
from sceau.exposure.drills.drill import Control, Drill, Finding, Played
from sceau.exposure.drills.world import World

_HOURLY = 30


def play(world: World) -> Played:
    agents, rows = world.agents, world.identities(world.stage.postgres)
    nadia = agents.enrol("nadia", "75")
    findings = [
        Finding(what, "the web process's socket")
        for what, asked in _attempts(agents, nadia, rows)
        if not refused(agents.web, asked)
    ]
    got = _open(agents, nadia, rows)
    opened, seen = len(got), {hit for one in got for hit in world.search.look(one, where="what was opened")}
    findings += [Finding(f"{opened} persons opened in an hour", "an agent who touches")] if opened > _HOURLY else []
    controls = [
        Control("an agent who is there opens a person", () if seen else ("everybody",)),
        Control("an agent who touches opens the metered number", () if opened == _HOURLY else (f"{opened} of {_HOURLY}",)),
    ]
    apart = separation.tried(world)
    obtained = (
        f"of an agent who is made to touch at every request, {opened} persons in an hour; invented and replayed ones: refused"
    )
    told = "; ".join(filter(None, (obtained, apart.told)))
    return Played(told, findings + apart.findings, controls + apart.controls)


def _open(agents: Agents, nadia: Passkey, rows: list[SealedAt]) -> list[bytes]:
    """Everybody, again and again, with a touch each."""
    got = []
    for nth in range(2 * _HOURLY):
        row = rows[nth % len(rows)]
        try:
            got.append(agents.web.ask(Reveal(agents.there(nadia, row), row, PURPOSE)))
        except KeyholderError:
            continue
    return got


def _attempts(agents: Agents, nadia: Passkey, rows: list[SealedAt]) -> Iterator[tuple[str, Question]]:
    """What must be refused, each beside something like it that is not."""
    row = rows[0]
    mallory = Passkey("mallory", origin=agents.origin)
    yield "an agent whom nobody vouched for", EnrolAgent(mallory.record("agent", ("*",)), [])
    used = nadia.touched(agents.web.ask(Challenge("nadia")))
    yield "an agent for whom an agent vouched", EnrolAgent(mallory.record("agent", ("*",)), [used, used])
    yield "an agent's own territory widened", EnrolAgent(nadia.record("agent", ("*",)), [])
    agents.web.ask(Present(used))
    yield "an assertion, replayed", Present(used)
    forged = Passkey("nadia", origin=agents.origin)
    forged.credential_id = nadia.credential_id
    yield "an assertion under another key", Present(forged.touched(agents.web.ask(Challenge("nadia"))))
    elsewhere = nadia.touched(agents.web.ask(Challenge("nadia")), origin="https://registre.evil")
    yield "an assertion made at another site", Present(elsewhere)
    yield "an invented token", Reveal(os.urandom(32), row, PURPOSE)
    abroad = agents.there(agents.enrol("omar", "13"), row)
    yield "another territory's agent", Reveal(abroad, row, PURPOSE)
    token = agents.there(nadia, row)
    yield "another person than the one touched for", Reveal(token, rows[1], PURPOSE)
    yield "another purpose than the one touched for", Reveal(token, row, "curious")
    yield "a person with a touch for nobody", Reveal(agents.there(nadia), row, PURPOSE)
    yield "a contact of a case that was not opened", _contact(token, rows[1])
    yield "a case's contact, by another territory's agent", _contact(abroad, row)
    yield "an agent's own limit raised", RaiseLimit(abroad, "omar", 1_000, PURPOSE)
    yield "a tombstone, which is the operator's", Forget(row.report)


def _contact(token: bytes, case: SealedAt) -> SealContact:
    told = exposed.encode(Exposed(family="INVENTED", given=("Nobody",)))
    return SealContact(token, case.report, uuid4(), case.department, case.day, told)


DRILL = Drill(12, "intruder in the registry's web process, inventing agents and replaying tokens", play)
