"""Until when somebody who tried too often has to wait, to be told; the counting itself is django-allauth's.

Passkeys are counted by themselves: whoever guesses passwords from a pharmacy's address locks nobody out who touches theirs.
"""

import time
from datetime import UTC, datetime

from allauth.core import ratelimit
from allauth.core.internal.ratelimit import Rate, get_cache_key, get_rates
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext as _

APP = "allauth.account"
SECOND_FACTOR, PASSKEY, PROVIDER = "second_factor", "passkey", "provider"
_PER_ADDRESS = ("login", "login_failed", "recover", PROVIDER)


def until(request: HttpRequest, action: str, *, key: str | None = None) -> datetime | None:
    """When the next try of this action is taken; None if one is taken now."""
    ends = [_end(request, action, rate, key) for rate in get_rates(app=APP, action=action) if key or rate.per != "key"]
    latest = max((end for end in ends if end), default=None)
    return datetime.fromtimestamp(latest, UTC) if latest else None


def page_until(request: HttpRequest) -> datetime | None:
    """The same for whatever keeps this request's address in the network waiting."""
    return max((end for action in _PER_ADDRESS if (end := until(request, action))), default=None)


def why(end: datetime | None) -> str:
    """What the person reads. The hour is that of the place."""
    if end is None:
        return _("Too many attempts. Wait a few minutes, then try again.")
    hour = formats.time_format(timezone.localtime(end), "H:i:s")
    return _("Too many attempts. Try again at %(hour)s; a passkey opens at once.") % {"hour": hour}


def guess(request: HttpRequest, user: int) -> None:
    """Counts a guess of a user's second factor; raises `ValidationError` once five were wrong within an hour."""
    key = f"user:{user}"
    if not ratelimit.consume(request, action=SECOND_FACTOR, key=key):
        raise ValidationError(why(until(request, SECOND_FACTOR, key=key)))


def guessed(request: HttpRequest, user: int) -> None:
    """It was right: the count begins anew."""
    ratelimit.clear(request, action=SECOND_FACTOR, key=f"user:{user}")


def _end(request: HttpRequest, action: str, rate: Rate, key: str | None) -> float | None:
    moments: list[float] = cache.get(get_cache_key(request, app=APP, action=action, rate=rate, key=key), [])
    recent = [moment for moment in moments if moment > time.time() - rate.duration]
    return recent[rate.amount - 1] + rate.duration if len(recent) >= rate.amount else None
