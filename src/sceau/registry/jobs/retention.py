"""The end of retention, once a day."""

from django.utils import timezone
from procrastinate.contrib.django import app

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit import retention
from sceau.core.audit.retention import Ended, Over
from sceau.registry.cases import actions as cases
from sceau.registry.contacts.models import Call, Contact
from sceau.registry.intake import counting
from sceau.registry.persons.models import Doubt, Identity, Move, Refusal
from sceau.registry.results import retention as results
from sceau.registry.results.models import Duplicate

TABLES = (Call, Contact, Identity, Doubt, Move, Refusal, Duplicate)


def run() -> Ended:
    at = timezone.now()

    def then(over: Over) -> dict[str, int]:
        counters = counting.end(before=counting.day_of(at - counting.KEPT))
        return results.end(over, keyholder=keyholder(), at=at) | cases.part() | counters

    return retention.run(keyholder(), TABLES, at=at, then=then)


@app.periodic(cron="17 3 * * *")
@app.task(name="registry.retention", pass_context=False)
def daily(timestamp: int) -> None:
    run()
