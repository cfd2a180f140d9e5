"""Once a minute: whether what came in repeats what was there. Nothing waits for it."""

import structlog
from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from sceau.core.keyholder.errors import KeyholderError
from sceau.registry.config.keyholder import keyholder
from sceau.registry.results.duplicates import look

_log = structlog.get_logger("sceau.duplicates")


@app.periodic(cron="* * * * *")
@app.task(name="registry.duplicates", pass_context=False)
def duplicates(timestamp: int) -> None:
    close_old_connections()
    try:
        while look(keyholder(), at=timezone.now()):
            pass
    except KeyholderError as error:
        _log.warning("duplicates are looked for when the keyholder is back", problem=error.refusal.value)
