"""Signed statements of what was destroyed: kept by whoever asked, as proof."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from sceau.core.keyholder.service_verbs import Signature, Statement
from sceau.core.keyholder.store import Store
from sceau.core.sealing import signing, statements


def state(store: Store, destroyed: Sequence[str], at: datetime, **more: str) -> Statement:
    """That these secrets are destroyed, signed with the store's statement key (Ed25519)."""
    text = msgspec.json.encode({"destroyed": list(destroyed), "at": at, **more})
    return Statement(text, sign(store.ensure("statements"), statements.DESTROYED_LABEL + text))


def sign(seed: bytes, statement: bytes) -> Signature:
    return sign_all(seed, [statement])[0]


def sign_all(seed: bytes, told: Sequence[bytes]) -> list[Signature]:
    """`key` is the first 16 hexadecimal digits of the public key. Making the key costs as much as signing: once for all."""
    signer = signing.signer(seed)
    key = signer.public_key().public_bytes_raw().hex()[:16]
    return [Signature(key, signer.sign(one)) for one in told]
