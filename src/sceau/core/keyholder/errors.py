"""What a keyholder answers when it does not do what it was asked."""

from enum import StrEnum


class Refusal(StrEnum):
    UNAVAILABLE = "unavailable"
    NOT_UNDERSTOOD = "not-understood"
    WRONG = "wrong"
    METERED = "metered"
    UNKNOWN = "unknown"
    DESTROYED = "destroyed"
    NOT_ALLOWED = "not-allowed"
    CLOCK = "clock"
    FAILED = "failed"


class KeyholderError(Exception):
    """Refused; `detail` says no more than an operator needs, and names nobody."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(f"{refusal.value} {detail}".strip())
        self.refusal = refusal
        self.detail = detail
