"""From a touch to somebody who is open: the challenge for the browser, what it answers, and what a refusal means for the agent."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from sceau.core.keyholder.agent_verbs import Agent
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.presence import TOKEN_LIVES
from sceau.core.keyholder.shapes import SealedAt
from sceau.registry.agents import touching
from sceau.registry.agents.errors import PasskeyRefused
from sceau.registry.config.keyholder import keyholder
from sceau.registry.persons import opening
from sceau.registry.persons.opening import Opened
from sceau.registry.web.presence import site

SECONDS = str(int(TOKEN_LIVES.total_seconds()))
"""For how long a page shows somebody; a text, since pages write numbers with a space in them."""


class NotOpened(Exception):
    """What to tell the agent, whom nothing was shown."""


def asked(request: HttpRequest, agent: Agent, identities: list[SealedAt], *, purpose: str) -> HttpResponse:
    """What the agent's passkey is to sign."""
    challenge = opening.challenge(keyholder(), identities, purpose=purpose, by=agent.agent)
    return JsonResponse(touching.options(site(request), agent, challenge))


def opened(request: HttpRequest, agent: Agent, identities: list[SealedAt], *, purpose: str, subject: str) -> Opened:
    """Raises `NotOpened`; `KeyholderError` when the keyholder is away."""
    by, at = agent.agent, timezone.now()
    try:
        assertion = touching.read(request.POST.get("answer", ""), agent=by)
        return opening.reveal(keyholder(), identities, assertion=assertion, purpose=purpose, subject=subject, by=by, at=at)
    except PasskeyRefused:
        raise NotOpened(_("Nothing was opened: your passkey was not touched.")) from None
    except KeyholderError as error:
        raise NotOpened(why(error)) from None


def why(error: KeyholderError) -> str:
    """In words; raises the error itself when the keyholder is away."""
    told = {
        Refusal.WRONG: _("Nothing was opened: this touch is too old, or was used before. Touch again."),
        Refusal.NOT_ALLOWED: _("Nothing was opened: the keyholder refuses it for this touch, your role or your territory."),
        Refusal.METERED: _("You have opened as many people as an hour allows. A supervisor can raise the limit, with a reason."),
        Refusal.DESTROYED: _("Nobody can open this any more: it was erased, or its retention is over."),
    }
    if error.refusal not in told:
        raise error
    return told[error.refusal]


def written(token: bytes) -> str:
    """A token as a page holds it."""
    return urlsafe_b64encode(token).decode()


def token(request: HttpRequest) -> bytes:
    """That of whoever is open on the page; one that is none opens nothing."""
    try:
        return urlsafe_b64decode(request.POST.get("token", "").encode())
    except (binascii.Error, ValueError):
        return b""
