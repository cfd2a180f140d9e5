"""What the quick reader of our own bundles answers is what the careful one answers, or nothing: it never takes more, or otherwise."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.core.report import strategies
from tests.core.report.fhir_bundles import bundle
from tests.core.report.fhir_examples import EXAMPLES
from tests.core.report.test_fhir_round_trip import JUNK, OURS, _paths, _spoilt

from sceau.core.report.errors import ReportError
from sceau.core.report.fhir import own, write
from sceau.core.report.fhir.own import learn, rewritten
from sceau.core.report.fhir.read import read_carefully, read_report
from sceau.core.report.model import ScreeningReport


@pytest.fixture(autouse=True, scope="module")
def known() -> None:
    """The examples' kinds."""
    for report in EXAMPLES.values():
        learn(write(report), report)


def carefully(data: bytes) -> ScreeningReport | None:
    try:
        return read_carefully(data)
    except ReportError:
        return None


@given(strategies.reports())
@settings(deadline=None)
def test_both_readers_read_what_was_written(report: ScreeningReport) -> None:
    data = write(report)
    learn(data, report)
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


def test_what_is_written_another_way_is_left_to_the_careful_reader() -> None:
    data = write(EXAMPLES["covid-19"])
    urn = re.search(rb"urn:uuid:[0-9a-f-]{36}", data)
    assert urn
    others = [
        data.replace(b"+01:00", b"+0100").replace(b"+00:00", b"Z"),
        data.replace(urn[0], urn[0].upper()),
        data.replace(b'"gender":', b'"gender": '),
        data.replace(b'"name":[{', b'"active":true,"name":[{'),
        data.replace(b'"use":"official"', b'"use":"official","use":"official"'),
    ]
    assert data not in others
    assert [rewritten(one) for one in others] == [None] * len(others)


def test_a_kind_that_nobody_learnt_is_left_to_the_careful_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "_layouts", {})
    data = write(EXAMPLES["covid-19"])
    assert rewritten(data) is None
    assert read_report(data) == rewritten(data) == EXAMPLES["covid-19"]


def test_reports_with_and_without_a_box_or_a_card_are_known_beside_one_another() -> None:
    whole, screening = EXAMPLES["covid-19"], EXAMPLES["covid-19"].screening
    assert screening
    assert screening.kit
    assert screening.performer.rpps
    nobody = replace(screening.performer, rpps=None)
    kinds = [replace(screening, kit=kit, performer=who) for kit in (screening.kit, None) for who in (screening.performer, nobody)]
    lines = [write(replace(whole, screening=one)) for one in kinds]
    for _ in range(2):
        for line in lines:
            read_report(line)
    assert all(map(rewritten, lines))


def test_a_bundle_of_others_is_left_to_the_careful_reader() -> None:
    assert rewritten(bundle()) is None
    assert rewritten(write(EXAMPLES["covid-19"]) + b" ") is None
    assert rewritten(b"[" * 100_000) is None
