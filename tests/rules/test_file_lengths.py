"""A file is one noun: by 500 lines it is split. The exceptions are a list that only shrinks, and it is empty."""

from tests.rules.files import texts

MOST_LINES = 500
EXCEPTIONS: frozenset[str] = frozenset()
CODE = frozenset({".py", ".html", ".js", ".css", ".sh"})


def lengths() -> dict[str, int]:
    return {path: text.count("\n") for path, text in texts("src", "tests", "scripts", "benchmarks", only=CODE)}


def test_no_file_is_longer_than_it_may_be() -> None:
    assert {path: lines for path, lines in lengths().items() if lines > MOST_LINES and path not in EXCEPTIONS} == {}


def test_the_lengths_are_those_of_the_files_there_are() -> None:
    counted = lengths()
    assert counted["tests/rules/test_file_lengths.py"] > 20
    assert {"src/sceau/cli.py", "src/sceau/core/web/templates/base.html", "scripts/check.sh"} <= counted.keys()
    assert counted.keys() >= EXCEPTIONS
