"""Every drill of the design that can be played now holds, and each of its controls found what it had to find."""

import pytest

from sceau.exposure.drills.drill import Outcome, Verdict
from sceau.exposure.drills.every import DRILLS

NUMBERS = [drill.number for drill in DRILLS]
CONTROLS = {
    1: 6,
    2: 5,
    3: 3,
    8: 3,
    9: 1,
    12: 5,
    13: 3,
    14: 7,
    15: 1,
    16: 1,
    17: 4,
    18: 1,
    19: 2,
    21: 1,
    22: 1,
    23: 2,
    25: 2,
    26: 5,
    27: 2,
    28: 8,
}


def test_they_are_those_of_the_design() -> None:
    assert CONTROLS.keys() == set(NUMBERS)
    assert sorted(NUMBERS) == NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
def test_it_holds(outcomes: dict[int, Outcome], number: int) -> None:
    outcome = outcomes[number]
    assert (outcome.findings, outcome.verdict) == ((), Verdict.HELD), outcome.obtained


@pytest.mark.parametrize("number", NUMBERS)
def test_each_control_found_everything(outcomes: dict[int, Outcome], number: int) -> None:
    controls = outcomes[number].controls
    assert {control.name: control.missed for control in controls if control.missed} == {}
    assert len({control.name for control in controls}) >= CONTROLS[number]
