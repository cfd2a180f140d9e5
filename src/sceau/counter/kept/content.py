"""What lies inside an entry: a test that was started, or a result. As typed: it is looked at like anything typed at the counter."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec

Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of the counter's form for somebody new."""

    family: str
    given: str
    born: str
    sex: str
    phone: str = ""
    email: str = ""
    used_family: str = ""
    ins: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    symptoms: str = ""
    consent: str = ""


class Box(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The kit in hand, and what its box said then."""

    kit: UUID
    lot: str = ""
    expiry: date | None = None


class Started(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="started"):
    """A test of somebody new; the entry's id is the visit's. `at` is the workstation's clock, put right by the `offset` (seconds) that
    it was off the server's when they last spoke.
    """

    told: Told
    box: Box
    at: Aware
    offset: float = 0.0
    voucher: str = ""


class Found(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="found"):
    """One key a part: what the test of that visit found. `box` where the test was started on the workstation too."""

    visit: UUID
    keys: str
    box: Box | None = None
    at: Aware
    offset: float = 0.0
    voucher: str = ""


Content = Started | Found


def decode(data: bytes) -> Content:
    """Raises `msgspec.MsgspecError`."""
    return _DECODER.decode(data)


_DECODER: msgspec.json.Decoder[Content] = msgspec.json.Decoder(Content)
