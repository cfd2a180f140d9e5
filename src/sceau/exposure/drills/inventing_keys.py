"""Part of drill 12: in the registry's web process, somebody wants tokens of software that was approved, and its next key; they have
heard what its key signs to sign in, but have no key that the keyholder knows.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from sceau.core.keyholder.envelope_verbs import StampKey
from sceau.core.keyholder.shapes import Question
from sceau.core.keyholder.software_keys import members
from sceau.core.keyholder.software_verbs import AddKey, SignIn
from sceau.demo.laboratory import Laboratory
from sceau.exposure.drills.agents import Asked, refused

_DAYS = timedelta(days=90)
_UNSEEN: Any = {"verify_signature": False}


def attempts(web: Asked, laboratory: Laboratory) -> Iterator[tuple[str, Question]]:
    """What must be refused, each beside something like it that is not."""
    at = datetime.now(UTC)
    used = laboratory.assertion(at)
    web.ask(SignIn(used))
    yield "what software signed to sign in, a second time", SignIn(used)
    yield "what software signed to sign in three months ago", SignIn(laboratory.assertion(at - _DAYS))
    yield "what software signed to sign in elsewhere", SignIn(laboratory.assertion(at, aud="https://registre.evil/oauth/token"))
    yield "what software signed for longer than five minutes", SignIn(laboratory.assertion(at, exp=at + timedelta(hours=1)))
    yield from _own(web, laboratory, at)
    yield "the key of the plain doors' stamps", StampKey(plain=True)


def signs_in(web: Asked, laboratory: Laboratory) -> bool:
    """That software whose key the keyholder knows gets a token."""
    return not refused(web, SignIn(laboratory.assertion(datetime.now(UTC))))


def _own(web: Asked, laboratory: Laboratory, at: datetime) -> Iterator[tuple[str, Question]]:
    """With a key of the intruder's own."""
    software, key = UUID(laboratory.software), ec.generate_private_key(ec.SECP256R1())
    jwk, heard = (
        members(ECAlgorithm.to_jwk(key.public_key(), as_dict=True)),
        jwt.decode(laboratory.assertion(at), options=_UNSEEN),
    )
    yield "a token for a key that nobody approved", SignIn(jwt.encode(heard, key, algorithm="ES256"))
    web.ask(AddKey(software, jwk))
    yield "a token for a key that waits for the authority", SignIn(jwt.encode(heard, key, algorithm="ES256"))
    yield "a key that speaks for itself", AddKey(software, jwk, jwt.encode(heard | {"jwk": jwk}, key, algorithm="ES256"))
    yield "a key for which somebody only signed in", AddKey(software, jwk, laboratory.assertion(at))
    told = laboratory.assertion(at, jwk=jwk)
    yield "a token for what was signed for the next key", SignIn(told)
