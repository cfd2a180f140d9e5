"""What a report must be beyond its own form, once it is known who sends it and when. Pure."""

from datetime import datetime

from sceau.core.codes.identifiers import Finess
from sceau.core.report.errors import Problem, ReportError, Trouble
from sceau.core.report.model import Screening


def check_sent(screening: Screening, *, by: Finess, at: datetime) -> None:
    """Raises `ReportError` for a screening of another establishment than the sender's, and for one that lies ahead."""
    if screening.performer.finess not in (None, by):
        raise ReportError(Problem(Trouble.OTHER_PHARMACY, "performer.finess"))
    if screening.specimen.taken_at > at:
        raise ReportError(Problem(Trouble.IN_THE_FUTURE, "specimen.taken_at"))
