"""A key is tried in whatever form it lies there; and 31 bytes are none."""

import base64
import hashlib
import os

import pytest

from sceau.exposure.drills.trying import candidates

KEY = os.urandom(32)
FORMS = {
    "hexadecimal": KEY.hex(),
    "capitals": KEY.hex().upper(),
    "base64": base64.b64encode(KEY).decode(),
    "base64 for URLs, without its end": base64.urlsafe_b64encode(KEY).decode().rstrip("="),
    "inside something longer": (b"12345" + KEY + b"678").hex(),
    "bytea of a dump": f"\\\\x{KEY.hex()}",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_key_is_found_in_a_file(form: str) -> None:
    assert KEY in candidates(f"NAME={FORMS[form]}\n".encode())


def test_a_word_of_32_bytes_and_the_digest_of_any_word_are_tried() -> None:
    word, password = b"abcdefghijklmnopqrstuvwxyz012345", b"correct-horse"
    assert {word, hashlib.sha256(password).digest()} <= candidates(tokens=[b"A=" + word + b"\0B=" + password])


def test_a_shorter_value_is_no_key() -> None:
    assert candidates(f"NAME={base64.b64encode(KEY[:31]).decode()}\n".encode()) == set()
