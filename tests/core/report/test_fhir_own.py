"""What the quick reader of our own bundles answers is what the careful one answers, or nothing: it never takes more, or otherwise."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.report import strategies
from tests.core.report.fhir_bundles import bundle
from tests.core.report.fhir_examples import EXAMPLES
from tests.core.report.test_fhir_round_trip import JUNK, OURS, _paths, _spoilt

from sceau.core.report.errors import ReportError
from sceau.core.report.fhir import write
from sceau.core.report.fhir.own import rewritten
from sceau.core.report.fhir.read import read_carefully
from sceau.core.report.model import ScreeningReport


def carefully(data: bytes) -> ScreeningReport | None:
    try:
        return read_carefully(data)
    except ReportError:
        return None


@given(strategies.reports())
@settings(deadline=None)
def test_both_readers_read_what_was_written(report: ScreeningReport) -> None:
    data = write(report)
    assert rewritten(data) == read_carefully(data) == report


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_quick_reader_knows_each_example(name: str) -> None:
    assert rewritten(write(EXAMPLES[name])) == EXAMPLES[name]


@given(st.sampled_from(_paths(OURS)), st.sampled_from(JUNK))
@settings(deadline=None, max_examples=400)
def test_of_a_spoilt_bundle_the_quick_reader_says_the_same_or_nothing(path: tuple[str | int, ...], junk: Any) -> None:
    data = _spoilt(OURS, path, junk)
    compact = json.dumps(json.loads(data), separators=(",", ":"), ensure_ascii=False).encode()
    for told in (data, compact):
        assert rewritten(told) in (None, carefully(told))


@given(st.data())
@settings(deadline=None, max_examples=400)
def test_of_a_changed_byte_the_quick_reader_says_the_same_or_nothing(choice: st.DataObject) -> None:
    data = bytearray(write(EXAMPLES[choice.draw(st.sampled_from(sorted(EXAMPLES)))]))
    data[choice.draw(st.integers(0, len(data) - 1))] = choice.draw(st.integers(0, 255))
    assert rewritten(bytes(data)) in (None, carefully(bytes(data)))


def test_a_bundle_of_others_is_left_to_the_careful_reader() -> None:
    assert rewritten(bundle()) is None
    assert rewritten(write(EXAMPLES["covid-19"]) + b" ") is None
    assert rewritten(b"[" * 100_000) is None
