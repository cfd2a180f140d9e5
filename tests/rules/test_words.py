"""No leftovers: nothing put off, nothing skipped, no sleep, nobody's machine, no registry's address."""

import re

import pytest
from tests.rules.files import ROOT, texts

SELF = "tests/rules/test_words.py"
LEFTOVERS = {
    "put off": re.compile(r"\b(?:TODO|FIXME|XXX)\b"),
    "skipped": re.compile(r"\bmark\.(?:skip|skipif|xfail)\b|\bpytest\.(?:skip|xfail|importorskip)\b|\bunittest\.skip"),
    "sleep": re.compile(r"\bsleep\("),
    "stub": re.compile(r"\bNotImplementedError\b|^\s+pass\s+#", re.MULTILINE),
}
MACHINE = re.compile(r"(?<![\w.])/(?:work|home|root|Users|mnt)/[\w.-]")
ADDRESS = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|@ (?:file|git)\b")
NEAR_MISSES = {
    "put off": "todo_status, 'todo' rows",
    "skipped": "skip_locked=True, skipinitialspace",
    "sleep": "select pg_sleep(600)",
    "stub": "    pass\n",
}
OFFENDERS = {
    "put off": "x = 1  # TODO: later",
    "skipped": "@pytest.mark.skip\n",
    "sleep": "time.sleep(1)",
    "stub": "    raise NotImplementedError",
}


@pytest.mark.parametrize("kind", LEFTOVERS)
def test_there_are_no_leftovers(kind: str) -> None:
    found = {path for path, text in texts("src", "tests", "scripts", "benchmarks") if LEFTOVERS[kind].search(text)}
    assert found - {SELF} == set()


@pytest.mark.parametrize("kind", LEFTOVERS)
def test_a_leftover_would_be_found_and_its_near_miss_not(kind: str) -> None:
    assert LEFTOVERS[kind].search(OFFENDERS[kind])
    assert not LEFTOVERS[kind].search(NEAR_MISSES[kind])


def test_no_file_knows_somebody_s_machine() -> None:
    top = {path.name: path.read_text(encoding="utf-8") for path in ROOT.glob("*.md")}
    files = dict(texts("src", "tests", "scripts", "benchmarks", "docs", "requirements")) | top
    assert {path for path, text in files.items() if MACHINE.search(text)} == set()


def test_a_machine_s_path_would_be_found_and_a_page_s_address_not() -> None:
    assert MACHINE.search("see /ho" + "me/amina/notes")
    assert not MACHINE.search("https://example.org/home/page, docs/work/x, /tmp")


def test_requirements_name_no_registry() -> None:
    assert {path for path, text in texts("requirements") if ADDRESS.search(text)} == set()


def test_an_address_in_requirements_would_be_found() -> None:
    assert ADDRESS.search("--index-url https://mirror.example/simple")
    assert ADDRESS.search("lilas @ file:///x")
    assert not ADDRESS.search("django==5.2.1 --hash=sha256:00")
