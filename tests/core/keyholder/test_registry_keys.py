"""The key list: the root's word alone, over bytes that can be read one way only."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from sceau.core.keyholder.registry_keys import EnvelopeKey, KeyList
from sceau.core.sealing import signing, suite
from sceau.core.sealing.errors import SealingError

ROOT, OTHER_ROOT = bytes(range(32)), bytes(range(1, 33))
NOVEMBER, JANUARY = (suite.public_bytes(bytes([number]) * 32) for number in (1, 2))
RECEIPT, LOG = signing.public_bytes(bytes([3]) * 32), signing.public_bytes(bytes([4]) * 32)
MONTHS = (EnvelopeKey("2026-11", NOVEMBER), EnvelopeKey("2027-01", JANUARY))


def listed(*months: EnvelopeKey, root: bytes = ROOT) -> KeyList:
    return KeyList.signed(envelopes=months or MONTHS, receipt=RECEIPT, log=LOG, root=root)


def check(keys: KeyList) -> KeyList:
    return keys.check(signing.public_bytes(ROOT))


def test_what_the_root_signed_is_read_back_whole() -> None:
    keys = check(KeyList.decode(listed().encode()))
    assert (keys.envelopes, keys.receipt, keys.log) == (MONTHS, RECEIPT, LOG)


def test_another_roots_list_is_refused() -> None:
    with pytest.raises(SealingError, match="bad-signature"):
        check(listed(root=OTHER_ROOT))


CHANGES: dict[str, dict[str, Any]] = {
    "a key swapped for another": {"envelopes": (EnvelopeKey("2026-11", JANUARY), MONTHS[1])},
    "a key under another month": {"envelopes": (EnvelopeKey("2026-12", NOVEMBER), MONTHS[1])},
    "months in another order": {"envelopes": MONTHS[::-1]},
    "a month left out": {"envelopes": MONTHS[:1]},
    "no month": {"envelopes": ()},
    "receipt and log exchanged": {"receipt": LOG, "log": RECEIPT},
    "another receipt key": {"receipt": signing.public_bytes(OTHER_ROOT)},
    "bytes moved from one key to the next": {"receipt": RECEIPT[:-1], "log": RECEIPT[-1:] + LOG},
    "bytes moved from the key into the month": {
        "envelopes": (EnvelopeKey("2026-11A", NOVEMBER[1:]), MONTHS[1]),
    },
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_list_that_was_changed_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(SealingError, match="bad-signature"):
        check(replace(listed(), **change))


@pytest.mark.parametrize(
    ("on", "key"),
    [
        (date(2026, 11, 1), NOVEMBER),
        (date(2026, 11, 30), NOVEMBER),
        (date(2026, 12, 31), NOVEMBER),
        (date(2027, 1, 1), JANUARY),
        (date(2030, 1, 1), JANUARY),
    ],
)
def test_a_day_has_its_months_key_or_the_last_before_it(on: date, key: bytes) -> None:
    assert listed().envelope_for(on) == key
    assert listed(*MONTHS[::-1]).envelope_for(on) == key


def test_before_the_first_month_there_is_no_key() -> None:
    with pytest.raises(SealingError, match="unknown-key"):
        listed().envelope_for(date(2026, 10, 31))
