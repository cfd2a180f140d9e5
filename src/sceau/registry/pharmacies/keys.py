"""A pharmacy's key: asked for by its software, confirmed by its owner's own act here, never by the software's word (ADR 0014)."""

import hmac
from datetime import datetime, timedelta
from zlib import crc32

from django.db import connection, transaction

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit import states
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.codes.identifiers import Finess
from sceau.core.sealing import signing, statements
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.signing import key_digest
from sceau.core.wire import KeyRequest, KeyState
from sceau.registry.approvals.models import Software
from sceau.registry.pharmacies.checks import pharmacy_state
from sceau.registry.pharmacies.errors import EnrolmentRefused, FingerprintDiffers, NoSuchRequest, TooManyRequests
from sceau.registry.pharmacies.models import Key, Owner, Pharmacy

MOST_A_DAY = 20
SKEW = timedelta(minutes=5)
READ = 16
"""How many of a fingerprint's last digits are typed from the counter's page: 64 bits, which nobody finds another key for."""


@transaction.atomic
def ask(asked: KeyRequest, *, software: Software, at: datetime) -> KeyState:
    """Keeps a request for the owner to decide, in place of one that waits; tells the state of one that is known. A key that ended, or
    that the owner refused, does not come back by the same request. Raises `EnrolmentRefused`, `TooManyRequests`, `BadCode`.
    """
    finess = Finess(asked.finess)
    _check(asked, finess, at)
    if not Owner.objects.filter(finess=finess).exists():
        return KeyState.REQUESTED
    _one_at_a_time(finess)
    if known := _known(asked, finess):
        return known
    if Key.objects.filter(finess=finess, received_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise TooManyRequests
    Key.objects.filter(finess=finess, state=KeyState.REQUESTED).update(state=KeyState.REPLACED, decided_at=at)
    told = {"name": asked.name, "public_key": asked.public_key, "asked_at": asked.asked_at}
    Key.objects.create(finess=finess, software=software, state=KeyState.REQUESTED, received_at=at, **told)
    _tell(Event.KEY_REQUESTED, finess, key_digest(asked.public_key), by=f"software:{software.id}", at=at)
    return KeyState.REQUESTED


@transaction.atomic
def enrol_at_once(asked: KeyRequest, *, software: Software, at: datetime) -> KeyState:
    """In a sandbox, where no pharmacy has an owner: the last that asks for a number has it. Raises `EnrolmentRefused`, `BadCode`."""
    finess = Finess(asked.finess)
    _check(asked, finess, at)
    enrol(finess, name=asked.name, public_key=asked.public_key, by=f"software:{software.id}", at=at)
    return KeyState.ENROLLED


@transaction.atomic
def confirm(finess: str, *, digest: str, read: str, by: str, at: datetime) -> Pharmacy:
    """Enrols the waiting key of that digest, when `read` are at least the last 16 digits of the fingerprint that the counter shows;
    the key before ends. Raises `NoSuchRequest`, `FingerprintDiffers`, `KeyholderError`.
    """
    key = _waiting(finess, digest)
    if not _is_end_of(key_digest(bytes(key.public_key)), read):
        raise FingerprintDiffers
    Key.objects.filter(finess=finess, state=KeyState.ENROLLED).update(state=KeyState.ENDED, ended_at=at)
    _decide(key, KeyState.ENROLLED, by, at)
    return enrol(finess, name=key.name, public_key=bytes(key.public_key), by=by, at=at)


@transaction.atomic
def enrol(finess: str, *, name: str, public_key: bytes, by: str, at: datetime) -> Pharmacy:
    """Writes down the key that was confirmed, and tells the log, attested. Raises `KeyholderError`."""
    fields = {"name": name, "public_key": public_key, "enrolled_at": at}
    pharmacy, _ = Pharmacy.objects.update_or_create(finess=finess, defaults=fields)
    states.tell([pharmacy_state(pharmacy)], event=Event.PHARMACY_ENROLLED, by=by, keyholder=keyholder(), at=at)
    return pharmacy


@transaction.atomic
def refuse(finess: str, *, digest: str, by: str, at: datetime) -> None:
    """Drops the waiting key of that digest. Raises `NoSuchRequest`."""
    _decide(_waiting(finess, digest), KeyState.REFUSED, by, at)
    _tell(Event.KEY_REFUSED, finess, digest, by=by, at=at)


def _check(asked: KeyRequest, finess: Finess, at: datetime) -> None:
    """A future time would outdo every later request."""
    if asked.asked_at > at + SKEW:
        raise EnrolmentRefused
    try:
        signing.check(asked.public_key, asked.proof, statements.enrolment(finess, asked.public_key, asked.asked_at))
    except SealingError:
        raise EnrolmentRefused from None


def _known(asked: KeyRequest, finess: Finess) -> KeyState | None:
    """The state that this request cannot change, if there is one."""
    rows = list(Key.objects.filter(finess=finess, public_key=asked.public_key).order_by("-asked_at"))
    lasting = next((row for row in rows if row.state in (KeyState.ENROLLED, KeyState.ENDED)), None)
    last = lasting or next((row for row in rows if row.state == KeyState.REQUESTED or row.asked_at >= asked.asked_at), None)
    return KeyState(last.state) if last else None


def _waiting(finess: str, digest: str) -> Key:
    """The request that waits, if it is this one: another may have come since the page was shown."""
    key = Key.objects.select_for_update().filter(finess=finess, state=KeyState.REQUESTED).first()
    if key is None or not hmac.compare_digest(key_digest(bytes(key.public_key)).encode(), digest.encode()):
        raise NoSuchRequest
    return key


def _is_end_of(digest: str, read: str) -> bool:
    typed = "".join(read.split()).lower()
    return READ <= len(typed) <= len(digest) and hmac.compare_digest(digest[-len(typed) :].encode(), typed.encode())


def _decide(key: Key, state: KeyState, by: str, at: datetime) -> None:
    key.state, key.decided_at, key.by = state, at, by
    key.save(update_fields=["state", "decided_at", "by"])


def _one_at_a_time(finess: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [crc32(f"key:{finess}".encode())])


def _tell(event: Event, finess: str, digest: str, *, by: str, at: datetime) -> None:
    record(event, by=by, subject=f"pharmacy:{finess}", purpose=digest, at=at)
