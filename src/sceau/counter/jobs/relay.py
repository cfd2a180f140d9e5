"""The relay job: carries waiting envelopes to the registry and brings acknowledgements back. It can open nothing.

Coarse: one job for however many envelopes wait. It looks a few times for acknowledgements, then leaves a later job to look again.
"""

from threading import Event

from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from sceau.core.jobs import wait_for_wakers, wake_at
from sceau.counter.relay import actions, enrolments, queries
from sceau.counter.relay.client import client
from sceau.counter.relay.job import RELAY

LOOKS = (0.1, 0.2, 0.4, 0.8, 1.6)


@app.task(name=RELAY, pass_context=False)
def relay() -> None:
    close_old_connections()
    wait_for_wakers(RELAY)
    _deliver()
    enrolments.ask_all(client(), at=timezone.now())
    _deliver()
    pause = Event()
    for seconds in LOOKS:
        if not actions.collect(client(), at=timezone.now()):
            break
        pause.wait(seconds)
    actions.postpone(at=timezone.now())
    if due := queries.next_due():
        wake_at(RELAY, due)


def _deliver() -> None:
    while actions.deliver(client(), at=timezone.now()):
        pass


@app.periodic(cron="* * * * *")
@app.task(name="counter.relay.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Once a minute, for what a killed worker left."""
    relay()
