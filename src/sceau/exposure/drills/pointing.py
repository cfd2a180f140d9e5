"""Drill 23: FHIR whose references point elsewhere, at a listener of ours, at other pharmacies' resources, or twice at one name."""

import socket
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from sceau.exposure.drills.canaries import OTHER_FINESS
from sceau.exposure.drills.drill import Control, Drill, Played, must
from sceau.exposure.drills.plain import newcomer, post, refused, taken, written
from sceau.exposure.drills.world import World

Bundle = dict[str, Any]


def play(world: World) -> Played:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.setblocking(False)
        address = f"http://127.0.0.1:{trap.getsockname()[1]}"
        tricks = {name: msgspec.json.encode(trick(_bundle(), address)) for name, trick in _TRICKS.items()}
        findings = [
            found
            for name, body in tricks.items()
            for found in refused(world, name, partial(post, world.laboratory, "/fhir", body))
        ]
        findings += must(not _came(trap), "the registry fetched what a reference points to")
        socket.create_connection(trap.getsockname()).close()
        heard = _came(trap)
    controls = [
        taken(world.laboratory, first=2_300),
        Control("who comes to the listener is heard", () if heard else ("a caller",)),
    ]
    return Played(f"{len(tricks)} bundles that point where they should not: all refused, nothing fetched", findings, controls)


def _bundle() -> Bundle:
    told: Bundle = msgspec.json.decode(written("/fhir", newcomer(2_301)))
    return told


def _came(trap: socket.socket) -> bool:
    try:
        trap.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _report(bundle: Bundle) -> Bundle:
    told: Bundle = bundle["entry"][0]["resource"]
    return told


def _subject(bundle: Bundle, target: str) -> Bundle:
    _report(bundle)["subject"] = {"reference": target}
    return bundle


def _twice(bundle: Bundle, _address: str) -> Bundle:
    bundle["entry"].append(bundle["entry"][1])
    return bundle


def _foreign(bundle: Bundle, _address: str) -> Bundle:
    told: Bundle = msgspec.json.decode(written("/fhir", newcomer(2_302, finess=OTHER_FINESS)))
    return told


_TRICKS: dict[str, Callable[[Bundle, str], Bundle]] = {
    "a subject at another server": lambda bundle, address: _subject(bundle, f"{address}/fhir/Patient/1"),
    "a subject in a file": lambda bundle, _: _subject(bundle, "file:///etc/passwd"),
    "a subject that is not there": lambda bundle, _: _subject(bundle, "urn:uuid:017e0000-0000-7000-8000-0000000000ff"),
    "a subject of another bundle": lambda bundle, _: _subject(bundle, "Patient/1"),
    "a subject that is no patient": lambda bundle, _: _subject(bundle, bundle["entry"][0]["fullUrl"]),
    "one name twice": _twice,
    "another pharmacy's test": _foreign,
}

DRILL = Drill(23, "FHIR references to absolute URLs, other pharmacies, duplicate ids", play)
