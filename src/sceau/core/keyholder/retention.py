"""Destroying the keys of days whose retention is over: what was sealed under them opens nowhere any more, in no backup either."""

from collections.abc import Sequence
from datetime import date, datetime

from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.journal import Journal
from sceau.core.keyholder.service_verbs import Statement
from sceau.core.keyholder.statement import state
from sceau.core.keyholder.store import Store
from sceau.core.regime import REGIMES, Regime, regime_on

Regimes = tuple[Regime, ...]


def expired(day: date, regimes: Regimes, on: date) -> bool:
    return day + regime_on(day, regimes).retention < on


def destroy_expired(
    store: Store, journal: Journal, names: Sequence[str], regimes: Regimes, *, on: date, at: datetime
) -> Statement:
    """Destroys those of `names` (`…/<ISO date>`) that expired before `on`; raises `not-allowed` for a day to come. The statement
    names the regimes, so that whoever keeps rows can tell which days it is about.
    """
    if on > at.date():
        raise KeyholderError(Refusal.NOT_ALLOWED, "a day that has not come")
    gone = [name for name in names if expired(date.fromisoformat(name.rpartition("/")[2]), regimes, on)]
    journal.append("retire", at, on=on.isoformat(), count=len(gone))
    for name in gone:
        store.destroy(name)
    return state(store, gone, at, on=on.isoformat(), regime=_name(regimes))


def _name(regimes: Regimes) -> str:
    return next(name for name, known in REGIMES.items() if known == regimes)
