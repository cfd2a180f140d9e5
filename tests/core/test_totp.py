"""`sceau totp`: six digits for a seed; words for half of one."""

import pytest
from typer import BadParameter

from sceau.core.totp import totp


def test_a_seed_gives_six_digits(capsys: pytest.CaptureFixture[str]) -> None:
    totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    assert capsys.readouterr().out.strip().isdigit()


@pytest.mark.parametrize(
    "seed", ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ", "SEED!", "", "é"], ids=["cut off", "words", "nothing", "accent"]
)
def test_half_a_seed_is_told_in_words(seed: str) -> None:
    with pytest.raises(BadParameter, match="no whole seed"):
        totp(seed)
