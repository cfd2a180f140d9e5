"""With the keyholder gone whoever is signed in goes on: pages need no key that the session does not hold, and say what to do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.counter.world import AT, Place, file, signed_in

from sceau.core.accounts.keyholder import keyholder

TOLD = "Go on with what is open: nothing is lost."


@pytest.fixture
def away(lilas: Place, amina: Client, settings: Any, tmp_path: Path) -> Iterator[None]:
    """No socket where there should be one, after Amina signed in and results were recorded."""
    lilas.imports(file(3), at=AT)
    settings.KEYHOLDER = str(tmp_path / "none.sock")
    keyholder.cache_clear()
    yield
    keyholder.cache_clear()


def page(browser: Client, path: str) -> tuple[int, str]:
    answer = browser.get(path, headers={"Accept-Language": "en"})
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("path", ["/desk/", "/imports/new", f"/?day={AT:%Y-%m-%d}"])
def test_who_is_signed_in_goes_on_and_is_told(amina: Client, away: None, path: str) -> None:
    status, text = page(amina, path)
    assert (status, TOLD in text, "your account" in text) == (200, True, True)


def test_the_days_results_open(amina: Client, away: None) -> None:
    assert "TESTARD" in page(amina, f"/?day={AT:%Y-%m-%d}")[1]


def test_a_file_is_imported(lilas: Place, away: None) -> None:
    assert lilas.imports(file(2, start=10), at=AT).source.taken == 2


def test_a_page_that_is_about_names_says_that_nothing_is_lost(lilas: Place, away: None) -> None:
    status, text = page(signed_in(lilas.owner), "/staff/")
    assert (status, "Nothing is lost and nothing was done by halves" in text) == (503, True)


def test_with_a_keyholder_there_is_nothing_to_tell(amina: Client) -> None:
    status, text = page(amina, "/desk/")
    assert (status, TOLD in text, ">Amina</a>" in text) == (200, False, True)
