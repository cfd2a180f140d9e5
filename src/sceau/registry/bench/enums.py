from enum import StrEnum


class Kind(StrEnum):
    """A call that sends envelopes, or that asks for their acknowledgements."""

    SEND = "send"
    ASK = "ask"


class Fault(StrEnum):
    """What a call is answered with on purpose: 503; 403 as if suspended; nothing at all, though everything was stored."""

    UNAVAILABLE = "unavailable"
    SUSPENDED = "suspended"
    DROPPED = "dropped"


FAULTS = (Fault.UNAVAILABLE, Fault.SUSPENDED, Fault.DROPPED)
"""The first calls of a test that send envelopes are answered so, one after the other."""
