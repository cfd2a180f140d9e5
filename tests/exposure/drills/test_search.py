"""The search finds a canary however it is written; and finds nothing where there is nothing."""

import base64
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest

from sceau.exposure.drills.canary import Person
from sceau.exposure.drills.search import Search

HUGO = Person(
    name="Hugo",
    family="Brénéol-Zwyndrecht",
    birth_date=date(1931, 8, 27),
    ins="131087512004277",
    phone="+33639980111",
    email="hugo.breneol@patients.example",
    street="47 impasse du Hérisson-Phœn",
)
WRITTEN = {
    "family": HUGO.family,
    "birth date": "1931-08-27",
    "INS": HUGO.ins,
    "phone": HUGO.phone,
    "e-mail": HUGO.email,
    "street": HUGO.street,
}
AS_TEXT: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "URL": lambda text: quote(text, safe=""),
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal capitals": lambda text: text.encode().hex().upper(),
    "hexadecimal of UTF-16": lambda text: text.encode("utf-16-le").hex(),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64, one byte in": lambda text: base64.b64encode(b"x" + text.encode() + b"yz").decode(),
    "base64, two bytes in": lambda text: base64.b64encode(b"xy" + text.encode() + b"z").decode(),
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-be")).decode(),
}


def fields(data: bytes) -> set[str]:
    return {hit.field for hit in Search(HUGO.canaries()).look(data, where="here")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("form", AS_TEXT)
@pytest.mark.parametrize("field", WRITTEN)
def test_every_field_is_found_in_every_form(field: str, form: str, encoding: str) -> None:
    noise = os.urandom(333)
    assert field in fields(noise + AS_TEXT[form](WRITTEN[field]).encode(encoding) + noise)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("family", "Breneol-Zwyndrecht"),
        ("family", "BRÉNÉOL-ZWYNDRECHT"),
        ("family", r'"Br\u00e9n\u00e9ol-Zwyndrecht"'),
        ("birth date", "27/08/1931"),
        ("birth date", "27.08.1931"),
        ("birth date", "08/27/1931"),
        ("phone", "0639980111"),
        ("phone", "06 39 98 01 11"),
        ("street", "47+impasse+du+H%C3%A9risson-Ph%C5%93n"),
    ],
)
def test_it_is_found_as_people_and_programs_spell_it(field: str, text: str) -> None:
    assert fields(text.encode()) == {field}


def test_it_is_found_in_windows_1252() -> None:
    assert fields(HUGO.family.encode("cp1252")) == {"family"}


def test_it_is_found_wherever_it_stands_in_much_data() -> None:
    form = HUGO.email.encode()
    for place in range((1 << 16) - 40, (1 << 16) + 40):
        assert fields(b"x" * place + form + b"y") == {"e-mail"}


def test_it_is_found_in_a_binary_column_of_a_dump() -> None:
    inside = base64.b64encode(HUGO.email.encode()).hex()
    hits = Search(HUGO.canaries()).dump(f"COPY t FROM stdin;\n\\\\x{inside}\n".encode(), where="dump")
    assert {(hit.field, hit.where) for hit in hits} == {("e-mail", "dump, binary columns")}


def test_it_is_found_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_text(HUGO.ins)
    assert {hit.where for hit in Search(HUGO.canaries()).files([tmp_path])} == {str(tmp_path / "deep" / "file")}


def test_somebody_else_is_not_found() -> None:
    """Near misses: one letter, one digit, one day."""
    text = "Brénéol-Zwyndrechs 1931-08-28 131087512004278 +33639980112 hugo.breneod@patients.example 47 impasse du Hérisson-Blau"
    assert fields(text.encode()) == set()
    assert fields(text.encode("utf-16-le")) == set()


def test_chance_finds_nothing() -> None:
    assert fields(os.urandom(4 << 20)) == set()
    assert fields(os.urandom(2 << 20).hex().encode()) == set()
