"""What a page says of a file's rows: numbers and reasons, and nobody's name."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, Protocol

from django.utils.translation import get_language

from sceau.core.report.errors import Problem

MOST = 200


class Judged(Protocol):
    """A row that was read or handled."""

    @property
    def number(self) -> int: ...

    @property
    def problems(self) -> tuple[Problem, ...]: ...


def wrong(rows: Iterable[Judged]) -> dict[int, list[str]]:
    """The reasons of each row that cannot be taken, in the language of the page."""
    return {row.number: texts(row.problems) for row in rows if row.problems}


def texts(problems: Sequence[Problem]) -> list[str]:
    language: Literal["fr", "en"] = "fr" if get_language() == "fr" else "en"
    return [problem.text(language) for problem in problems]


def listed(why: dict[int, list[str]]) -> dict[str, Any]:
    """The first of them, and how many more there are."""
    return {"wrong": list(why.items())[:MOST], "more": max(0, len(why) - MOST)}
