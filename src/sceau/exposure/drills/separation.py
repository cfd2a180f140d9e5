"""What each process's operating-system user gets at of the others': every socket, store, credential and memory is tried as each.

What its place in the service gives it is the control: an attempt that nobody succeeds in proves nothing. Where all processes share
one user, that is the finding.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import NamedTuple

from sceau.core.keyholder import wire
from sceau.core.keyholder.service_verbs import Health
from sceau.demo import tied
from sceau.demo.accounts import ROLES
from sceau.demo.stage import PROCESSES, SERVICES, Stage
from sceau.exposure.drills import probe
from sceau.exposure.drills.drill import Control, Finding
from sceau.exposure.drills.temporary import descendants
from sceau.exposure.drills.world import World

_SOCKETS = {"web": ("web", "workstation"), "worker": ("worker",), "operator": ("owner",), "doors": ("doors",)}
_OPENER = "opener of the registry's keyholder"


class Separated(NamedTuple):
    """`told` says what was tried."""

    told: str
    findings: list[Finding]
    controls: list[Control]


def tried(world: World) -> Separated:
    """As each user, everything there is."""
    if lacking := world.stage.accounts.separation.lacking:
        return Separated(
            "", [Finding(f"every process runs as one user, so that each reads the others' memory: {lacking}", "users")], []
        )
    asked, users = _asked(world.stage), list(_users())
    every = {user: _got(world.stage, user, asked) for user in users}
    count = len(asked["sockets"]) + len(asked["files"]) + len(asked["processes"]) * len(probe.PARTS)
    told = f"{len(users)} users, each trying {count} sockets, files and memories of the others: only what is its own"
    return Separated(told, list(_beyond(every)), [_own(every)])


def _users() -> Iterator[tuple[str, str]]:
    nobody = {("registry", "workstation"), ("counter", "doors")}
    return ((service, role) for service in SERVICES for role in ROLES if (service, role) not in nobody)


def _asked(stage: Stage) -> probe.Asked:
    """Everything that belongs to somebody, by the name under which it is told."""
    frame = wire.ENCODER.encode(Health())
    question = (len(frame).to_bytes(4, "big") + frame).hex()
    sockets = [(service, name) for service in SERVICES for name in _SOCKETS if (service, name) != ("counter", "doors")]
    places = {f"{service} {name}.sock": str(stage.sockets(service) / f"{name}.sock") for service, name in sockets}
    files = {
        "software.pem": str(stage.folder / "config" / "software.pem"),
        "workstation.json": str(stage.workstation),
        "superuser": str(stage.postgres.folder / "superuser"),
        **{f"{service} store": str(stage.state(service)) for service in SERVICES},
        **{f"{service} unlock key": str(stage.unlock_file(service)) for service in SERVICES},
    }
    return {"question": question, "sockets": places, "files": files, "processes": _processes(stage)}


def _processes(stage: Stage) -> dict[str, int]:
    """Every process of both services; the opener is the keyholder's child."""
    names = [f"{service}-{role}" for service in SERVICES for role in (*PROCESSES[service], "keyholder")]
    found = {name: stage.supervisor.pid(name) for name in names}
    [opener] = descendants(of=found["registry-keyholder"])
    return found | {_OPENER: opener}


def _got(stage: Stage, user: tuple[str, str], asked: probe.Asked) -> set[str]:
    argv = [sys.executable, "-I", "-S", probe.__file__, json.dumps(asked)]
    tied_argv = tied.command(argv, account=stage.accounts.of(*user), at_death=signal.SIGTERM)
    done = subprocess.run(tied_argv, capture_output=True, check=True)  # noqa: S603 - our own program
    return set(json.loads(done.stdout))


def _allowed(service: str, role: str) -> set[str]:
    """What is this user's own. A keyholder and its opener keep even their own user out of their memory."""
    own = {f"{service} {name}.sock" for name, roles in _SOCKETS.items() if role in roles}
    if role in PROCESSES[service]:
        own |= {f"{part} of {service}-{role}" for part in probe.PARTS}
    if role == "keyholder":
        own |= {f"{service} store", f"{service} unlock key"}
    if service == "counter":
        own |= {"software.pem"} if role in ("web", "worker", "owner") else set()
        own |= {"workstation.json"} if role in ("workstation", "owner") else set()
    return own


def _beyond(every: dict[tuple[str, str], set[str]]) -> Iterator[Finding]:
    for (service, role), got in every.items():
        for what in sorted(got - _allowed(service, role)):
            yield Finding(f"{what}, as the user of {service}-{role}", "users")


def _own(every: dict[tuple[str, str], set[str]]) -> Control:
    missed = [f"{what} as {service}-{role}" for (service, role), got in every.items() for what in _allowed(service, role) - got]
    return Control("each user gets at its own sockets, files and memory", tuple(sorted(missed)))
