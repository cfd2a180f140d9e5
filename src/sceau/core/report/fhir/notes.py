"""What is found wrong, or left out, while one report is read, so that one refusal names everything at once.

`strict` is our own profile: nothing may be left out and no zone assumed. Never holds what a person's field says.
"""

from collections.abc import Callable
from datetime import tzinfo
from typing import TypeVar

from sceau.core.codes.errors import BadCode
from sceau.core.report.errors import Problem, ReportError, Trouble
from sceau.core.report.fhir.text import shown

T = TypeVar("T")
REASONS = {"shape": Trouble.BAD_SHAPE, "check_digit": Trouble.BAD_CHECK_DIGIT, "unknown": Trouble.UNKNOWN_CODE}


class Notes:
    """The problems and warnings of one report. `zone` is the pharmacy's, for foreign files; without one, reading is strict."""

    def __init__(self, zone: tzinfo | None = None) -> None:
        self.zone = zone
        self.strict = zone is None
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._left_out: dict[str, list[str]] = {}

    def refuse(self, trouble: Trouble, where: str, detail: str = "") -> None:
        problem = Problem(trouble, where, detail)
        if problem not in self.problems:
            self.problems.append(problem)

    def warn(self, trouble: Trouble, where: str, detail: str = "") -> None:
        problem = Problem(trouble, where, detail)
        if problem not in self.warnings:
            self.warnings.append(problem)

    def leave_out(self, where: str, *details: str | None) -> None:
        """Something of the rest was not understood: a warning, one for each kind of place; a refusal in our own profile."""
        if self.strict:
            self.refuse(Trouble.UNKNOWN_VALUE, where, shown(*details))
        self._left_out.setdefault(where, []).extend(detail for detail in details if detail)

    def attempt(self, read: Callable[[], T]) -> T | None:
        """What `read` gives, or None with its problems noted."""
        try:
            return read()
        except ReportError as error:
            for problem in error.problems:
                self.refuse(problem.trouble, problem.where, problem.detail)
            return None

    def code(self, read: Callable[[str], T], text: str, *, where: str, detail: str = "") -> T | None:
        """The code that a text is, or None with the reason noted; `detail` names it where it is nobody's data."""
        try:
            return read(text)
        except BadCode as bad:
            self.refuse(REASONS[bad.reason], where, detail)
            return None

    def all_warnings(self) -> tuple[Problem, ...]:
        left = (Problem(Trouble.LEFT_OUT, where, shown(*details)) for where, details in self._left_out.items())
        return (*self.warnings, *left)
