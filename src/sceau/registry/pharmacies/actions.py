"""Enrolment: a code goes to the owner, comes back once with a key, and proof that the sender holds it."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit import states
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.codes.identifiers import Finess
from sceau.core.sealing import signing, statements
from sceau.core.sealing.errors import SealingError
from sceau.registry.pharmacies.checks import pharmacy_state
from sceau.registry.pharmacies.errors import EnrolmentRefused
from sceau.registry.pharmacies.models import EnrolmentCode, Pharmacy

LIFETIME = timedelta(days=14)


@transaction.atomic
def invite(finess: Finess, *, at: datetime) -> str:
    """A code (136 bits) that enrols this pharmacy once; it is shown now and never again."""
    code = "-".join(secrets.token_hex(4) for _ in range(4)) + "-" + secrets.token_hex(1)
    EnrolmentCode.objects.create(digest=_digest(code), finess=finess, expires_at=at + LIFETIME)
    record(Event.PHARMACY_INVITED, by="operator", subject=f"pharmacy:{finess}", at=at)
    return code


@transaction.atomic
def enrol(finess: Finess, *, name: str, public_key: bytes, proof: bytes, code: str, at: datetime) -> Pharmacy:
    """Records the pharmacy's key; a second enrolment with a fresh code replaces it. Raises `EnrolmentRefused`."""
    open_codes = EnrolmentCode.objects.filter(digest=_digest(code), finess=finess, expires_at__gt=at, used_at=None)
    try:
        signing.check(public_key, proof, statements.enrolment(finess, public_key, code))
    except SealingError:
        raise EnrolmentRefused from None
    if not open_codes.update(used_at=at):
        raise EnrolmentRefused
    fields = {"name": name, "public_key": public_key, "enrolled_at": at}
    pharmacy, _ = Pharmacy.objects.update_or_create(finess=finess, defaults=fields)
    told, by = [pharmacy_state(pharmacy)], f"pharmacy:{finess}"
    states.tell(told, event=Event.PHARMACY_ENROLLED, by=by, keyholder=keyholder(), at=at)
    return pharmacy


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
