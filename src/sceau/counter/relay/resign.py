"""When a pharmacy's keys are renewed before the owner had confirmed the one before: what that key signed was never offered to the
registry, which will never know it, and is signed anew.
"""

from sceau.core.sealing.epochs import PharmacyKeys
from sceau.core.sealing.signing import SIGNATURE_LENGTH
from sceau.core.wire import KeyState
from sceau.counter.pharmacies.models import Enrolment, Pharmacy
from sceau.counter.relay.models import Envelope, EnvelopeState


def resign(pharmacy: Pharmacy, keys: PharmacyKeys) -> None:
    """With the present key, in the transaction that made it; nothing to do after a key that was confirmed."""
    before = Enrolment.objects.filter(pharmacy=pharmacy).exclude(state=KeyState.ENROLLED).first()
    if before is None:
        return
    kept = Envelope.objects.select_for_update().filter(pharmacy=pharmacy, state=EnvelopeState.WAITING, epoch=before.epoch)
    for row in kept:
        told = bytes(row.data or b"")[:-SIGNATURE_LENGTH]
        row.data, row.epoch = told + keys.signer.sign(told), keys.epochs[-1].number
        row.save(update_fields=["data", "epoch"])
