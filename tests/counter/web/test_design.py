"""The page on design shows every token of the sheet and every part, and is for whoever is signed in."""

import re
from pathlib import Path

import pytest
from django.test import Client

from sceau.core import web
from sceau.core.web.design import tokens

SHEETS = Path(web.__file__).parent / "static" / "sceau"


@pytest.fixture
def page(amina: Client) -> str:
    answer = amina.get("/design/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_token_is_shown_as_both_themes_have_it(page: str) -> None:
    named = set(re.findall(r"^\s*--([a-z0-9-]+):", (SHEETS / "tokens.css").read_text(), re.MULTILINE))
    assert {one.name for one in tokens()} == named
    assert [one.name for one in tokens() if f"--{one.name}</code>" not in page] == []
    assert [one.name for one in tokens() if one.is_colour and one.dark and one.dark not in page] == []


def test_every_part_of_the_sheet_is_on_it(page: str) -> None:
    parts = set(re.findall(r"^\.([a-z-]+)", (SHEETS / "parts.css").read_text(), re.MULTILINE))
    shown = {name for names in re.findall(r'class="([^"]+)"', page) for name in names.split()}
    assert parts - shown == set()


def test_a_stranger_does_not_see_it(client: Client, db: None) -> None:
    assert client.get("/design/").status_code == 302
