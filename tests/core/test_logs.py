"""A log line cannot name anybody: only listed keys, messages as they stand in the source, exceptions without their text."""

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import structlog

from sceau.core.logs import KEYS, configure, formatter

HUGO = "Brénéol-Zwyndrecht"
KNOWN: dict[str, str] = {}


def written(message: object, *arguments: object, error: BaseException | None = None, **extra: object) -> str:
    """The line that a handler of ours writes."""
    information = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("sceau", logging.ERROR, __file__, 1, message, arguments, information)
    record.__dict__.update(extra)
    return formatter().format(record)


def line(*told: Any, **extra: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(written(*told, **extra))
    return read


def raised(make: Callable[[], object]) -> BaseException:
    try:
        make()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def test_a_message_is_written_without_what_would_fill_it_in() -> None:
    assert line("no patient called %s", HUGO)["event"] == "no patient called %s"
    assert HUGO not in written("no patient called %s", HUGO)


def test_only_listed_keys_are_written() -> None:
    assert line("stored", patient=HUGO, count=3).keys() <= KEYS
    assert HUGO not in written("stored", patient=HUGO)


def test_an_exception_leaves_its_type_and_its_place_and_not_its_text() -> None:
    error = raised(lambda: KNOWN[HUGO])
    told = line("failed", error=error)
    assert (told["error"], told["at"].partition(":")[0]) == ("KeyError", "test_logs.py")
    assert HUGO not in written("failed", error=error)


def test_an_exception_told_by_structlog_leaves_the_same() -> None:
    error = raised(lambda: KNOWN[HUGO])
    record = logging.LogRecord(
        "sceau", logging.ERROR, __file__, 1, {"event": "failed", "exc_info": error, "name": HUGO}, (), None
    )
    record.__dict__.update(_logger=None, _name="error")
    told = json.loads(formatter().format(record))
    assert (told["event"], told["error"]) == ("failed", "KeyError")
    assert HUGO not in str(told)


def test_an_exception_whose_cause_quotes_a_value_leaves_neither() -> None:
    def wrapped() -> None:
        try:
            int(HUGO)
        except ValueError as error:
            raise RuntimeError(f"cannot take in {HUGO}") from error

    assert HUGO not in written("failed", error=raised(wrapped))


def test_an_exception_given_as_the_message_leaves_its_type() -> None:
    error = ValueError(HUGO)
    assert line(error)["event"] == "ValueError"
    assert HUGO not in written(error)


def test_what_follows_the_first_line_of_a_message_is_left_out() -> None:
    assert line(f"failed\n{HUGO}")["event"] == "failed"


def test_the_standard_formatter_would_have_told_them_all() -> None:
    """The control: the same records in the usual form."""
    error = raised(lambda: int(HUGO))
    record = logging.LogRecord("sceau", logging.ERROR, __file__, 1, "no %s", (HUGO,), (type(error), error, error.__traceback__))
    assert logging.Formatter().format(record).count(HUGO) == 2


@pytest.mark.parametrize("key", ["patient", "request", "args", "exc_text", "stack_info"])
def test_the_list_has_nothing_that_could_carry_a_person(key: str) -> None:
    assert key not in KEYS


def test_a_line_is_one_line() -> None:
    assert "\n" not in written("failed", error=raised(lambda: int(HUGO)))


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What a process writes that is set up as ours are."""
    stream = StringIO()
    handler, root = logging.StreamHandler(stream), logging.getLogger()
    handler.setFormatter(formatter())
    root.addHandler(handler)
    configure()
    yield stream
    structlog.reset_defaults()
    logging.raiseExceptions = True
    root.removeHandler(handler)


def test_structlogs_own_lines_go_the_same_way(lines: StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("sceau").error("stored", count=3, patient=HUGO)
    told = json.loads(lines.getvalue())
    assert (told["event"], told["count"], told["level"]) == ("stored", 3, "error")
    assert HUGO not in lines.getvalue()
    assert capsys.readouterr().out == ""


def test_an_uncaught_exception_shows_no_variable_of_the_places_it_passed(
    lines: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        patient = HUGO
        raise KeyError(patient)

    try:
        fails()
    except KeyError:
        structlog.get_logger("sceau").error("uncaught", exc_info=True)
    assert json.loads(lines.getvalue())["error"] == "KeyError"
    assert HUGO not in lines.getvalue() + "".join(capsys.readouterr())


def test_a_line_that_cannot_be_written_stops_nobody_and_is_quoted_nowhere(
    lines: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    lines.close()
    structlog.get_logger("sceau").error(f"no patient called {HUGO}")
    assert "".join(capsys.readouterr()) == ""
