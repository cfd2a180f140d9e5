"""What a report must be beyond its own form, once it is known who sends it and when. Pure."""

from collections.abc import Collection
from datetime import datetime

from sceau.core.codes.identifiers import Finess
from sceau.core.codes.loinc import Disease
from sceau.core.report.errors import Problem, ReportError, Trouble
from sceau.core.report.model import Screening


def check_sent(screening: Screening, *, by: Finess, at: datetime, diseases: Collection[Disease] | None) -> None:
    """Raises `ReportError` for a screening of another establishment than the sender's, for one that lies ahead, and for a disease that
    is none of those its software is kept to, where it is kept to some.
    """
    if screening.performer.finess not in (None, by):
        raise ReportError(Problem(Trouble.OTHER_PHARMACY, "performer.finess"))
    if screening.specimen.taken_at > at:
        raise ReportError(Problem(Trouble.IN_THE_FUTURE, "specimen.taken_at"))
    if diseases is not None and (foreign := {found.disease for found in screening.findings}.difference(diseases)):
        raise ReportError(Problem(Trouble.OUT_OF_SCOPE, "test.loinc", ", ".join(sorted(foreign))))
