"""The dated legal rules in force: consent, retention, tracing. A regime is chosen by the day the specimen was taken.

Sources: the decrees summarised in `docs/reference/regimes.md`. The demo regime is one of its own, named so that nobody takes it
for the law: recording is mandatory and retention counts from receipt, so that old samples can be shown.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from sceau.core.report.model import Consent


class RetentionFrom(StrEnum):
    SAMPLING = "sampling"
    RECEIPT = "receipt"


class Regime(NamedTuple):
    """`retention` is how long an identity is kept; `consent` whether keeping it needs the patient's yes."""

    name: str
    since: date
    consent: bool
    retention: timedelta
    counted_from: RetentionFrom
    tracing: bool

    def keeps_identity(self, said: Consent) -> bool:
        return not self.consent or said is Consent.GIVEN


_MONTH = timedelta(days=31)
LAW = (
    Regime("before-2020-05-13", date.min, True, timedelta(0), RetentionFrom.SAMPLING, False),
    Regime("mandatory-recording", date(2020, 5, 13), False, 3 * _MONTH, RetentionFrom.SAMPLING, True),
    Regime("consent", date(2023, 2, 1), True, 3 * _MONTH, RetentionFrom.SAMPLING, False),
    Regime("consent-one-month", date(2023, 7, 1), True, _MONTH, RetentionFrom.SAMPLING, False),
)
DEMO = (Regime("demo", date.min, False, 3 * _MONTH, RetentionFrom.RECEIPT, True),)
REGIMES = {"law": LAW, "demo": DEMO}


def regime_on(taken: date, regimes: tuple[Regime, ...]) -> Regime:
    """The last of `regimes` that had begun on the day the specimen was taken."""
    return max((regime for regime in regimes if regime.since <= taken), key=lambda regime: regime.since)
