"""Why something sealed is refused. One word each, frozen in `tests/vectors/sealing`."""

from enum import StrEnum


class Flaw(StrEnum):
    """What is wrong with an envelope, in the order in which it is looked for."""

    TRUNCATED = "truncated"
    NOT_AN_ENVELOPE = "not-an-envelope"
    UNKNOWN_VERSION = "unknown-version"
    BAD_HEADER = "bad-header"
    BAD_SIGNATURE = "bad-signature"
    UNKNOWN_KEY = "unknown-key"
    CANNOT_OPEN = "cannot-open"
    BAD_SIZE = "bad-size"
    BAD_PADDING = "bad-padding"
    BAD_COMPRESSION = "bad-compression"
    TOO_LARGE = "too-large"
    WRONG_COUNT = "wrong-count"


class SealingError(Exception):
    """Refused; `flaw` says why and never what was inside."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw
