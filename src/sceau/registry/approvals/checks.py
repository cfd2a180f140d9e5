"""Whether every software on the list is as the authority decided: its key, its scope, its state."""

import hashlib
import json

from sceau.core.audit.checks import simple
from sceau.core.audit.states import State
from sceau.registry.approvals.models import Software

_DECIDED = ("publisher", "name", "version", "scope", "jwk", "state")


def software_state(software: Software) -> State:
    text = json.dumps([getattr(software, name) for name in _DECIDED], sort_keys=True, separators=(",", ":"))
    return State(f"software:{software.id}", 1, hashlib.sha256(text.encode()).digest(), str(software.state))


SOFTWARE = simple("software", Software, software_state)
