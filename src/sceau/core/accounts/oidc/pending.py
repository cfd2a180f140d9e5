"""What the session keeps between the pages: a question that waits for its answer, then whom the answer named. Nothing of a provider's.

Nobody is signed in by either. Each is taken once, and is over after minutes.
"""

import time
from base64 import b64decode, b64encode
from typing import NamedTuple

from django.core.cache import cache
from django.http import HttpRequest

from sceau.core.accounts.oidc.question import Question

_ASKED, _NAMED = "oidc", "oidc-named"
TO_ANSWER, TO_UNLOCK = 10 * 60, 5 * 60
"""Seconds."""


class Asked(NamedTuple):
    """`links` is the user who asked in order to link, 0 for a sign-in; `next` the page to go on to."""

    question: Question
    links: int
    next: str


class Named(NamedTuple):
    """Whom the provider named, who has yet to unlock."""

    user: int
    next: str


def ask(request: HttpRequest, *, links: int = 0, next_page: str = "") -> Question:
    question = Question.fresh()
    request.session[_ASKED] = [b64encode(question.secret).decode(), links, next_page, time.time()]
    return question


def asked(request: HttpRequest) -> Asked | None:
    """Once, of all processes that may be asked at the same time."""
    told = request.session.pop(_ASKED, None)
    if told is None or _over(told[3], TO_ANSWER):
        return None
    question = Question(b64decode(told[0]))
    fresh = cache.add(f"oidc:{question.state}", 1, timeout=TO_ANSWER)
    return Asked(question, told[1], told[2]) if fresh else None


def name(request: HttpRequest, user: int, *, next_page: str) -> None:
    request.session[_NAMED] = [user, next_page, time.time()]


def named(request: HttpRequest) -> Named | None:
    told = request.session.get(_NAMED)
    return None if told is None or _over(told[2], TO_UNLOCK) else Named(told[0], told[1])


def done(request: HttpRequest) -> None:
    """Unlocked: the answer has served."""
    request.session.pop(_NAMED, None)


def _over(since: float, longest: int) -> bool:
    return not 0 <= time.time() - since < longest
