"""Whether every pharmacy's key is the one that was enrolled."""

import hashlib

from sceau.core.audit.checks import simple
from sceau.core.audit.states import State
from sceau.registry.pharmacies.models import Pharmacy


def pharmacy_state(pharmacy: Pharmacy) -> State:
    return State(f"pharmacy:{pharmacy.finess}", 1, hashlib.sha256(bytes(pharmacy.public_key)).digest())


PHARMACIES = simple("pharmacy", Pharmacy, pharmacy_state)
