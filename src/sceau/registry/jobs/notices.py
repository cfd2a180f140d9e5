"""Sends the e-mails that owners are owed (`approvals/notices.py`). Each is marked once it is handed over: a worker that dies in between
sends that one again. Without arguments: whom it concerns is in rows.
"""

from datetime import timedelta

from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from sceau.core.jobs import wait_for_wakers, wake_at
from sceau.registry.approvals import notices
from sceau.registry.approvals.notices import NOTICES

AGAIN = timedelta(minutes=5)


@app.task(name=NOTICES, pass_context=False)
def send() -> None:
    close_old_connections()
    wait_for_wakers(NOTICES)
    if not notices.send_all(at=timezone.now()):
        wake_at(NOTICES, timezone.now() + AGAIN)
