"""What a keyholder is told of software that may feed the registry."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

import msgspec

from sceau.core.codes.loinc import Disease
from sceau.core.keyholder.agent_verbs import Assertion
from sceau.core.keyholder.shapes import Question, Shape

_LABEL = b"sceau/decide/v2\0"


class TellSoftware(Question, frozen=True, tag="tell-software"):
    """A product as it shall stand: `told` is its row as JSON (`approvals/checks.py`), `statement` the entry of the log about it, which
    ends in the SHA-256 of `told`; gives the attestation of that entry. What the authority decides needs the touch of one of its
    members over a challenge for exactly this (`agreed`); `reason` is the SHA-256 of the reason that everybody reads. With an approval
    go its keys: thumbprints of those that stay, and those (JWK) that are taken beside them; all others end.
    """

    software: UUID
    told: bytes
    statement: bytes
    reason: bytes = b""
    touch: Assertion | None = None
    stay: list[str] = msgspec.field(default_factory=list)
    taken: list[dict[str, str]] = msgspec.field(default_factory=list)


def agreed(software: UUID, told: bytes, reason: bytes, keys: Iterable[str] = ()) -> bytes:
    """What a touch agrees to: SHA-256 over the product, its row as it shall stand, its keys' thumbprints, and the reason's digest."""
    listed = hashlib.sha256(" ".join(sorted(keys)).encode()).digest()
    return hashlib.sha256(_LABEL + software.bytes + hashlib.sha256(told).digest() + listed + reason).digest()


class Row(msgspec.Struct, frozen=True, array_like=True):
    """A product as the registry tells it, field by field; `quota` are reports a minute and a day, bytes a minute and a day."""

    publisher: str | int
    name: str
    version: str
    formats: list[str]
    diseases: list[Disease]
    starts_on: date | None
    ends_on: date | None
    state: str
    reports_a_minute: int = 0
    reports_a_day: int = 0
    bytes_a_minute: int = 0
    bytes_a_day: int = 0

    @property
    def quota(self) -> tuple[int, int, int, int]:
        return self.reports_a_minute, self.reports_a_day, self.bytes_a_minute, self.bytes_a_day


class Decided(Shape, frozen=True):
    """What a decision made of a product, who has it so (a member of the authority, or `operator`), and the keys taken with it."""

    software: UUID
    at: datetime
    by: str
    row: Row
    keys: list[str]


class Decisions(Question, frozen=True, tag="decisions"):
    """Those that were told to nobody yet, each with a name."""


class Heard(Question, frozen=True, tag="heard"):
    """These were."""

    names: list[str]


class AddKey(Question, frozen=True, tag="add-software-key"):
    """Another public key (JWK) of a product; whether it is heard. Once the product was approved, only with `proof`: the key, the
    product's id, when it was signed and until when it counts (`jwk`, `sub`, `iat`, `exp`; a day at most), signed by a live key of
    the product (JWS, compact). Those before end after `overlap` seconds.
    """

    software: UUID
    jwk: dict[str, str]
    proof: str = ""
    overlap: int = 0


class EndKey(Question, frozen=True, tag="end-software-key"):
    """Ends a key at once; gives the moment, before which no token of the product counts."""

    software: UUID
    thumbprint: str


class SignIn(Question, frozen=True, tag="sign-in"):
    """A token for a client assertion (RFC 7523) that a live key of its subject signed, for this site's token endpoint and five minutes
    at most; once.
    """

    assertion: str


class Lend(Question, frozen=True, tag="lend"):
    """A token that opens the door for tables alone, for somebody who speaks for the product's publisher."""

    software: UUID


class AccessKey(Question, frozen=True, tag="access-key"):
    """The public key (32 bytes) by which doors know a token."""
