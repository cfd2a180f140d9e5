"""The intake job: drains the inbox, a batch a transaction. Coarse: one job for however many envelopes wait.

While more waits than one batch takes, there are several lanes: the keyholder opens batches of some while the database takes
another's. Before that, they would only divide what one takes in one go into many, each with a cost of its own.

While the keyholder is away, or its disk is full, envelopes wait and the job comes again by itself.
"""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta

import structlog
from django.db import close_old_connections, connection
from django.utils import timezone
from procrastinate.contrib.django import app

from sceau.core.jobs import wait_for_wakers, wake_at
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.registry.config.keyholder import taking_in
from sceau.registry.intake import actions
from sceau.registry.intake.job import INTAKE

BATCH, LANES, PAUSE = 500, 3, 0.1
AGAIN = timedelta(seconds=3)
_log = structlog.get_logger("sceau.intake")


@app.task(name=INTAKE, pass_context=False)
def intake() -> None:
    close_old_connections()
    wait_for_wakers(INTAKE)
    try:
        _drain()
    except KeyholderError as error:
        _log.error(why(error.refusal), problem=error.refusal.value)
        wake_at(INTAKE, timezone.now() + AGAIN)


def _drain() -> None:
    """In this lane, and in others beside it. It looks again while any of them goes: what comes meanwhile would be left to that one."""
    with ThreadPoolExecutor(LANES - 1) as pool:
        beside: set[Future[None]] = set()
        while (took := _batch()) or beside:
            if took and actions.crowded(BATCH):
                beside |= {pool.submit(_lane) for _ in range(LANES - 1 - len(beside))}
            ended, beside = wait(beside, timeout=0 if took else PAUSE)
            for lane in ended:
                lane.result()


def _lane() -> None:
    try:
        while _batch() and actions.crowded(BATCH):
            pass
    finally:
        connection.close()


def _batch() -> int:
    return actions.take_in(taking_in(), limit=BATCH, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="registry.intake.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Once a minute, for what a killed worker left."""
    intake()


def why(refusal: Refusal) -> str:
    """Why envelopes wait, and what the operator does about it."""
    if refusal is Refusal.CLOCK:
        return "envelopes wait: this clock and the keyholder's differ by more than five minutes; let both follow the same time server"
    if refusal is Refusal.UNAVAILABLE:
        return "envelopes wait: the keyholder does not answer, or its disk is full; start it, or make room"
    return "envelopes wait: the keyholder refuses them; `sceau doctor` says more"
