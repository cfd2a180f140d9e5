"""The log's job, the same at both services: numbers, signs, tells the witness, and keeps months ahead."""

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit import checkpoint
from sceau.core.audit.checkpoint import Witness
from sceau.core.audit.models import Checkpoint


def now() -> Checkpoint | None:
    """Numbers and signs what there is."""
    origin, witness = f"sceau/{settings.SERVICE}", Witness(settings.AUDIT_WITNESS)
    return checkpoint.make(keyholder(), origin=origin, witness=witness, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="audit.checkpoint", pass_context=False)
def sign(timestamp: int) -> None:
    """Every minute; signs nothing when there is nothing new."""
    now()
