"""The log's jobs, the same at both services: numbers, signs, tells the witness; once a day looks whether all is as the log says."""

import structlog
from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit import checkpoint, whole
from sceau.core.audit.checkpoint import Witness
from sceau.core.audit.models import Checkpoint

_log = structlog.get_logger("sceau.audit")


def now() -> Checkpoint | None:
    """Numbers and signs what there is."""
    origin, witness = f"sceau/{settings.SERVICE}", Witness(settings.AUDIT_WITNESS)
    return checkpoint.make(keyholder(), origin=origin, witness=witness, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="audit.checkpoint", pass_context=False)
def sign(timestamp: int) -> None:
    """Every minute; signs nothing when there is nothing new."""
    now()


@app.periodic(cron="47 4 * * *")
@app.task(name="audit.verify", pass_context=False)
def look(timestamp: int) -> None:
    """Once a day; what is wrong is told in the process's log and by `sceau doctor`, in full by `sceau audit verify`."""
    found = whole.look(keyholder(), at=timezone.now())
    if found.faults:
        _log.error("audit", count=len(found.faults))
