"""Epochs: a pharmacy's keys wrapped to each member, and what is derived from them for each day."""

import hmac
import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from scripts import slot_vectors
from scripts.slot_vectors import AMINA_SEED, CHLOE_SEED, DAY, DAYS, FIRST, LILAS, OTHER_PHARMACY, SECOND

from sceau.core.sealing import epochs, signing, suite
from sceau.core.sealing.epochs import DayShut, PharmacyKeys
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.open import open_row_with
from sceau.core.sealing.rows import Place
from sceau.core.sealing.seal import seal_row
from sceau.core.sealing.unlock import unwrap_epoch

Vector = dict[str, Any]
FROZEN, ANEW = json.loads(slot_vectors.FILE.read_text()), slot_vectors.make()
BEFORE, NOW = PharmacyKeys([FIRST], DAYS), PharmacyKeys([FIRST, SECOND], DAYS)
SHUT = date(2026, 11, 22)
PLACE = Place("patients", "0190c0de-0000-7000-8000-000000000003", "sealed", str(LILAS), DAY.isoformat())


def named(vector: Vector) -> str:
    return str(vector["name"])


def opened(vector: Vector) -> Vector:
    """What a wrapped epoch gives, told as the vectors tell it."""
    seed, wrapped = (bytes.fromhex(vector[name]) for name in ("user_seed", "wrapped"))
    try:
        epoch = unwrap_epoch(seed, wrapped, UUID(vector["pharmacy"]), vector["number"])
    except SealingError as error:
        return {"flaw": error.flaw.value}
    return {"secret": epoch.secret.hex(), "signing_seed": epoch.signing_seed.hex()}


@pytest.mark.parametrize("vector", FROZEN["epochs"], ids=named)
def test_an_epoch_opens_for_its_member_pharmacy_and_number_only(vector: Vector) -> None:
    told = opened(vector)
    assert vector == vector | told
    assert ("flaw" in vector) == ("flaw" in told)


def test_vectors_made_anew_do_the_same() -> None:
    assert [(vector["name"], opened(vector)) for vector in ANEW["epochs"]] == [
        (vector["name"], opened(vector)) for vector in FROZEN["epochs"]
    ]
    assert ANEW["days"] == FROZEN["days"]
    assert ANEW["statements"] == FROZEN["statements"]


def test_what_is_wrapped_to_amina_comes_back_whole_and_not_to_chloe() -> None:
    wrapped = epochs.wrap_to(suite.public_bytes(AMINA_SEED), SECOND)
    assert unwrap_epoch(AMINA_SEED, wrapped, LILAS, 1) == SECOND
    with pytest.raises(SealingError):
        unwrap_epoch(CHLOE_SEED, wrapped, LILAS, 1)


def test_a_new_epoch_shares_nothing_with_another() -> None:
    one, other = epochs.new(LILAS, 1), epochs.new(LILAS, 1)
    assert (one.pharmacy, one.number) == (LILAS, 1)
    assert len({one.secret, one.signing_seed, other.secret, other.signing_seed}) == 4
    assert {len(one.secret), len(one.signing_seed)} == {32}


def test_day_keys_are_derived_to_the_byte_the_newest_epoch_first() -> None:
    frozen = FROZEN["days"]
    made = [key.hex() for key in NOW.day_keys(DAY)]
    assert made == frozen["keys"]
    assert NOW.day_key(DAY).hex() == made[0]
    assert BEFORE.day_key(DAY).hex() == made[1]


def test_a_day_key_is_what_the_specification_says() -> None:
    secret = hmac.digest(bytes(32), SECOND.secret + DAYS[DAY.isoformat()], "sha256")
    assert NOW.day_key(DAY) == hmac.digest(secret, b"sceau/day/v1\1", "sha256")
    secret = hmac.digest(bytes(32), NOW.day_key(DAY), "sha256")
    assert NOW.boxes(DAY)[0] == hmac.digest(secret, b"sceau/day-box/v1\1", "sha256")


def test_what_was_sealed_before_a_member_left_still_opens() -> None:
    sealed = seal_row(BEFORE.day_key(DAY), b"Hugo", PLACE)
    assert open_row_with(NOW.day_keys(DAY), sealed, PLACE) == b"Hugo"


def test_what_is_sealed_after_a_member_left_does_not_open_with_the_keys_they_had() -> None:
    sealed = seal_row(NOW.day_key(DAY), b"Hugo", PLACE)
    assert open_row_with(NOW.day_keys(DAY), sealed, PLACE) == b"Hugo"
    with pytest.raises(SealingError):
        open_row_with(BEFORE.day_keys(DAY), sealed, PLACE)


def test_a_day_whose_secret_is_gone_is_shut_and_its_neighbour_is_not() -> None:
    assert NOW.opens(DAY)
    assert not NOW.opens(SHUT)
    for shut in (NOW.day_key, NOW.day_keys, NOW.boxes, NOW.box_public):
        with pytest.raises(DayShut):
            shut(SHUT)


def test_the_same_day_of_another_secret_has_another_key() -> None:
    other = PharmacyKeys([FIRST, SECOND], {DAY.isoformat(): bytes(32)})
    assert other.day_key(DAY) != NOW.day_key(DAY)


def test_imported_ids_stay_whatever_epochs_come() -> None:
    assert NOW.import_key() == BEFORE.import_key() == NOW.renewed(epochs.new(LILAS, 2)).import_key()
    assert NOW.import_key().hex() == FROZEN["days"]["import_key"]


def test_the_newest_epoch_signs() -> None:
    assert (NOW.pharmacy, NOW.signing_seed) == (LILAS, SECOND.signing_seed)
    assert BEFORE.renewed(SECOND).signing_seed == SECOND.signing_seed
    signing.check(signing.public_bytes(SECOND.signing_seed), NOW.signer.sign(b"label"), b"label")
    with pytest.raises(SealingError):
        signing.check(signing.public_bytes(FIRST.signing_seed), NOW.signer.sign(b"label"), b"label")


def test_a_days_box_opens_with_the_days_key_alone() -> None:
    assert NOW.boxes(DAY)[0].hex() == FROZEN["days"]["box"]
    sealed = suite.SUITE.encrypt(b"Hugo", suite.public_key(NOW.box_public(DAY)))
    assert suite.SUITE.decrypt(sealed, suite.private_key(NOW.boxes(DAY)[0])) == b"Hugo"
    assert NOW.boxes(DAY)[0] not in (NOW.day_key(DAY), BEFORE.boxes(DAY)[0])


@pytest.mark.parametrize(("kind", "signer"), [("succession", FIRST), ("membership", SECOND), ("box", SECOND)])
def test_statements_are_frozen_and_their_signatures_hold(kind: str, signer: epochs.Epoch) -> None:
    statement, signature = (bytes.fromhex(FROZEN["statements"][kind][name]) for name in ("statement", "signature"))
    signing.check(signing.public_bytes(signer.signing_seed), signature, statement)
    with pytest.raises(SealingError):
        signing.check(signing.public_bytes(signer.signing_seed), signature, statement[:-1])


def test_no_statement_can_be_taken_for_another() -> None:
    public = NOW.box_public(DAY)
    made = [
        epochs.box_statement(LILAS, DAY, public),
        epochs.box_statement(OTHER_PHARMACY, DAY, public),
        epochs.box_statement(LILAS, SHUT, public),
        epochs.membership(LILAS, 7, public),
        epochs.membership(LILAS, 8, public),
        epochs.succession(LILAS, 1, public[:32]),
        epochs.succession(LILAS, 2, public[:32]),
    ]
    assert len(set(made)) == len(made)
    labels = {statement.partition(b"\0")[0] for statement in made}
    assert labels == {b"sceau/day-box/v1", b"sceau/membership/v1", b"sceau/succession/v1"}
