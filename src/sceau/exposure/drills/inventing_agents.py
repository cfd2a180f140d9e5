"""Drill 12: somebody runs what they like in the registry's web process: invents agents, replays, and asks in a true agent's name.

They speak on that process's own socket. The token of a touch opens the one person it was for; an agent who is made to touch again and
again opens the metered number and no more. They want software's tokens and keys as well (`inventing_keys`). Beside it, every process's
user tries everything that is another's (`separation`).
"""

import hashlib
import json
import os
from collections.abc import Iterator
from itertools import chain
from uuid import UUID, uuid4

from sceau.core.keyholder import exposed
from sceau.core.keyholder.agent_verbs import Assertion, Challenge, EnrolAgent, Present, RaiseLimit, Reveal, SealContact
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.exposed import Exposed
from sceau.core.keyholder.identity_verbs import Forget
from sceau.core.keyholder.service_verbs import Attest
from sceau.core.keyholder.shapes import Question, SealedAt
from sceau.core.keyholder.software_verbs import TellSoftware, agreed
from sceau.demo.authenticator import Passkey
from sceau.exposure.drills import inventing_keys, separation
from sceau.exposure.drills.agents import PURPOSE, Agents, refused
from sceau.exposure.drills.drill import Control, Drill, Finding, Played
from sceau.exposure.drills.world import World

_HOURLY = 30


def play(world: World) -> Played:
    agents, rows = world.agents, world.identities(world.stage.postgres)
    nadia = agents.enrol("nadia", "75")
    findings = [
        Finding(what, "the web process's socket")
        for what, asked in chain(_attempts(agents, nadia, rows), inventing_keys.attempts(agents.web, world.laboratory))
        if not refused(agents.web, asked)
    ]
    got = _open(agents, nadia, rows)
    opened, seen = len(got), {hit for one in got for hit in world.search.look(one, where="what was opened")}
    findings += [Finding(f"{opened} persons opened in an hour", "an agent who touches")] if opened > _HOURLY else []
    controls = [
        Control("an agent who is there opens a person", () if seen else ("everybody",)),
        Control("an agent who touches opens the metered number", () if opened == _HOURLY else (f"{opened} of {_HOURLY}",)),
    ]
    controls.append(Control("an officer who touches for it approves", () if _decides(agents) else ("the approval",)))
    signs_in = inventing_keys.signs_in(agents.web, world.laboratory)
    controls.append(Control("software whose key the keyholder knows gets a token", () if signs_in else ("the token",)))
    apart = separation.tried(world)
    obtained = (
        f"of an agent who is made to touch at every request, {opened} persons in an hour; invented and replayed ones: refused; "
        "of software that was approved, no token by what its key signed before, and none for another key"
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
    yield from _decisions(agents, nadia)
    yield "a tombstone, which is the operator's", Forget([row.report])


def _decisions(agents: Agents, nadia: Passkey) -> Iterator[tuple[str, Question]]:
    """A product that nobody approved, in the officer's place."""
    software, told = uuid4(), _row("approved")
    yield "an approval with nobody's touch", _telling(software, told)
    yield "the entry of an approval", Attest("software", [_telling(software, told).statement])
    hers = nadia.touched(agents.web.ask(Challenge(nadia.agent, agreed(software, told, b""))))
    yield "an approval by an agent", _telling(software, told, hers)
    officer = agents.members[0]
    for what, seen in (("another product", uuid4()), ("another state", software)):
        shown = told if seen != software else _row("suspended")
        touch = officer.touched(agents.web.ask(Challenge(officer.agent, agreed(seen, shown, b""))))
        yield f"an approval, touched for {what}", _telling(software, told, touch)
    there = officer.touched(agents.web.ask(Challenge(officer.agent)))
    yield "an approval, with a touch for nothing", _telling(software, told, there)


def _row(state: str) -> bytes:
    return json.dumps(["drill", "Mallory", "1", ["sealed"], [], None, None, state]).encode()


def _telling(software: UUID, told: bytes, touch: Assertion | None = None) -> TellSoftware:
    statement = f"software:{software}\n0\n1\n".encode() + hashlib.sha256(told).digest()
    return TellSoftware(software, told, statement, b"", touch)


def _decides(agents: Agents) -> bool:
    """That an officer who touches for it decides."""
    software, told, officer = uuid4(), _row("approved"), agents.members[0]
    touch = officer.touched(agents.web.ask(Challenge(officer.agent, agreed(software, told, b""))))
    return not refused(agents.web, _telling(software, told, touch))


def _contact(token: bytes, case: SealedAt) -> SealContact:
    told = exposed.encode(Exposed(family="INVENTED", given=("Nobody",)))
    return SealContact(token, case.report, uuid4(), case.department, case.day, told)


DRILL = Drill(12, "intruder in the registry's web process, inventing agents and replaying tokens", play)
