"""The ledger: one line for each relayed test that the registry recorded, written from outcomes of signed acknowledgements alone.

What was never recorded (a duplicate, a refusal, a correction of what is there already) has no line. The month is that in which the
counter heard the acknowledgement, in Paris; the price that of the day on which the pharmacy reported. One statement each, however
many pharmacies there are; each may run twice.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction

from sceau.core.regime import REGIMES
from sceau.counter.billing.document import CENT, PARIS
from sceau.counter.pharmacies.models import Pharmacy

_PRICED = """
with recorded as materialized (
    select s.id as report, e.pharmacy_id, s.day, date_trunc('month', e.acknowledged_at at time zone 'Europe/Paris')::date as month
    from screenings_screening s join relay_envelope e on e.id = s.envelope_id
    where s.outcome = 'recorded' and not s.void and e.acknowledged_at is not null and {wanted}
), priced as (
    select days.day, price.cents from (select distinct day from recorded) days
    cross join lateral (
        select r.name from unnest(%s::text[], %s::date[]) as r(name, since) where r.since <= days.day order by r.since desc limit 1
    ) regime
    cross join lateral (
        select p.cents from billing_price p where p.since <= days.day and p.regime in (regime.name, '')
        order by p.regime = '', p.since desc limit 1
    ) price where price.cents > 0
)
"""
_NEW = "not exists (select from billing_charge c where c.report = s.id)"
_ACCRUE = f"""
{_PRICED.format(wanted=_NEW)}
insert into billing_charge (report, pharmacy_id, month, cents, void)
select report, pharmacy_id, month, cents, false from recorded join priced using (day)
on conflict do nothing
"""  # noqa: S608 - our own text
_SO_FAR = f"""
{_PRICED.format(wanted="s.pharmacy_id = %s and e.acknowledged_at >= %s")}
select count(*), coalesce(sum(cents), 0) from recorded join priced using (day) where month = %s
"""  # noqa: S608 - our own text
_VOID = """
update billing_charge c set void = true from screenings_screening s where s.id = c.report and s.void and not c.void
"""
_FORGET = """
delete from billing_charge c where (c.invoice_id is not null or c.void)
and not (c.void and c.invoice_id is not null and c.credit_note_id is null)
and not exists (select from screenings_screening s where s.id = c.report)
"""


class SoFar(NamedTuple):
    """Tests to be charged, and what for: cents without VAT."""

    tests: int
    cents: int

    @property
    def euros(self) -> Decimal:
        return self.cents * CENT


@transaction.atomic
def accrue() -> int:
    """Writes the lines that are missing, and marks those whose test was cancelled; gives how many are new."""
    new = _run(_ACCRUE, *_regimes())
    _run(_VOID)
    return new


def forget() -> int:
    """Lets the lines go whose report has no copy any more: nothing can change about them. Gives how many."""
    return _run(_FORGET)


def so_far(pharmacy: Pharmacy, month: date) -> SoFar:
    """What a month has brought until now."""
    with connection.cursor() as cursor:
        begun = datetime.combine(month, time(), PARIS)
        cursor.execute(_SO_FAR, [pharmacy.id, begun, *_regimes(), month])
        return SoFar(*cursor.fetchone())


def _regimes() -> tuple[list[str], list[date]]:
    regimes = REGIMES[settings.REGIME]
    return [one.name for one in regimes], [one.since for one in regimes]


def _run(statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        count: int = cursor.rowcount
        return count
