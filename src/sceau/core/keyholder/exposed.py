"""Somebody exposed to a case, as an agent wrote them down: a name, and what else the case knew. No field beside the names is sure.

Kept like a patient's identity and compared with patients; the first bytes of its JSON tell the two apart.
"""

from datetime import date
from typing import Any

import msgspec

from sceau.core.report.model import Named, Sex

_FIRST = b'{"kind":"contact"'


class Exposed(Named, frozen=True, kw_only=True, tag_field="kind", tag="contact"):
    """Only the names have to be known."""

    birth_date: date | None = None
    sex: Sex | None = None

    def __post_init__(self) -> None:
        if not self.family.strip() or not self.given or not self.given[0].strip():
            raise ValueError("a contact has a family name and a given name")


def is_one(data: bytes) -> bool:
    """Whether this JSON, sealed by the keyholder, is a contact's and not a patient's."""
    return data.startswith(_FIRST)


def encode(contact: Exposed) -> bytes:
    return msgspec.json.encode(contact, enc_hook=str)


def decode(data: bytes) -> Exposed:
    """Raises `msgspec.ValidationError`."""
    return msgspec.json.decode(data, type=Exposed, dec_hook=coded)


def coded(kind: type, value: Any) -> Any:
    """Code types check themselves as they are made."""
    return kind(**value) if isinstance(value, dict) else kind(value)
