"""The intake job: drains the inbox, a batch a transaction. Coarse: one job for however many envelopes wait."""

from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from sceau.core.jobs import wait_for_wakers
from sceau.registry.config.keyholder import keyholder
from sceau.registry.intake import actions
from sceau.registry.intake.job import INTAKE

BATCH = 500


@app.task(name=INTAKE, pass_context=False)
def intake() -> None:
    close_old_connections()
    wait_for_wakers(INTAKE)
    while actions.take_in(keyholder(), limit=BATCH, at=timezone.now()):
        pass


@app.periodic(cron="* * * * *")
@app.task(name="registry.intake.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Once a minute, for what a killed worker left."""
    intake()
