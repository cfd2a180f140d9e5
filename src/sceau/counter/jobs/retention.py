"""The end of retention, once a day."""

from django.utils import timezone
from procrastinate.contrib.django import app

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit import retention
from sceau.core.audit.retention import Ended
from sceau.counter.billing import ledger
from sceau.counter.checkins import actions as checkins
from sceau.counter.imports.models import Import
from sceau.counter.kept.models import Entry
from sceau.counter.patients.models import Card
from sceau.counter.pharmacies.models import BoxKey
from sceau.counter.relay.models import Envelope
from sceau.counter.screenings.models import Screening
from sceau.counter.visits.models import Visit

TABLES = (Entry, Visit, Card, Screening, Import, Envelope, BoxKey)


def run() -> Ended:
    checkins.end_days(at=timezone.now())
    ledger.accrue()  # what is to be charged is written down before the copies that say so are gone
    ended = retention.run(keyholder(), TABLES, at=timezone.now())
    ledger.forget()
    return ended


@app.periodic(cron="17 3 * * *")
@app.task(name="counter.retention", pass_context=False)
def daily(timestamp: int) -> None:
    run()
