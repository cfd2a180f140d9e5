"""Last month's invoices and credit notes, on the first days of a month; what was made on the first is not made again on the second."""

from datetime import timedelta

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from sceau.counter.billing import issuing
from sceau.counter.billing.document import PARIS, month_of
from sceau.counter.billing.errors import IssuerIncomplete

_log = structlog.stdlib.get_logger("sceau")


@app.periodic(cron="11 5 1-3 * *")
@app.task(name="counter.billing", pass_context=False)
def monthly(timestamp: int) -> None:
    """Three times, should the worker be away on the first; an installation that has no issuer makes no invoices."""
    at = timezone.now()
    last = month_of(month_of(at.astimezone(PARIS).date()) - timedelta(days=1))
    try:
        ran = issuing.run(last, at=at)
    except IssuerIncomplete:
        _log.warning("no invoices: who issues them is not set")
        return
    if ran.failed:
        _log.error("invoices not issued: `sceau counter invoices run` says why", count=len(ran.failed))
