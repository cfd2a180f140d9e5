"""A day's box: what comes while nobody is signed in, bound to pharmacy, day and item, and always of one length."""

import os
from datetime import date
from uuid import UUID

import pytest

from sceau.core.sealing import suite
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.open import open_box
from sceau.core.sealing.seal import BOX_MOST, BOX_SEALED, box_info, seal_box

PHARMACY, ITEM, DAY = UUID(int=1), UUID(int=2), date(2026, 11, 23)
SEED, OTHER = bytes(range(32)), os.urandom(32)
PUBLIC = suite.public_key(suite.public_bytes(SEED))
INFO = box_info(PHARMACY, DAY, ITEM)


@pytest.mark.parametrize("length", [0, 1, 500, BOX_MOST])
def test_it_opens_for_the_day_and_has_one_length(length: int) -> None:
    sealed = seal_box(b"x" * length, PUBLIC, INFO)
    assert len(sealed) == BOX_SEALED == 3184
    assert open_box([OTHER, SEED], sealed, INFO) == b"x" * length


def test_more_does_not_go_in() -> None:
    with pytest.raises(ValueError, match="2044"):
        seal_box(b"x" * (BOX_MOST + 1), PUBLIC, INFO)


@pytest.mark.parametrize(
    "info", [box_info(ITEM, DAY, ITEM), box_info(PHARMACY, date(2026, 11, 24), ITEM), box_info(PHARMACY, DAY, PHARMACY)]
)
def test_moved_to_another_pharmacy_day_or_item_it_stays_shut(info: bytes) -> None:
    with pytest.raises(SealingError):
        open_box([SEED], seal_box(b"x", PUBLIC, INFO), info)


@pytest.mark.parametrize("seeds", [[], [OTHER]])
def test_without_the_days_key_it_stays_shut(seeds: list[bytes]) -> None:
    with pytest.raises(SealingError):
        open_box(seeds, seal_box(b"x", PUBLIC, INFO), INFO)


@pytest.mark.parametrize("place", [0, 1200, -1])
def test_a_changed_byte_shuts_it(place: int) -> None:
    sealed = bytearray(seal_box(b"x", PUBLIC, INFO))
    sealed[place] ^= 1
    with pytest.raises(SealingError):
        open_box([SEED], bytes(sealed), INFO)
