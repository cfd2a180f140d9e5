"""The end of retention, once a day."""

from django.utils import timezone
from procrastinate.contrib.django import app

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit import retention
from sceau.core.audit.retention import Ended
from sceau.registry.persons.models import Identity

TABLES = (Identity,)


def run() -> Ended:
    return retention.run(keyholder(), TABLES, at=timezone.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="registry.retention", pass_context=False)
def daily(timestamp: int) -> None:
    run()
