"""How much a software may send a day and a minute, in reports and in bytes; what came before counts once, however often it was sent.

A call is taken whole or not at all, and only where all that it brings has room in both windows. `LEFT` is a column of the statement
that finds who calls, so that no door asks for it apart. Calls that come at once each see what was committed before them.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from sceau.core.problems import ProblemType
from sceau.registry.approvals.errors import SoftwareRefused

GIB = 1024**3


class Window(StrEnum):
    """A day is one of Paris."""

    MINUTE = "minute"
    DAY = "day"


class Brought(NamedTuple):
    """What a call brings: reports, and the bytes of their envelopes."""

    reports: int
    size: int


class Quota(NamedTuple):
    """What may be sent, or what is left of it. The defaults are four times what France sent on its record day, and over twice the pace
    at which the intake can follow.
    """

    reports_a_minute: int = 1_000_000
    reports_a_day: int = 10_000_000
    bytes_a_minute: int = 8 * GIB
    bytes_a_day: int = 80 * GIB

    def lacks(self, brought: Brought) -> Window | None:
        """The window that has no room for it, the longer one first."""
        if brought.reports > self.reports_a_day or brought.size > self.bytes_a_day:
            return Window.DAY
        if brought.reports > self.reports_a_minute or brought.size > self.bytes_a_minute:
            return Window.MINUTE
        return None


ANYTHING = Brought(1, 1)
"""The least that a call can bring, before it was read."""
DAY = "({at} at time zone 'Europe/Paris')::date"
LEFT = f"""(
    select array[
        {{software}}.reports_a_minute - coalesce(sum(minute_reports) filter (where minute = date_trunc('minute', {{at}})), 0),
        {{software}}.reports_a_day - coalesce(sum(reports), 0),
        {{software}}.bytes_a_minute - coalesce(sum(minute_bytes) filter (where minute = date_trunc('minute', {{at}})), 0),
        {{software}}.bytes_a_day - coalesce(sum(bytes), 0)]::bigint[]
    from intake_sent sent where sent.software_id = {{software}}.id and sent.day = {DAY})
"""  # noqa: S608 - constants
"""A `Quota`'s fields; `software` names the table, `at` the moment."""


def check(left: Quota, *, at: datetime, brought: Brought = ANYTHING) -> None:
    """Raises `SoftwareRefused` where a window has no room for it, with the seconds until the next one."""
    if (full := left.lacks(brought)) is not None:
        opens = _opens(full, at)
        again = max(1, round((opens - at).total_seconds()))
        raise SoftwareRefused(ProblemType.TOO_MANY_REQUESTS, _reason(left, full, opens), again=again)


def check_whole(quota: Quota, brought: Brought) -> None:
    """Raises `SoftwareRefused` for what no window could ever take: coming again would not help."""
    if quota.lacks(brought):
        reports, size = min(quota.reports_a_minute, quota.reports_a_day), min(quota.bytes_a_minute, quota.bytes_a_day)
        told = {"reports": reports, "bytes": size}
        reason = _("More than this software may ever send at once: reports %(reports)s, bytes %(bytes)s. Divide it.") % told
        raise SoftwareRefused(ProblemType.TOO_LARGE, reason)


def _reason(left: Quota, full: Window, opens: datetime) -> str:
    told = {"at": timezone.localtime(opens).strftime("%H:%M")}
    if left.lacks(ANYTHING):
        if full is Window.MINUTE:
            return _("The quota of this software for the minute is used up: again from %(at)s.") % told
        return _("The quota of this software for the day is used up: again from %(at)s.") % told
    told["reports"] = str(min(left.reports_a_minute, left.reports_a_day))
    told["bytes"] = str(min(left.bytes_a_minute, left.bytes_a_day))
    return (
        _("Left of this software's quota: reports %(reports)s, bytes %(bytes)s. Send so much now, or all of it from %(at)s.")
        % told
    )


def _opens(full: Window, at: datetime) -> datetime:
    if full is Window.MINUTE:
        return at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)  # of the clock on the wall: 23 or 25 hours where summer time begins or ends
