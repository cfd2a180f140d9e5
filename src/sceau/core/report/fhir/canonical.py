"""What a sender said in a bundle, less what changes when the same thing is sent again: what makes two rows the same.

Left out: ids and full addresses (a sender's converter makes them anew; references become the target's place in the bundle), `meta`,
narratives, the bundle's own identifier and time, the message header but for its source, and the record of the sending (Provenance).
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from sceau.core.report.fhir.text import Tree

_OF_THE_SENDING = frozenset({"Provenance"})
_OF_THE_RESOURCE = frozenset({"id", "meta", "text"})
_encoder = msgspec.json.Encoder(order="sorted")


def canonical(tree: Tree, *, report: int) -> bytes:
    """The bundle's canonical bytes with only that one of its reports, counted from 0."""
    kept = list(_kept(tree, report))
    names = {name: f"#{place}" for place, entry in enumerate(kept) for name in _names(entry)}
    return _encoder.encode([_resource(entry["resource"], names) for entry in kept])


def _kept(tree: Tree, report: int) -> Iterator[Tree]:
    reports = 0
    for entry in tree["entry"]:
        kind = entry["resource"]["resourceType"]
        if kind in _OF_THE_SENDING:
            continue
        if kind == "DiagnosticReport":
            reports += 1
            if reports - 1 != report:
                continue
        yield entry


def _names(entry: Tree) -> Iterator[str]:
    resource = entry["resource"]
    if "fullUrl" in entry:
        yield entry["fullUrl"]
    if "id" in resource:
        yield f"{resource['resourceType']}/{resource['id']}"


def _resource(resource: Tree, names: dict[str, str]) -> Any:
    if resource["resourceType"] == "MessageHeader":
        source = resource.get("source")
        said = {key: source[key] for key in ("name", "endpoint") if key in source} if isinstance(source, dict) else {}
        return {"resourceType": "MessageHeader", "source": said}
    return _renamed({key: value for key, value in resource.items() if key not in _OF_THE_RESOURCE}, names)


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _target(key, part, names) for key, part in value.items()}
    if isinstance(value, list):
        return [_renamed(part, names) for part in value]
    return value


def _target(key: str, value: Any, names: dict[str, str]) -> Any:
    if key == "reference" and isinstance(value, str):
        return names.get(value, value)
    return _renamed(value, names)
