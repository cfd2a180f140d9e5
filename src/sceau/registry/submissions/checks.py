"""Whether every sender is as the authority registered it: its software, its establishment, its certificate."""

import hashlib
import json

from sceau.core.audit.checks import simple
from sceau.core.audit.states import State
from sceau.registry.submissions.models import Sender


def sender_state(sender: Sender) -> State:
    told = (str(sender.software_id), sender.finess, sender.name, sender.time_zone, bytes(sender.certificate or b"").hex())
    return State(f"sender:{sender.id}", 1, hashlib.sha256(json.dumps(told).encode()).digest(), "registered")


SENDER = simple("sender", Sender, sender_state)
