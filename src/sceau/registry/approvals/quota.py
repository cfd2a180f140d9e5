"""How much a software may send a day and a minute, in reports and in bytes; what came before counts once, however often it was sent.

A call is heard while neither window is full, and then taken whole: a window of any size takes at least one call, so that whoever
keeps what is refused always gets on. `FULL` is a column of the statement that finds who calls, so that no door asks for it apart.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from sceau.core.problems import ProblemType
from sceau.registry.approvals.errors import SoftwareRefused

GIB = 1024**3


class Quota(NamedTuple):
    """The defaults are four times what France sent on its record day, and over twice the pace at which the intake can follow."""

    reports_a_minute: int = 1_000_000
    reports_a_day: int = 10_000_000
    bytes_a_minute: int = 8 * GIB
    bytes_a_day: int = 80 * GIB


class Window(StrEnum):
    """A day is one of Paris."""

    MINUTE = "minute"
    DAY = "day"


DAY = "({at} at time zone 'Europe/Paris')::date"
FULL = f"""(
    select case
        when sum(reports) >= {{software}}.reports_a_day or sum(bytes) >= {{software}}.bytes_a_day then '{Window.DAY}'
        when sum(minute_reports) filter (where minute = date_trunc('minute', {{at}})) >= {{software}}.reports_a_minute
            or sum(minute_bytes) filter (where minute = date_trunc('minute', {{at}})) >= {{software}}.bytes_a_minute
            then '{Window.MINUTE}'
        end
    from intake_sent sent where sent.software_id = {{software}}.id and sent.day = {DAY})
"""  # noqa: S608 - constants
"""The `Window` that is full, or null; `software` names the table, `at` the moment."""


def check(full: str | None, *, at: datetime) -> None:
    """Raises `SoftwareRefused` where a window is full, with the seconds until the next one."""
    if full is not None:
        opens = _opens(Window(full), at)
        told = {"at": timezone.localtime(opens).strftime("%H:%M")}
        reason = _("The quota of this software for the day is used up: again from %(at)s.") % told
        if full == Window.MINUTE:
            reason = _("The quota of this software for the minute is used up: again from %(at)s.") % told
        raise SoftwareRefused(ProblemType.TOO_MANY_REQUESTS, reason, again=max(1, round((opens - at).total_seconds())))


def _opens(full: Window, at: datetime) -> datetime:
    if full is Window.MINUTE:
        return at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)  # of the clock on the wall: 23 or 25 hours where summer time begins or ends
