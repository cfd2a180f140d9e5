from enum import StrEnum


class InboxState(StrEnum):
    """`set-aside` is an envelope that made the intake fail; it waits for somebody to look."""

    WAITING = "waiting"
    DONE = "done"
    SET_ASIDE = "set-aside"


class Outcome(StrEnum):
    """What became of one report."""

    RECORDED = "recorded"
    DUPLICATE = "duplicate"
    AMENDED = "amended"
    CANCELLED = "cancelled"
    REFUSED = "refused"
