"""A part of a panel that carries the panel's own code is the part that is left, when exactly one is."""

from sceau.core.codes.loinc import Loinc
from sceau.core.codes.snomed import Result
from sceau.core.report.model import Finding
from sceau.core.report.panel import remaining_part, with_parts_named

PANEL, COVID, FLU_A, FLU_B = Loinc("97099-6"), Loinc("97097-0"), Loinc("80382-5"), Loinc("80383-3")


def found(*codes: Loinc) -> list[Finding]:
    return [Finding(code, Result.NOT_DETECTED) for code in codes]


def test_the_only_part_left_is_named() -> None:
    assert remaining_part(PANEL, found(FLU_A, FLU_B, PANEL)) == COVID
    assert with_parts_named(PANEL, found(FLU_A, FLU_B, PANEL)) == tuple(found(FLU_A, FLU_B, COVID))


def test_two_parts_left_are_not_guessed() -> None:
    assert remaining_part(PANEL, found(FLU_A, PANEL)) is None


def test_two_results_under_the_panel_are_not_guessed() -> None:
    assert remaining_part(PANEL, found(FLU_A, FLU_B, PANEL, PANEL)) is None


def test_a_panel_with_every_part_named_stays() -> None:
    assert with_parts_named(PANEL, found(COVID, FLU_A, FLU_B)) == tuple(found(COVID, FLU_A, FLU_B))


def test_a_single_test_stays() -> None:
    assert with_parts_named(COVID, found(COVID)) == tuple(found(COVID))
