"""What an agent writes down about a case that they opened: contacts and notes, sealed under the day of the case. And, for the worker
that matches contacts, their blind tokens: who types a name into a page never learns those.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from sceau.core.codes.errors import BadCode
from sceau.core.keyholder import exposed
from sceau.core.keyholder.agent_verbs import HasOpen, Noted, OpenNotes, SealContact, SealNote
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.identity_verbs import Blind, BlindTokens
from sceau.core.keyholder.ingest import identity_place
from sceau.core.keyholder.journal import Journal
from sceau.core.keyholder.registry import RegistryVerbs
from sceau.core.keyholder.shapes import Question, SealedAt
from sceau.core.report.errors import ReportError
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.open import open_row
from sceau.core.sealing.rows import Place
from sceau.core.sealing.seal import seal_row

NOTE_LENGTH = 2_000
NOTE_TABLE = "contacts_call"


class Tracing:
    """Beside `RegistryVerbs`, whose rules about who may open what it asks."""

    def __init__(self, registry: RegistryVerbs, journal: Journal, clock: Callable[[], datetime]) -> None:
        self._registry, self._journal, self._clock = registry, journal, clock

    def handlers(self) -> Mapping[type[Question], Callable[[Any, str], Any]]:
        return {
            SealContact: lambda asked, _: self.seal_contact(asked),
            SealNote: lambda asked, _: self.seal_note(asked),
            OpenNotes: lambda asked, _: self.open_notes(asked),
            HasOpen: lambda asked, _: self.has_open(asked),
            Blind: lambda asked, _: self.blind(asked.identities),
        }

    def seal_contact(self, asked: SealContact) -> bytes:
        """The contact, sealed. Counted like an opening: whom a contact resembles can be seen later. Raises `KeyholderError`: `wrong`,
        `not-allowed`, `metered`, `destroyed`.
        """
        agent = self._registry.opening(asked.token, asked.case, asked.department)
        if not self._registry.traces(asked.day):
            raise KeyholderError(Refusal.NOT_ALLOWED, "no contact is traced under this regime")
        key, contact = self._registry.day_key(asked.day), _read(asked.contact)
        self._registry.count(agent.agent)
        told = {"agent": agent.agent, "report": str(asked.case), "contact": str(asked.id)}
        self._journal.append("seal-contact", self._clock(), **told)
        return seal_row(key, exposed.encode(contact), identity_place(asked.id, asked.department, asked.day))

    def seal_note(self, asked: SealNote) -> bytes:
        """Raises as `seal_contact`, but for `metered`."""
        agent = self._registry.opening(asked.token, asked.at.case, asked.at.department)
        if len(asked.text) > NOTE_LENGTH:
            raise KeyholderError(Refusal.WRONG, "a note of this length")
        key = self._registry.day_key(asked.at.day)
        self._journal.append("seal-note", self._clock(), agent=agent.agent, report=str(asked.at.case))
        return seal_row(key, asked.text.encode(), _place(asked.at))

    def open_notes(self, asked: OpenNotes) -> list[str]:
        """Raises as `seal_note`; `wrong` for a note moved elsewhere."""
        agents = {self._registry.opening(asked.token, at.case, at.department).agent for at, _ in asked.notes}
        for agent in agents:
            self._journal.append("open-notes", self._clock(), agent=agent, notes=len(asked.notes))
        return [self._note(at, sealed) for at, sealed in asked.notes]

    def has_open(self, asked: HasOpen) -> None:
        """Raises `KeyholderError`: `wrong`, `not-allowed`."""
        for report, department in asked.identities:
            self._registry.opening(asked.token, report, department)

    def blind(self, identities: list[SealedAt]) -> list[tuple[BlindTokens, ...]]:
        """One wrong row leaves the others theirs."""
        blinder = self._registry.blinder()
        found = [self._traits(one) for one in identities]
        self._journal.append("blind", self._clock(), identities=len(identities))
        return [blinder.tokens(who) if who else () for who in found]

    def _traits(self, identity: SealedAt) -> Any:
        try:
            return self._registry.traits(identity)
        except KeyholderError as error:
            if error.refusal is not Refusal.WRONG:
                raise
            return None

    def _note(self, at: Noted, sealed: bytes) -> str:
        try:
            return open_row(self._registry.day_key(at.day), sealed, _place(at)).decode()
        except SealingError:
            raise KeyholderError(Refusal.WRONG, "this note does not open at its place") from None


def _read(contact: bytes) -> exposed.Exposed:
    try:
        return exposed.decode(contact)
    except (msgspec.MsgspecError, BadCode, ReportError):
        raise KeyholderError(Refusal.WRONG, "this is no contact") from None


def _place(at: Noted) -> Place:
    return Place(NOTE_TABLE, f"{at.case}/{at.id}", "note", at.department, at.day.isoformat())
