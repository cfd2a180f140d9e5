"""The frozen boxes and vouchers do what their names say, for the very flaw; the script still makes the same ones."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from scripts import box_vectors
from scripts.box_vectors import KEYS

from sceau.core.sealing import signing, vouchers
from sceau.core.sealing.epochs import box_statement
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.open import open_box
from sceau.core.sealing.seal import BOX_SEALED, box_info

FROZEN, ANEW = json.loads(box_vectors.FILE.read_text()), box_vectors.make()
PHARMACY, DAY = UUID(FROZEN["pharmacy"]), date.fromisoformat(FROZEN["day"])


def each(of: str) -> pytest.MarkDecorator:
    both = [(told, "frozen") for told in FROZEN[of]] + [(told, "anew") for told in ANEW[of]]
    return pytest.mark.parametrize("vector", [told for told, _ in both], ids=[f"{told['name']}-{when}" for told, when in both])


@each("boxes")
def test_a_box_opens_or_is_refused_for_the_flaw_it_has(vector: dict[str, Any]) -> None:
    info = box_info(UUID(vector["pharmacy"]), DAY, UUID(vector["item"]))
    sealed = bytes.fromhex(vector["sealed"])
    if "text" in vector:
        assert len(sealed) == BOX_SEALED
        assert open_box(KEYS.boxes(DAY), sealed, info) == vector["text"].encode()
        return
    with pytest.raises(SealingError) as caught:
        open_box(KEYS.boxes(DAY), sealed, info)
    assert caught.value.flaw == vector["flaw"]


@each("vouchers")
def test_a_voucher_holds_or_is_refused(vector: dict[str, Any]) -> None:
    key = bytes.fromhex(FROZEN["voucher_key"])
    if "flaw" not in vector:
        vouchers.check(vector["token"], key, PHARMACY)
        told = vouchers.read(vector["token"])
        assert (told.member, told.since.isoformat(), told.until.isoformat()) == (
            vector["member"],
            vector["since"],
            vector["until"],
        )
        return
    with pytest.raises(SealingError) as caught:
        vouchers.check(vector["token"], key, PHARMACY)
    assert caught.value.flaw == vector["flaw"]


def test_keys_and_signature_are_the_frozen_ones() -> None:
    """Ed25519 and the derivations leave nothing to chance."""
    for name in ("box_seed", "public", "signature", "voucher_key"):
        assert ANEW[name] == FROZEN[name]
    statement = box_statement(PHARMACY, DAY, bytes.fromhex(FROZEN["public"]))
    signing.check(signing.public_bytes(KEYS.signing_seed), bytes.fromhex(FROZEN["signature"]), statement)


def test_the_vouchers_made_anew_are_the_same_to_the_byte() -> None:
    assert ANEW["vouchers"] == FROZEN["vouchers"]


def test_most_are_refusals_and_each_name_is_there_once() -> None:
    for of in ("boxes", "vouchers"):
        names = [vector["name"] for vector in FROZEN[of]]
        assert len(names) == len(set(names))
        assert sum("flaw" in vector for vector in FROZEN[of]) > len(names) / 2


def test_writing_them_gives_the_file(tmp_path: Path) -> None:
    box_vectors.write(tmp_path / "boxes.json")
    assert json.loads((tmp_path / "boxes.json").read_text()).keys() == FROZEN.keys()
