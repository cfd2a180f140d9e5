"""Sign-ins and sign-outs, as Django tells them."""

from typing import Any

from django.contrib.auth import signals
from django.db import transaction
from django.utils import timezone

from sceau.core.audit.events import Event
from sceau.core.audit.record import record


def connect() -> None:
    signals.user_logged_in.connect(_in, dispatch_uid="audit-in")
    signals.user_logged_out.connect(_out, dispatch_uid="audit-out")
    signals.user_login_failed.connect(_refused, dispatch_uid="audit-refused")


def _in(sender: Any, user: Any, **_: Any) -> None:
    _tell(Event.SIGNED_IN, f"user:{user.pk}")


def _out(sender: Any, user: Any, **_: Any) -> None:
    if user is not None:
        _tell(Event.SIGNED_OUT, f"user:{user.pk}")


def _refused(sender: Any, **_: Any) -> None:
    """Nothing of what was typed is kept."""
    _tell(Event.SIGN_IN_REFUSED, "stranger")


def _tell(event: Event, who: str) -> None:
    with transaction.atomic():
        record(event, by=who, subject=who, at=timezone.now())
