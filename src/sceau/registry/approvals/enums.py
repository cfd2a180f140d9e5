from enum import StrEnum


class ApprovalState(StrEnum):
    APPROVED = "approved"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
