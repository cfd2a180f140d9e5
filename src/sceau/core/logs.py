"""Logs that cannot name anybody: what is not on the list of keys is not written, and messages are not formatted with values.

An exception is logged by its type and the places it passed through, never by its text, which may quote a value.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

KEYS = frozenset(
    {"event", "level", "timestamp", "logger", "at", "error", "status", "count", "seconds", "envelope", "flaw", "problem"}
)
_STAMPS: list[Processor] = [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]


def configure() -> None:
    """structlog's lines go the same way as the standard library's: by itself it would print them, an exception with the values of
    its variables. A line that cannot be written is lost quietly: it stops no one, and is not quoted elsewhere.
    """
    logging.raiseExceptions = False
    structlog.configure(
        processors=[*_STAMPS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def to_stderr() -> None:
    """For a process without Django's settings: one line an event, like the others'."""
    configure()
    handler = logging.StreamHandler()
    handler.setFormatter(formatter())
    logging.basicConfig(handlers=[handler], level=logging.INFO)


def _only_listed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in KEYS or key.startswith("_")}


def _as_written(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A message of the standard library as it stands in the source, without what would be filled in."""
    record: logging.LogRecord | None = event.get("_record")
    if record is not None and not event.get("_from_structlog"):
        event["event"] = record.msg.partition("\n")[0] if isinstance(record.msg, str) else type(record.msg).__name__
    if error := _error(event.get("exc_info")):
        event.update(_failure(error))
    return event


def _error(told: Any) -> BaseException | None:
    """The exception in what a logger passes as `exc_info`: itself, the usual three, or just `True`."""
    if told is True:
        told = sys.exc_info()
    found = told[1] if isinstance(told, tuple) else told
    return found if isinstance(found, BaseException) else None


def _failure(error: BaseException) -> dict[str, str]:
    places = traceback.extract_tb(error.__traceback__)[-6:]
    where = " < ".join(f"{place.filename.rpartition('/')[2]}:{place.lineno}" for place in reversed(places))
    return {"error": type(error).__name__, "at": where}


def formatter() -> logging.Formatter:
    """JSON lines for `logging` and `structlog` alike."""
    finish: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_STAMPS, processors=[_as_written, _only_listed, *finish])
