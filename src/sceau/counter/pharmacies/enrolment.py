"""Asking the registry to enrol the pharmacy's signing key. The request is signed here, while the keys are at hand; the relay carries
it, and the owner confirms it by a sign-in of their own at the registry (ADR 0014). Nothing here can confirm it.
"""

from datetime import datetime

from django.db import transaction

from sceau.core.jobs import wake
from sceau.core.sealing import signing, statements
from sceau.core.sealing.epochs import PharmacyKeys
from sceau.core.wire import KeyState
from sceau.counter.pharmacies.models import Enrolment, Pharmacy
from sceau.counter.relay.job import RELAY


@transaction.atomic
def ask(pharmacy: Pharmacy, keys: PharmacyKeys, *, at: datetime) -> str:
    """A request for the present signing key, in place of the one before; gives the key's fingerprint, to compare."""
    public = signing.public_bytes(keys.signing_seed)
    proof = keys.signer.sign(statements.enrolment(pharmacy.finess, public, at))
    asked = {"epoch": keys.epochs[-1].number, "public_key": public, "proof": proof, "asked_at": at}
    afresh = {"state": KeyState.REQUESTED, "answered_at": None, "next_at": at}
    Enrolment.objects.update_or_create(pharmacy=pharmacy, defaults=asked | afresh)
    wake(RELAY)
    return signing.fingerprint(public)


@transaction.atomic
def look(pharmacy: Pharmacy, *, at: datetime) -> None:
    """Has the relay ask at once how a key stands that waits."""
    Enrolment.objects.filter(pharmacy=pharmacy, state=KeyState.REQUESTED).update(next_at=at)
    wake(RELAY)
