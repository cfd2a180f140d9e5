"""Times as American files write them: zones by their abbreviation, with the summer time that the place has."""

from datetime import UTC, datetime

import pytest

from sceau.core.report.csv.cells import BadCell
from sceau.core.report.csv.times import AMERICAN_DATE, AMERICAN_TIME, COMPACT_TIME


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("12/20/2021 4:00 PST", 12),
        ("12/20/2021 04:00 pt", 12),
        ("7/20/2021 4:00 PST", 11),
        ("12/20/2021 7:00 ET", 12),
        ("12/20/2021 6:00 CST", 12),
        ("12/20/2021 5:00 MT", 12),
        ("12/20/2021 3:00 AKST", 12),
        ("12/20/2021 2:00 HST", 12),
        ("12/20/2021 1:00 SST", 12),
        ("12/20/2021 8:00 AST", 12),
        ("12/20/2021 12:00 UTC", 12),
        ("12/20/2021 13:00 +01:00", 12),
        ("12/20/2021 13:00+0100", 12),
    ],
)
def test_zones_are_understood(written: str, hour: int) -> None:
    moment = AMERICAN_TIME.parse(written)
    assert moment.astimezone(UTC).hour == hour


def test_without_a_zone_none_is_made_up() -> None:
    assert AMERICAN_TIME.parse("12/20/2021 14:00") == datetime(2021, 12, 20, 14)  # noqa: DTZ001
    assert COMPACT_TIME.parse("20211220") == datetime(2021, 12, 20, 12)  # noqa: DTZ001


@pytest.mark.parametrize("written", ["20/12/2021", "12/20/21", "2/30/2021", "12/20/2021 25:00", "1/1/1066", "1/1/9999", "now"])
def test_what_is_no_time_is_refused(written: str) -> None:
    with pytest.raises(BadCell):
        AMERICAN_TIME.parse(written)


def test_a_day_may_be_written_with_a_time() -> None:
    assert AMERICAN_DATE.parse("1/20/1962 0:00").isoformat() == "1962-01-20"
