"""Slots: what people have in hand becomes an input, the keyholder hardens it, and only both together open the slot."""

import json
import re
from typing import Any
from uuid import UUID

import pytest
from scripts import slot_vectors
from scripts.slot_vectors import AMINA_SEED, CODE, CREDENTIAL, HARDENING, LILAS, OTHER_CREDENTIAL, WRITTEN

from sceau.core.sealing import slots
from sceau.core.sealing.errors import Flaw, SealingError
from sceau.core.sealing.slots import SlotContent, WrongCode, new_code, read_code
from sceau.core.sealing.unlock import unwrap

Vector = dict[str, Any]
FROZEN, ANEW = json.loads(slot_vectors.FILE.read_text()), slot_vectors.make()
KEY = slots.slot_key(slots.code_input(CODE), HARDENING)


def named(vector: Vector) -> str:
    return str(vector["name"])


def derived(vector: Vector) -> bytes:
    if vector["kind"] == "password":
        return slots.password_input(vector["secret"], UUID(vector["credential"]))
    derive = {"passkey": slots.prf_input, "recovery": slots.code_input, "workstation": slots.workstation_input}
    return derive[vector["kind"]](bytes.fromhex(vector["secret"]))


def opened(vector: Vector) -> Vector:
    """What a slot gives, told as the vectors tell it."""
    key = slots.slot_key(bytes.fromhex(vector["input"]), bytes.fromhex(vector["hardening"]))
    try:
        content = SlotContent.decode(unwrap(key, bytes.fromhex(vector["slot"]), UUID(vector["credential"])))
    except SealingError as error:
        return {"flaw": error.flaw.value}
    return {"user_seed": content.user_seed.hex(), "pharmacies": content.pharmacies}


def read(vector: Vector) -> Vector:
    try:
        return {"code": read_code(vector["typed"]).hex()}
    except WrongCode as error:
        return {"group": error.group}


@pytest.mark.parametrize("vector", FROZEN["inputs"], ids=named)
def test_an_input_is_derived_to_the_byte(vector: Vector) -> None:
    assert derived(vector).hex() == vector["input"]


def test_a_password_is_the_same_however_its_accents_are_typed() -> None:
    inputs = {vector["name"]: vector["input"] for vector in FROZEN["inputs"]}
    assert inputs["password-composed"] == inputs["password-decomposed"] == inputs["password-full-width"]
    assert inputs["password-composed"] != inputs["password-other-case"]


def test_the_same_password_differs_from_credential_to_credential() -> None:
    inputs = {vector["name"]: vector["input"] for vector in FROZEN["inputs"]}
    assert inputs["password"] != inputs["password-of-another-credential"]


def test_the_same_bytes_differ_from_kind_to_kind() -> None:
    made = {derive(HARDENING) for derive in (slots.prf_input, slots.code_input, slots.workstation_input)}
    assert len(made) == 3


@pytest.mark.parametrize("vector", FROZEN["codes"], ids=named)
def test_a_code_is_read_as_people_type_it_or_its_wrong_group_is_told(vector: Vector) -> None:
    assert vector == vector | read(vector)
    assert ("code" in vector) == ("code" in read(vector))


@pytest.mark.parametrize("vector", FROZEN["slots"], ids=named)
def test_a_slot_opens_for_its_credential_input_and_hardening_only(vector: Vector) -> None:
    told = opened(vector)
    assert vector == vector | told
    assert ("flaw" in vector) == ("flaw" in told)


def test_vectors_made_anew_do_the_same() -> None:
    assert ANEW["inputs"] == FROZEN["inputs"]
    assert ANEW["codes"] == FROZEN["codes"]
    assert [(vector["name"], opened(vector)) for vector in ANEW["slots"]] == [
        (vector["name"], opened(vector)) for vector in FROZEN["slots"]
    ]


def test_most_vectors_are_refusals() -> None:
    for kind, refusal in (("codes", "group"), ("slots", "flaw"), ("epochs", "flaw")):
        refused = [vector for vector in FROZEN[kind] if refusal in vector]
        assert len(refused) > 0.7 * len(FROZEN[kind])


def test_a_code_is_seven_groups_of_five_and_never_the_same() -> None:
    codes = [new_code() for _ in range(200)]
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){6}[0-9A-HJKMNP-TV-Z]{5}", code) for code in codes)
    assert len({read_code(code) for code in codes}) == 200
    assert {len(read_code(code)) for code in codes} == {16}


@pytest.mark.parametrize("code", [bytes(16), b"\xff" * 16, bytes(15) + b"\1", b"\x80" + bytes(15)])
def test_a_code_reads_back_to_every_bit(code: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.token_bytes", lambda length: code[:length])
    assert read_code(new_code()) == code


def test_every_wrong_digit_is_told_with_its_group() -> None:
    for place, right in enumerate(WRITTEN):
        for digit in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
            if right in (digit, "-"):
                continue
            with pytest.raises(WrongCode) as caught:
                read_code(WRITTEN[:place] + digit + WRITTEN[place + 1 :])
            assert caught.value.group == place // 6 + 1


def test_groups_changed_about_are_told() -> None:
    groups = WRITTEN.split("-")
    for one in range(7):
        for other in range(one):
            changed = list(groups)
            changed[one], changed[other] = groups[other], groups[one]
            with pytest.raises(WrongCode) as caught:
                read_code("-".join(changed))
            assert caught.value.group == other + 1


def test_wrapping_twice_gives_other_bytes_that_open_alike() -> None:
    content = slot_vectors.content().encode()
    one, other = (slots.wrap(KEY, content, CREDENTIAL) for _ in range(2))
    assert one != other
    assert unwrap(KEY, one, CREDENTIAL) == unwrap(KEY, other, CREDENTIAL) == content


def test_a_slot_moved_to_another_credential_does_not_open() -> None:
    with pytest.raises(SealingError) as caught:
        unwrap(KEY, slots.wrap(KEY, b"content", CREDENTIAL), OTHER_CREDENTIAL)
    assert caught.value.flaw is Flaw.CANNOT_OPEN


def test_what_a_slot_holds_comes_back_as_it_was() -> None:
    content = SlotContent.decode(slot_vectors.content().encode())
    assert content == slot_vectors.content()
    assert content.user_seed == AMINA_SEED
    assert list(content.pharmacies) == [str(LILAS)]


def test_a_mistyped_code_is_told_without_repeating_it() -> None:
    with pytest.raises(WrongCode) as caught:
        read_code(WRITTEN[:-1] + "Z")
    assert not any(group in str(caught.value) for group in WRITTEN.split("-"))
