"""The name of the relay's job: whoever leaves an envelope wakes it by this name and need not know its code."""

RELAY = "counter.relay"
