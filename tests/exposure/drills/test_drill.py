"""A drill holds when nothing was found and every control found; it never passes for want of running."""

import pytest

from sceau.exposure.drills.drill import Control, Drill, Finding, Played, Verdict, play
from sceau.exposure.drills.every import DRILLS, UnknownDrill, chosen
from sceau.exposure.drills.world import World

SEES = Control("a copy in clear")
BLIND = Control("a copy in clear", ("Hugo: family",))
LEAK = Finding("Hugo: family", "a log")
NOWHERE = World.__new__(World)


def outcome(findings: list[Finding], controls: list[Control]) -> tuple[Verdict, str]:
    told = play(Drill(1, "a drill", lambda world: Played("a dump", findings, controls)), NOWHERE)
    return told.verdict, told.obtained


def test_it_holds_when_nothing_is_found_and_the_control_sees() -> None:
    assert outcome([], [SEES]) == (Verdict.HELD, "a dump")


def test_it_fails_when_something_is_found() -> None:
    assert outcome([LEAK], [SEES]) == (Verdict.FAILED, "a dump; Hugo: family in a log")


@pytest.mark.parametrize("controls", [[], [BLIND], [SEES, BLIND]])
def test_a_search_that_cannot_find_proves_nothing(controls: list[Control]) -> None:
    assert outcome([], controls)[0] is Verdict.COULD_NOT_RUN


def test_what_goes_wrong_is_told_without_its_text() -> None:
    def broken(world: World) -> Played:
        raise ValueError("Brénéol-Zwyndrecht")

    told = play(Drill(1, "a drill", broken), NOWHERE)
    assert told.verdict is Verdict.COULD_NOT_RUN
    assert "ValueError at drill.py" in told.obtained
    assert "Zwyndrecht" not in told.obtained


def test_drills_are_chosen_by_number() -> None:
    assert [drill.number for drill in chosen([2, 1])] == [1, 2]
    assert chosen([]) == list(DRILLS)


def test_a_number_without_a_drill_is_refused() -> None:
    with pytest.raises(UnknownDrill, match="99"):
        chosen([1, 99])
