"""The members of the authority whom the demo plays: what keeps them from vouching ends no demo."""

import pytest

from sceau.demo.authority import asked
from sceau.demo.browser import Page


def test_a_challenge_is_read() -> None:
    assert asked(Page(200, "/agents/7/touch", b'{"challenge": "AAEC"}')) == b"\0\1\2"


@pytest.mark.parametrize(
    "page",
    [
        Page(200, "/accounts/reauthenticate/", b"<!doctype html><title>Mot de passe</title>"),
        Page(200, "/agents/7/touch", b"{}"),
        Page(403, "/agents/7/touch", b'{"challenge": "AAEC"}'),
    ],
    ids=["led to the password", "nothing to agree to", "refused"],
)
def test_where_there_is_none_they_sign_in_again(page: Page) -> None:
    with pytest.raises(LookupError):
        asked(page)
