"""The stamp of the door that took an envelope in: without it nothing is opened, and each door has its own."""

from datetime import timedelta

from tests.core.keyholder.test_presence import refusal
from tests.core.keyholder.world import Running

from sceau.core.keyholder.envelope_verbs import StampKey
from sceau.core.keyholder.stamps import LENGTH, Stamp, Stamps
from sceau.core.keyholder.store import Store

ENVELOPE = b"an envelope" * 100


def test_each_door_is_given_its_own_key_and_no_other(registry: Running) -> None:
    asked = {
        (who, plain): refusal(registry, StampKey(plain), who) for who in ("web", "doors", "worker") for plain in (False, True)
    }
    assert asked == {
        ("web", False): "answered",
        ("web", True): "not-allowed",
        ("doors", False): "not-allowed",
        ("doors", True): "answered",
        ("worker", False): "not-understood",
        ("worker", True): "not-understood",
    }
    assert registry.ask("web", StampKey(plain=False)) != registry.ask("doors", StampKey(plain=True))


def test_a_stamp_holds_for_its_bytes_its_door_and_its_months(registry: Running) -> None:
    stamps = Stamps(Store(registry.state, bytes(range(32))), registry.clock)
    stamp = Stamp(*registry.ask("doors", StampKey(plain=True)))
    stamped = ENVELOPE + stamp.on(ENVELOPE)
    assert stamps.bare(stamped, plain=True) == ENVELOPE
    assert stamps.bare(stamped, plain=False) is None
    for place in (0, len(ENVELOPE), len(stamped) - 1):
        changed = bytearray(stamped)
        changed[place] ^= 1
        assert stamps.bare(bytes(changed), plain=True) is None
    for wrong in (ENVELOPE, b"", stamped[:-1], ENVELOPE + bytes(LENGTH)):
        assert stamps.bare(wrong, plain=True) is None
    registry.clock.now += timedelta(days=60)
    assert stamps.bare(stamped, plain=True) == ENVELOPE
    registry.clock.now += timedelta(days=60)
    assert stamps.bare(stamped, plain=True) is None
