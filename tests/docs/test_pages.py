"""Pages that state facts about the code say what the code says."""

import re
from pathlib import Path

import pytest
import typer
from scripts import approval_states

from sceau.cli import app
from sceau.core.codes.loinc import ASSAYS
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.problems import HEALS, ProblemType
from sceau.core.regime import REGIMES
from sceau.exposure.drills.every import DRILLS

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "sceau"
REFERENCE = ROOT / "docs" / "reference"


def rows(page: str) -> list[list[str]]:
    """The cells of every table row of a page of the reference, without marks of code."""
    lines = (REFERENCE / page).read_text().splitlines()
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]


def first_cells(page: str) -> list[str]:
    return [cells[0] for cells in rows(page)]


def commands(group: object, path: tuple[str, ...] = ("sceau",)) -> list[str]:
    inner: dict[str, object] = getattr(group, "commands", {})
    return [name for key, each in inner.items() for name in commands(each, (*path, key))] if inner else [" ".join(path)]


def test_every_setting_that_is_read_is_listed_and_no_other() -> None:
    read = {name for file in SOURCE.rglob("*.py") for name in re.findall(r'\bsetting\(\s*"([A-Z_]+)"', file.read_text())}
    assert set(first_cells("settings.md")) == read


def test_every_problem_type_is_listed_with_its_status_and_whether_it_heals() -> None:
    source = (SOURCE / "registry" / "api" / "auth.py").read_text()
    status = {ProblemType[name]: code for name, code in re.findall(r"ProblemType\.(\w+): (\d{3}),", source)}
    expected = [[kind.value, status[kind], "heals" if kind in HEALS else "stops"] for kind in ProblemType]
    assert [cells[:3] for cells in rows("problems.md")] == expected


def test_the_states_of_an_approval_are_those_of_the_code() -> None:
    assert approval_states.parts(approval_states.PAGE.read_text())[1] == approval_states.made()


def test_every_test_taken_is_listed_with_what_it_looks_for() -> None:
    listed = {cells[0]: cells[1:] for cells in rows("report.md") if cells[0] in ASSAYS}
    expected = {
        code: [assay.disease or ", ".join(f"`{part}`" for part in assay.parts).strip("`"), assay.method, assay.display]
        for code, assay in ASSAYS.items()
    }
    assert listed == expected


@pytest.mark.parametrize("code", [*Result, *SpecimenType])
def test_every_result_and_specimen_we_write_is_listed(code: str) -> None:
    assert str(code) in first_cells("report.md")


def test_every_regime_is_listed_with_its_days() -> None:
    expected = {regime.name: f"{regime.retention.days} days" for regimes in REGIMES.values() for regime in regimes}
    assert {cells[0]: cells[3] for cells in rows("regimes.md")} == expected


def test_every_command_is_listed_and_no_other() -> None:
    assert sorted(first_cells("commands.md")) == sorted(commands(typer.main.get_command(app)))


def test_the_glossary_gives_every_word_its_meaning_and_its_french() -> None:
    table = [line for line in (ROOT / "GLOSSARY.md").read_text().splitlines() if line.startswith("| ")][1:]
    assert len(table) > 20
    assert [line for line in table if len([cell for cell in line.strip("|").split("|") if cell.strip()]) != 3] == []


@pytest.mark.parametrize("page", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]), ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def threat_model() -> str:
    return (ROOT / "docs" / "explanation" / "threat-model.md").read_text()


def test_every_test_that_the_threat_model_names_is_there() -> None:
    named = re.findall(r"`(tests/[^`]+)`", threat_model())
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_every_drill_that_the_threat_model_names_is_played_and_each_of_the_others_is_named() -> None:
    told = re.findall(r"[Dd]rills? ((?:\d+(?:, | and )?)+)", threat_model())
    assert {int(number) for numbers in told for number in re.findall(r"\d+", numbers)} == {drill.number for drill in DRILLS}


def test_the_threat_model_answers_for_each_of_the_nine_promises_and_names_what_shows_it() -> None:
    promises = [line for line in threat_model().splitlines() if re.match(r"\| \d\. ", line)]
    assert [int(line[2]) for line in promises] == list(range(1, 10))
    assert [line for line in promises if "`tests/" not in line] == []
