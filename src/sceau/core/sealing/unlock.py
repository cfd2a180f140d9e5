"""Unwrapping slots and epochs. Only the modules that the import contract lists may import this one: it gives keys."""

from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sceau.core.sealing import suite
from sceau.core.sealing.epochs import Epoch, epoch_info
from sceau.core.sealing.errors import Flaw, SealingError
from sceau.core.sealing.slots import NONCE_LENGTH, SLOT_LABEL

_HALF = 32


def unwrap(key: bytes, wrapped: bytes, credential: UUID) -> bytes:
    """The content of a slot; raises `SealingError`."""
    try:
        return AESGCM(key).decrypt(wrapped[:NONCE_LENGTH], wrapped[NONCE_LENGTH:], SLOT_LABEL + credential.bytes)
    except (InvalidTag, ValueError):
        raise SealingError(Flaw.CANNOT_OPEN) from None


def unwrap_epoch(user_seed: bytes, wrapped: bytes, pharmacy: UUID, number: int) -> Epoch:
    """An epoch that was wrapped to this user; raises `SealingError`. Anybody can wrap: whose epoch it is shows its signing key."""
    try:
        info = epoch_info(pharmacy, number, suite.public_bytes(user_seed))
        plain = suite.SUITE.decrypt(wrapped, suite.private_key(user_seed), info=info)
    except (InvalidTag, ValueError, OverflowError):
        raise SealingError(Flaw.CANNOT_OPEN) from None
    if len(plain) != 2 * _HALF:
        raise SealingError(Flaw.BAD_SIZE)
    return Epoch(pharmacy, number, plain[:_HALF], plain[_HALF:])
