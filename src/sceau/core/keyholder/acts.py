"""The act that an identity was told with: pharmacy, test and minute, sealed with it. So two statements of one act can be told, and
neither pharmacy nor hour lies beside a person's id. Pure.
"""

from datetime import datetime, timedelta
from typing import NamedTuple, Self

import msgspec

from sceau.core.codes.identifiers import Finess
from sceau.core.codes.loinc import Loinc

WITHIN = timedelta(hours=2)
_MINUTE = 60


class Act(NamedTuple):
    """`minute` counts from 1970."""

    pharmacy: str
    test: str
    minute: int

    @classmethod
    def of(cls, pharmacy: Finess, test: Loinc, taken_at: datetime) -> Self:
        return cls(str(pharmacy), str(test), int(taken_at.timestamp()) // _MINUTE)

    def repeats(self, other: "Act") -> bool:
        """Whether both may be one act: the same test at the same pharmacy within two hours."""
        near = abs(self.minute - other.minute) * _MINUTE <= WITHIN.total_seconds()
        return near and (self.pharmacy, self.test) == (other.pharmacy, other.test)


class _Beside(msgspec.Struct, frozen=True):
    act: tuple[str, str, int] | None = None


def beside(identity: bytes, act: Act) -> bytes:
    """An identity's JSON with its act as the last member."""
    return b'%b,"act":%b}' % (identity[:-1], msgspec.json.encode(act))


def read(identity: bytes) -> Act | None:
    """The act beside an identity; None where there is none, as with a contact."""
    told = msgspec.json.decode(identity, type=_Beside).act
    return Act(*told) if told else None
