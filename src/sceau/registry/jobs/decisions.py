"""Once a minute: whether the keyholder wrote down a decision on software that no officer was told of (`approvals/announcing.py`)."""

import structlog
from django.db import close_old_connections
from procrastinate.contrib.django import app

from sceau.core.keyholder.errors import KeyholderError
from sceau.registry.approvals.announcing import announce

_log = structlog.get_logger("sceau.decisions")


@app.periodic(cron="* * * * *")
@app.task(name="registry.decisions", pass_context=False)
def decisions(timestamp: int) -> None:
    close_old_connections()
    try:
        if not announce():
            _log.warning("officers are not told of what was decided: see EMAIL_HOST")
    except KeyholderError as error:
        _log.warning("officers are told when the keyholder is back", problem=error.refusal.value)
