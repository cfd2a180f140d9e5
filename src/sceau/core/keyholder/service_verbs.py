"""What every service asks of its keyholder about the whole: how it fares, to sign its log, to attest rows, to destroy ended days."""

from datetime import date, datetime, timedelta

from sceau.core.keyholder.shapes import Question, Shape

SKEW = timedelta(minutes=5)
"""By how much an asker's moment may differ from the keyholder's clock; it refuses more with `clock`."""


class Signature(Shape, frozen=True):
    """`key` names the signing key among those published in the registry's key list."""

    key: str
    value: bytes


class Statement(Shape, frozen=True):
    """What was destroyed, signed: `text` is UTF-8 JSON, the signature Ed25519 over `statements.DESTROYED_LABEL` ‖ text."""

    text: bytes
    signature: Signature


class Told(Shape, frozen=True):
    """A keyholder's state, without a secret in it; `log_key` is public, `checkpoint` the size of the log it last signed."""

    service: str
    journal_entries: int
    journal_head: bytes
    unsafe: bool
    live_days: int
    now: datetime
    log_key: bytes
    checkpoint: int
    checkpoint_root: bytes


class Retire(Question, frozen=True, tag="retire"):
    """Destroys the keys of every day whose retention, by the keyholder's own regimes, ended before `on`, which is not to come."""

    on: date


class Checkpoint(Question, frozen=True, tag="checkpoint"):
    """Signs the log's size and root, if `consistency` (RFC 6962) proves it an extension of what was last signed."""

    size: int
    root: bytes
    consistency: list[bytes]


class Attest(Question, frozen=True, tag="attest"):
    """An HMAC (32 bytes) for each statement about rows of a `kind` that the asker is about to tell its log."""

    kind: str
    statements: list[bytes]


class Attested(Question, frozen=True, tag="attested"):
    """Whether each statement has the HMAC that `attest` gave for it."""

    kind: str
    statements: list[tuple[bytes, bytes]]


class Health(Question, frozen=True, tag="status"):
    """How the keyholder fares."""
