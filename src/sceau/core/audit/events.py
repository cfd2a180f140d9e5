"""What the log tells. A new event is a new line here."""

from enum import StrEnum


class Event(StrEnum):
    SIGNED_IN = "signed-in"
    SIGN_IN_REFUSED = "sign-in-refused"
    SIGNED_OUT = "signed-out"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105
    PHARMACY_FOUNDED = "pharmacy-founded"
    PHARMACY_INVITED = "pharmacy-invited"
    PHARMACY_ENROLLED = "pharmacy-enrolled"
    MEMBER_ADDED = "member-added"
    MEMBER_LEFT = "member-left"
    WORKSTATION_ADDED = "workstation-added"
    RESULT_RECORDED = "result-recorded"
    RESULT_TAKEN_BACK = "result-taken-back"
    RESULT_CORRECTED = "result-corrected"
    RESULT_CANCELLED = "result-cancelled"
    RESULT_SENT_AGAIN = "result-sent-again"
    KIT_OVERRIDDEN = "kit-overridden"
    EXPORTED = "exported"
    IMPORT_STARTED = "import-started"
    IMPORT_DONE = "import-done"
    IMPORT_UNDONE = "import-undone"
    ENVELOPES_RECEIVED = "envelopes-received"
    BATCH_INGESTED = "batch-ingested"
    SOFTWARE_DECIDED = "software-decided"
    IDENTITY_REVEALED = "identity-revealed"
    PERSON_SOUGHT = "person-sought"
    RETENTION_RUN = "retention-run"
