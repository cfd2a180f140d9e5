"""E-mails to staff, publishers and owners: never to or about a patient. What the mail server says is logged by its type alone."""

import smtplib

import structlog
from django.core.mail import send_mail

_log = structlog.get_logger("sceau.mail")


def send(to: str, *, subject: str, text: str) -> bool:
    """Whether it was handed over."""
    try:
        return bool(send_mail(subject, text, None, [to]))
    except (OSError, smtplib.SMTPException) as error:
        _log.error("an e-mail was not handed over: see EMAIL_HOST", error=type(error).__name__)
        return False
