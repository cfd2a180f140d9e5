"""The words of an approval: where it stands, what is done to it, by whom, and through which door software sends."""

from enum import StrEnum


class ApprovalState(StrEnum):
    """`draft` is the publisher's own; `submitted` waits for the authority; `withdrawn` is for ever."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REFUSED = "refused"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


LISTED = (ApprovalState.APPROVED, ApprovalState.SUSPENDED, ApprovalState.WITHDRAWN)
"""What was approved once is on the public list for ever."""


class Act(StrEnum):
    SUBMIT = "submit"
    TAKE_BACK = "take-back"
    APPROVE = "approve"
    REFUSE = "refuse"
    SUSPEND = "suspend"
    WITHDRAW = "withdraw"


class Actor(StrEnum):
    PUBLISHER = "publisher"
    AUTHORITY = "authority"


class Format(StrEnum):
    """The doors: sealed envelopes, and those that seal what comes in another format."""

    SEALED = "sealed"
    FHIR = "fhir"
    HL7V2 = "hl7v2"
    CSV = "csv"
