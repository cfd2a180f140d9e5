"""OAuth 2 client credentials with `private_key_jwt` (RFC 6749 §4.4, RFC 7523; SMART Backend Services): signing in and checking tokens.

The keyholder checks who signed an assertion, for where and until when, and signs the token, which lies in no table
(`core/keyholder/access.py`); it lives five minutes. An assertion counts once. The software's state is asked at each request
(`api/callers.py`).
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import transaction

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.keyholder.access_token import AccessToken
from sceau.core.keyholder.assertions import LEEWAY, subject, unverified
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.software_verbs import AccessKey, Lend, SignIn
from sceau.core.problems import ProblemType
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.models import Assertion, Software

_REMEMBERED = 4_096


@transaction.atomic
def issue(assertion: str, *, at: datetime) -> str:
    """A token for the software that signed `assertion`; raises `SoftwareRefused`, `KeyholderError`."""
    _check_listed(subject(assertion))
    token = _signed_in(assertion)
    _once(unverified(assertion), at)
    return token


@transaction.atomic
def lend(software: Software, *, by: str, at: datetime) -> str:
    """A token that opens the door for tables alone, for somebody who speaks for its publisher and is signed in: the log says who, since
    no key signed for it. Raises `KeyholderError`.
    """
    record(Event.TABLE_ALLOWED, by=by, subject=f"software:{software.pk}", at=at)
    token: str = keyholder().ask(Lend(software.pk))
    return token


def read(text: str, *, at: datetime) -> AccessToken:
    """A token that lives; raises `SoftwareRefused`, and `KeyholderError` where nobody has told this process yet how to know one."""
    token = _known(text, _key())
    if token.expires_at <= at:
        raise SoftwareRefused(ProblemType.TOKEN_REFUSED)
    return token


@lru_cache(maxsize=_REMEMBERED)
def _known(text: str, key: bytes) -> AccessToken:
    """A signature is looked at once: it stays true. One that is not is not remembered."""
    token = AccessToken.read(text, key)
    if token is None:
        raise SoftwareRefused(ProblemType.TOKEN_REFUSED)
    return token


@lru_cache(maxsize=1)
def _key() -> bytes:
    """Asked for once; the keyholder's store has it for good."""
    key: bytes = keyholder().ask(AccessKey())
    return key


def _check_listed(named: UUID | None) -> None:
    if named is None:
        raise SoftwareRefused(ProblemType.ASSERTION_REFUSED)
    if not Software.objects.filter(id=named).exists():
        raise SoftwareRefused(ProblemType.SOFTWARE_UNKNOWN)


def _signed_in(assertion: str) -> str:
    try:
        token: str = keyholder().ask(SignIn(assertion))
    except KeyholderError as error:
        if error.refusal is Refusal.WRONG:
            raise SoftwareRefused(ProblemType.ASSERTION_REFUSED) from None
        raise
    return token


def _once(claims: Mapping[str, Any], at: datetime) -> None:
    """The keyholder, which found them good, forgets what was used when it starts anew."""
    used = hashlib.sha256(f"{claims['sub']} {claims['jti']}".encode()).digest()
    expires = datetime.fromtimestamp(claims["exp"], UTC) + LEEWAY
    Assertion.objects.filter(expires_at__lt=at).delete()
    _, fresh = Assertion.objects.get_or_create(digest=used, defaults={"expires_at": expires})
    if not fresh:
        raise SoftwareRefused(ProblemType.ASSERTION_REFUSED)
