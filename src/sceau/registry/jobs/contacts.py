"""The job that matches contacts: drains those that wait, a batch a transaction. While the keyholder is away they wait."""

from datetime import timedelta

import structlog
from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from sceau.core.jobs import wait_for_wakers, wake_at
from sceau.core.keyholder.errors import KeyholderError
from sceau.registry.config.keyholder import keyholder
from sceau.registry.contacts.job import MATCH
from sceau.registry.contacts.matching import match_waiting

AGAIN = timedelta(seconds=3)
_log = structlog.get_logger("sceau.contacts")


@app.task(name=MATCH, pass_context=False)
def match() -> None:
    close_old_connections()
    wait_for_wakers(MATCH)
    try:
        while match_waiting(keyholder(), at=timezone.now()):
            pass
    except KeyholderError as error:
        _log.error("contacts wait: the keyholder does not answer; start it", problem=error.refusal.value)
        wake_at(MATCH, timezone.now() + AGAIN)


@app.periodic(cron="* * * * *")
@app.task(name="registry.contacts.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Once a minute, for what a killed worker left."""
    match()
