"""Lets what was set aside wait again: the worker does, since no page may change an envelope that was received."""

from django.db import close_old_connections, transaction
from procrastinate.contrib.django import app

from sceau.core.jobs import wait_for_wakers, wake
from sceau.registry.intake import actions
from sceau.registry.intake.job import INTAKE, REPLAY


@app.task(name=REPLAY, pass_context=False)
def replay() -> None:
    close_old_connections()
    wait_for_wakers(REPLAY)
    with transaction.atomic():
        actions.replay()
        wake(INTAKE)
