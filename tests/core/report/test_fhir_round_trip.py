"""Whatever a report says survives FHIR; a bundle cut or spoilt anywhere is refused, never misread and never a crash."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.report import strategies
from tests.core.report.fhir_bundles import PARIS, bundle, tree
from tests.core.report.fhir_examples import EXAMPLES

from sceau.core.report.errors import Problem, ReportError, Trouble
from sceau.core.report.fhir import read_report, read_rows, write
from sceau.core.report.model import ScreeningReport, Status
from sceau.core.report.reading import Row

JUNK: list[Any] = [None, True, 0, -1.5, "", "x", "Patient/1", "Observation[1]", [], {}, [{}], {"coding": [{"code": "94558-4"}]}]


@given(strategies.reports())
@settings(deadline=None)
def test_a_report_is_read_as_it_was_written(report: ScreeningReport) -> None:
    assert read_report(write(report)) == report


@given(strategies.reports())
@settings(deadline=None)
def test_a_report_is_read_however_its_json_is_laid_out(report: ScreeningReport) -> None:
    laid_out = json.dumps(json.loads(write(report)), indent=3, sort_keys=True).encode()
    assert read_report(laid_out) == report


@given(strategies.reports(statuses=[Status.FINAL, Status.CORRECTED]))
@settings(deadline=None)
def test_a_bundle_of_ours_is_a_row_too(report: ScreeningReport) -> None:
    [row] = read_rows(write(report), PARIS).rows
    assert row.statement is not None
    assert (row.statement.status, row.statement.issued) == (report.status, report.issued)
    assert report.screening is not None
    assert row.statement.screening.findings == report.screening.findings


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_bundle_cut_anywhere_is_refused(name: str) -> None:
    whole = write(EXAMPLES[name])
    for end in range(len(whole)):
        with pytest.raises(ReportError):
            read_report(whole[:end])


def _paths(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(deeper for key, child in children for deeper in _paths(child, (*path, key)))]


def _spoilt(whole: dict[str, Any], path: tuple[str | int, ...], junk: Any) -> bytes:
    copy: Any = json.loads(json.dumps(whole))
    if not path:
        return json.dumps(junk).encode()
    node = copy
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = junk
    return json.dumps(copy).encode()


FOREIGN, OURS = tree(), json.loads(write(EXAMPLES["covid-19"]))


def _problems(read: Callable[[], object]) -> tuple[Problem, ...]:
    """What a reading was refused for, nothing where it was not; anything but a refusal is a crash."""
    try:
        read()
    except ReportError as refusal:
        return refusal.problems or (Problem(Trouble.MISSING, "problems"),)
    return ()


def _halves(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if (row.statement is None) != bool(row.problems)]


@given(st.sampled_from(_paths(FOREIGN)[1:]), st.sampled_from(JUNK))
@settings(max_examples=400, deadline=None)
def test_a_foreign_bundle_spoilt_anywhere_is_a_row_taken_or_refused(path: tuple[str | int, ...], junk: Any) -> None:
    reading = read_rows(_spoilt(FOREIGN, path, junk), PARIS)
    rows = list(reading.rows)
    assert len(rows) == reading.total > 0
    assert _halves(rows) == []


@given(st.sampled_from(_paths(OURS)), st.sampled_from(JUNK))
@settings(max_examples=400, deadline=None)
def test_a_bundle_of_ours_spoilt_anywhere_is_read_or_refused(path: tuple[str | int, ...], junk: Any) -> None:
    problems = _problems(lambda: read_report(_spoilt(OURS, path, junk)))
    assert all(problem.text(language) for problem in problems for language in ("fr", "en"))


@given(st.binary(max_size=200) | st.binary(max_size=50).map(lambda noise: noise + bundle()))
def test_noise_is_refused_or_rows_that_are(noise: bytes) -> None:
    halves: list[Row] = []
    _problems(lambda: halves.extend(_halves(read_rows(noise, PARIS).rows)))
    assert halves == []
