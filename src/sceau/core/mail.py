"""E-mails to staff, publishers and owners: never to or about a patient. What the mail server says is logged by its type alone."""

import smtplib
from collections.abc import Iterator

import structlog
from django.conf import settings
from django.core.mail import send_mail

from sceau.core.doctor import Finding

NOWHERE = "django.core.mail.backends.dummy.EmailBackend"
_log = structlog.get_logger("sceau.mail")


def set_up() -> bool:
    """Whether e-mails go anywhere."""
    return bool(settings.EMAIL_BACKEND != NOWHERE)


def findings() -> Iterator[Finding]:
    """What `sceau doctor` says of it."""
    if not set_up():
        what = (
            "no mail server is set up: publishers cannot register, neither owners nor officers hear what was decided on software"
        )
        yield Finding(3, what, "Set EMAIL_HOST for every process of the service; what they are owed is sent then.")


def send(to: str, *, subject: str, text: str) -> bool:
    """Whether it was handed over."""
    if not set_up():
        _log.error("an e-mail was not sent: there is no mail server, see EMAIL_HOST")
        return False
    try:
        return bool(send_mail(subject, text, None, [to]))
    except (OSError, smtplib.SMTPException) as error:
        _log.error("an e-mail was not handed over: see EMAIL_HOST", error=type(error).__name__)
        return False
