"""Whether every software on the list is as it was decided, and has the keys that its publisher gave."""

import hashlib
import json

from sceau.core.audit.checks import simple
from sceau.core.audit.states import State
from sceau.registry.approvals.models import Key, Software
from sceau.registry.approvals.quota import Quota

_DECIDED = ("publisher_id", "name", "version", "formats", "diseases", "starts_on", "ends_on", "state", *Quota._fields)


def software_state(software: Software) -> State:
    return State(f"software:{software.id}", 1, hashlib.sha256(software_row(software)).digest(), str(software.state))


def software_row(software: Software) -> bytes:
    """What the keyholder is told of a product: its row as JSON."""
    return _json([getattr(software, name) for name in _DECIDED])


def key_state(key: Key) -> State:
    ends = key.ends_at.timestamp() if key.ends_at else None
    return State(f"software-key:{key.thumbprint}", 1, _digest([key.software_id, key.jwk, ends]))


def _digest(told: list[object]) -> bytes:
    return hashlib.sha256(_json(told)).digest()


def _json(told: list[object]) -> bytes:
    return json.dumps(told, sort_keys=True, separators=(",", ":"), default=str).encode()


SOFTWARE = simple("software", Software, software_state)
KEYS = simple("software-key", Key, key_state)
