"""The keyholder's own book of software: what the authority decided, by a touch that was checked here. The database is not asked.

What a publisher does to its own product (describes it, shows it, takes it back) needs no touch, and changes nothing that was decided.
Envelopes are opened for software that this book says is approved, for the diseases and days that it says.
"""

import hashlib
import hmac
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from sceau.core.codes.loinc import Disease
from sceau.core.keyholder.attest import Attestations
from sceau.core.keyholder.decided import Undelivered
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.journal import Journal
from sceau.core.keyholder.presence import Presence
from sceau.core.keyholder.shapes import Question
from sceau.core.keyholder.software_keys import SoftwareKeys, thumbprint
from sceau.core.keyholder.software_verbs import Decided, Row, TellSoftware, agreed
from sceau.core.keyholder.store import Store

KIND = "software"
AFTERWARDS = timedelta(days=1)
"""What had come in when an approval ended is taken in for so long."""
_APPROVED, _ASKED, _REFUSED = "approved", ("draft", "submitted"), "refused"
_BENCH = "bench"
_ENDED = (_REFUSED, "suspended", "withdrawn")
_PARIS = ZoneInfo("Europe/Paris")


class Known(msgspec.Struct, frozen=True, array_like=True):
    """What was decided last; `approved` is the scope in which it is approved, or was until `ended_at`."""

    state: str
    approved: Row | None
    ended_at: datetime | None

    def covers(self, at: datetime) -> bool:
        """Whether what came in before that moment may have come under the approval."""
        if self.approved is None or (self.ended_at is not None and self.ended_at + AFTERWARDS < at):
            return False
        day, first, last = at.astimezone(_PARIS).date(), self.approved.starts_on, self.approved.ends_on
        return (first is None or first <= day) and (last is None or day <= last + AFTERWARDS)


class Software:
    """`bench`: of a sandbox, where what the registry shows is approved without anybody's touch."""

    def __init__(
        self,
        store: Store,
        journal: Journal,
        clock: Callable[[], datetime],
        *,
        presence: Presence,
        attestations: Attestations,
        bench: bool = False,
    ) -> None:
        self._store, self._journal, self._clock = store, journal, clock
        self._presence, self._attestations, self._bench = presence, attestations, bench
        self.keys, self.undelivered = SoftwareKeys(store), Undelivered(store)

    def handlers(self) -> Mapping[type[Question], Callable[[Any, str], Any]]:
        return {TellSoftware: self.tell, **self.undelivered.handlers()}

    def tell(self, asked: TellSoftware, principal: str) -> bytes:
        """The attestation. Raises `wrong` for a touch or an entry about something else; `not-allowed` without a member's touch."""
        row, known, at = _row(asked), self.known(asked.software), self._clock()
        by = self._by(asked, row, known, principal)
        self._journal.append("software", at, software=str(asked.software), state=row.state, by=by)
        if row.state not in _ASKED:
            self._store.put(_name(asked.software), msgspec.msgpack.encode(_after(known, row, at)))
        if row.state == _APPROVED:
            self.keys.settle(asked.software, asked.stay, asked.taken, at=at)
        if row.state not in _ASKED and by != _BENCH:
            self.undelivered.note(Decided(asked.software, at, by, row, list(map(thumbprint, asked.taken))))
        return self._attestations.mac(KIND, asked.statement)

    def known(self, software: UUID) -> Known | None:
        held = self._store.get(_name(software))
        return msgspec.msgpack.decode(held, type=Known) if held is not None else None

    def diseases(self, software: Collection[UUID]) -> dict[UUID, list[Disease]]:
        """Of these, those of which envelopes are opened now, each with all the diseases that it may report; none: every one."""
        at = self._clock()
        found = {one: known for one in set(software) if (known := self.known(one)) and known.covers(at)}
        return {one: known.approved.diseases for one, known in found.items() if known.approved}

    def _by(self, asked: TellSoftware, row: Row, known: Known | None, principal: str) -> str:
        """Who has it so: the member of the authority whose touch was checked, the operator, the bench, or the publisher."""
        if asked.touch is not None:
            return self._presence.member(asked.touch, _agreed(asked)).agent
        if principal == "operator":
            return principal
        if self._bench and row.state == _APPROVED:
            return _BENCH
        if row.state in _ASKED and (known is None or known.state == _REFUSED):
            return "publisher"
        raise KeyholderError(Refusal.NOT_ALLOWED, "a member of the authority has to be there")


def _agreed(asked: TellSoftware) -> bytes:
    keys = [*asked.stay, *map(thumbprint, asked.taken)]
    return agreed(asked.software, asked.told, asked.reason, keys)


def _row(asked: TellSoftware) -> Row:
    """Raises `wrong` where the entry of the log is about something else."""
    subject, digest = asked.statement.partition(b"\n")[0], hashlib.sha256(asked.told).digest()
    if subject != f"{KIND}:{asked.software}".encode() or not hmac.compare_digest(asked.statement[-len(digest) :], digest):
        raise KeyholderError(Refusal.WRONG, "statement")
    try:
        row = msgspec.json.decode(asked.told, type=Row)
    except msgspec.MsgspecError:
        raise KeyholderError(Refusal.WRONG, "row") from None
    if row.state not in (_APPROVED, *_ASKED, *_ENDED):
        raise KeyholderError(Refusal.WRONG, "state")
    return row


def _after(known: Known | None, row: Row, at: datetime) -> Known:
    """An approval that ends keeps its scope, for what came in before."""
    if row.state == _APPROVED:
        return Known(row.state, row, None)
    return Known(row.state, known.approved if known else None, (known.ended_at if known else None) or at)


def _name(software: UUID) -> str:
    return f"software/{software}"
