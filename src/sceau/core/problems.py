"""Problem details for HTTP APIs (RFC 9457): the words in which the registry refuses and the counter decides what to do.

The sender retries by `type`, never by guessing from the text; `HEALS` says which types go away without anybody changing the message.
"""

from enum import StrEnum

import msgspec

CONTENT_TYPE = "application/problem+json"
PREFIX = "urn:sceau:problem:"


class ProblemType(StrEnum):
    TOKEN_REFUSED = "token-refused"  # noqa: S105
    ASSERTION_REFUSED = "assertion-refused"
    SOFTWARE_UNKNOWN = "software-unknown"
    SOFTWARE_NOT_APPROVED = "software-not-approved"
    SOFTWARE_SUSPENDED = "software-suspended"
    SOFTWARE_WITHDRAWN = "software-withdrawn"
    OUT_OF_SCOPE = "out-of-scope"
    OTHER_SOFTWARE = "other-software"
    PHARMACY_NOT_ENROLLED = "pharmacy-not-enrolled"
    SENDER_UNKNOWN = "sender-unknown"
    SUBMISSION_UNKNOWN = "submission-unknown"
    ENROLMENT_REFUSED = "enrolment-refused"
    BAD_ENVELOPE = "bad-envelope"
    ENVELOPE_REUSED = "envelope-reused"
    BAD_REQUEST = "bad-request"
    TOO_LARGE = "too-large"
    TOO_MANY_REQUESTS = "too-many-requests"
    UNAVAILABLE = "unavailable"


HEALS = frozenset(
    {
        ProblemType.TOKEN_REFUSED,
        ProblemType.ASSERTION_REFUSED,
        ProblemType.SOFTWARE_NOT_APPROVED,
        ProblemType.SOFTWARE_SUSPENDED,
        ProblemType.OUT_OF_SCOPE,
        ProblemType.PHARMACY_NOT_ENROLLED,
        ProblemType.TOO_MANY_REQUESTS,
        ProblemType.UNAVAILABLE,
    }
)


class ProblemDetails(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`title` and `detail` are in the language asked for; `see` is the address of the list or page that explains; `retry_after` is in
    seconds, as the header of that name says it.
    """

    type: str
    title: str
    status: int
    detail: str = ""
    see: str = ""
    retry_after: int = 0

    @property
    def kind(self) -> ProblemType | None:
        """The type as one of ours, or None."""
        try:
            return ProblemType(self.type.removeprefix(PREFIX))
        except ValueError:
            return None
