"""The registry's questions: taking envelopes in, signing what is told, opening one person for an agent who is there."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from sceau.core.codes.loinc import Disease
from sceau.core.keyholder import exposed, likeness
from sceau.core.keyholder.acknowledged import Acknowledged
from sceau.core.keyholder.acts import Act, read
from sceau.core.keyholder.agent_verbs import Agent, Find, Reveal
from sceau.core.keyholder.envelope_verbs import (
    Acknowledge,
    AcknowledgeAll,
    AlreadyAcknowledged,
    Ingest,
    Keys,
    NotApproved,
    NotStamped,
    Readmit,
    Receipt,
    ReceiptAll,
)
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.exposed import Exposed
from sceau.core.keyholder.identity_verbs import BlindTokens, Compare, Forget, Likeness, SameActs
from sceau.core.keyholder.ingest import identity_place
from sceau.core.keyholder.journal import Journal
from sceau.core.keyholder.meter import Meter
from sceau.core.keyholder.opener import Batch, Openers
from sceau.core.keyholder.presence import Presence, There
from sceau.core.keyholder.registry_keys import EnvelopeKey, KeyList
from sceau.core.keyholder.retention import Regimes, destroy_expired, expired
from sceau.core.keyholder.service_verbs import SKEW as SKEW
from sceau.core.keyholder.service_verbs import Retire, Signature, Statement
from sceau.core.keyholder.shapes import Question, SealedAt
from sceau.core.keyholder.software import Software
from sceau.core.keyholder.stamps import Stamps
from sceau.core.keyholder.statement import sign_all, state
from sceau.core.keyholder.store import Store
from sceau.core.keyholder.tokens import Blinder
from sceau.core.keyholder.traits import Traits, kept, traits
from sceau.core.keyholder.withdrawn import Withdrawn
from sceau.core.regime import REGIMES, regime_on
from sceau.core.report.model import Patient
from sceau.core.sealing import signing, statements, suite
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.header import Header
from sceau.core.sealing.open import RowOpener

MONTHS_AHEAD = 12
EARLY = timedelta(days=1)
CEILING, WITHIN = 300, timedelta(hours=1)
_OPENED_BY = ("agent", "supervisor")


_Shut = AlreadyAcknowledged | NotStamped | NotApproved


class Parts(NamedTuple):
    """Whom these verbs ask."""

    presence: Presence
    software: Software
    stamps: Stamps
    opener: Openers


class RegistryVerbs:
    """`regime` names the rules in force, by which it keeps and destroys."""

    def __init__(
        self,
        store: Store,
        meter: Meter,
        journal: Journal,
        clock: Callable[[], datetime],
        parts: Parts,
        *,
        regime: str,
    ) -> None:
        self._store, self._meter, self._journal, self._clock = store, meter, journal, clock
        self._presence, self._software, self._stamps, self._opener = parts
        self._regime = regime
        self._ids: dict[str, bytes] = {}
        self._acknowledged, self._withdrawn = Acknowledged(store), Withdrawn()

    def handlers(self) -> Mapping[type[Question], Callable[[Any, str], Any]]:
        return {
            Ingest: lambda asked, _: self.ingest(asked),
            Readmit: lambda asked, _: self.readmit(asked.envelopes),
            Compare: lambda asked, _: self.compare(asked.identities, asked.pairs),
            SameActs: lambda asked, _: self.same_acts(asked.identities, asked.pairs),
            Receipt: lambda asked, _: self._sign([self.receipt(asked)])[0],
            ReceiptAll: lambda asked, _: self._sign([self.receipt(one) for one in asked.receipts]),
            Acknowledge: lambda asked, _: self._sign([self.acknowledge(asked)])[0],
            AcknowledgeAll: lambda asked, _: self._sign([self.acknowledge(one) for one in asked.acknowledgements]),
            Keys: lambda asked, _: self.keys(),
            Retire: lambda asked, _: self.retire(asked.on),
            Forget: self.forget,
            Reveal: lambda asked, _: self.reveal(asked),
            Find: lambda asked, _: self.find(asked),
        }

    def ingest(self, asked: Ingest) -> list[_Shut | msgspec.Raw]:
        """An `Answer` each, the child's encoded as they came; one journal entry and one child a batch. Raises `KeyholderError`:
        `clock`, `failed`.
        """
        self._timely(asked.at)
        settled = self._acknowledged.note(asked.acknowledged, month=self._month_to_come())
        headers = [_header(data) for data in asked.envelopes]
        diseases = self._software.diseases({header.software for header in headers if header})
        found = [self._bare(data, header, diseases) for data, header in zip(asked.envelopes, headers, strict=True)]
        opened = self._opener.run(self._batch([one for one in found if isinstance(one, bytes)], asked, diseases))
        self._withdrawn.opened(opened.refused)
        again = sum(isinstance(one, AlreadyAcknowledged) for one in found)
        counts = {"again": again, "strange": len(found) - len(opened.answers) - again, "acknowledged": settled}
        told = {name: count for name, count in counts.items() if count}
        self._journal.append("ingest", asked.at, envelopes=len(asked.envelopes), reports=opened.reports, **told)
        answers = iter(opened.answers)
        return [next(answers) if isinstance(one, bytes) else one for one in found]

    def _bare(self, data: bytes, header: Header | None, diseases: Mapping[UUID, list[Disease]]) -> bytes | _Shut:
        """What is to be opened, or why it is not; what has no header, the child says."""
        if header is None:
            return data
        if header.envelope in self._acknowledged:
            return AlreadyAcknowledged()
        if (bare := self._stamps.bare(data, plain=header.door)) is None:
            return NotStamped()
        return bare if header.software in diseases else NotApproved()

    def readmit(self, envelopes: Sequence[UUID]) -> int:
        """How many of these had been acknowledged, and may be opened once more."""
        self._journal.append("readmit", self._clock(), envelopes=len(envelopes))
        return self._acknowledged.readmit(envelopes)

    def compare(self, identities: Sequence[SealedAt], pairs: Sequence[tuple[int, int]]) -> list[Likeness]:
        """Pair by pair, each identity opened once: one that is gone keeps no other pair from its answer.
        Raises `KeyholderError`: `wrong` for a row moved.
        """
        opened = self._all_traits(identities)
        answers = [_likeness(opened[one], opened[other]) for one, other in pairs]
        self._journal.append("compare", self._clock(), pairs=len(pairs))
        return answers

    def same_acts(self, identities: Sequence[SealedAt], pairs: Sequence[tuple[int, int]]) -> list[bool]:
        """Pair by pair; of one that is gone, no. Raises `KeyholderError`: `wrong` for a row moved."""
        told = [self._act(one) for one in identities]
        self._journal.append("same-acts", self._clock(), pairs=len(pairs))
        both = ((told[one], told[other]) for one, other in pairs)
        return [bool(one and other and one.repeats(other)) for one, other in both]

    def receipt(self, asked: Receipt) -> bytes:
        """What is signed. Raises `KeyholderError` (`clock`)."""
        self._timely(asked.at)
        return statements.receipt(asked.root, asked.count, asked.at)

    def acknowledge(self, asked: Acknowledge) -> bytes:
        """What is signed. Raises `KeyholderError` (`clock`)."""
        self._timely(asked.at)
        return statements.acknowledgement(asked.envelope, asked.outcomes, asked.sealed_reasons, asked.at, asked.flaw)

    def _sign(self, told: Sequence[bytes]) -> list[Signature]:
        return sign_all(self._store.ensure("receipt"), told)

    def keys(self) -> tuple[bytes, bytes]:
        """What counters pin: the key list, with the coming months' envelope keys, and the root's public key."""
        months = _months(self._clock().date(), MONTHS_AHEAD)
        for month in months:
            self._store.ensure(f"envelopes/{month}")
        live = [(name.rpartition("/")[2], self._store.ensure(name)) for name in self._store.names("envelopes")]
        envelopes = [EnvelopeKey(month, suite.public_bytes(seed)) for month, seed in live]
        receipt, log = (signing.public_bytes(self._store.ensure(name)) for name in ("receipt", "log"))
        root = self._store.ensure("root")
        return KeyList.signed(envelopes=envelopes, receipt=receipt, log=log, root=root).encode(), signing.public_bytes(root)

    def retire(self, on: date) -> Statement:
        """Destroys the day keys whose retention ended before `on`, and the keys of months in which no day is live any more."""
        names = self._store.names("days")
        statement = destroy_expired(self._store, self._journal, names, self._regimes, on=on, at=self._clock())
        first = min(self._live(on), default=on).isoformat()[:7]
        for folder in ("index", "envelopes"):
            for name in self._store.names(folder):
                if name.rpartition("/")[2] < first:
                    self._store.destroy(name)
        for month in self._acknowledged.months():
            if month < first:
                self._acknowledged.end(month)
        return statement

    def forget(self, asked: Forget, principal: str) -> Statement:
        """Tombstones: nobody opens these identities any more. Raises `not-allowed` for what the intake may not have forgotten."""
        at, names = self._clock(), {report: f"tombstones/{report}" for report in asked.reports}
        fresh = [report for report, name in names.items() if self._store.get(name) is None]
        if principal != "operator":
            self._withdrawn.spend(asked.lineages, len(fresh))
        for report in fresh:
            self._journal.append("forget", at, report=str(report), by=principal)
            self._store.put(names[report], b"")
        return state(self._store, [f"report/{report}" for report in asked.reports], at)

    def reveal(self, asked: Reveal) -> bytes:
        """The patient as JSON. Raises `KeyholderError`: `wrong`, `not-allowed`, `metered`, `destroyed`."""
        identity = asked.identity
        agent = self.opening(asked.token, identity.report, identity.department, asked.purpose)
        self.count(agent.agent)
        self._journal.append("reveal", self._clock(), agent=agent.agent, report=str(identity.report), purpose=asked.purpose[:100])
        return msgspec.json.encode(self._open(identity), enc_hook=str)

    def find(self, asked: Find) -> list[BlindTokens]:
        """Somebody's blind tokens, one set for each live month."""
        agent = self._there(asked.token).agent
        self.count(agent.agent)
        self._journal.append("find", self._clock(), agent=agent.agent, purpose=asked.purpose[:100])
        return list(self.blinder().tokens(traits(_patient(asked.patient))))

    @property
    def _regimes(self) -> Regimes:
        return REGIMES[self._regime]

    def opening(self, token: bytes, report: UUID, department: str, purpose: str = "") -> Agent:
        """The agent who touched for this report's identity, and for this purpose if one is given, within their territory."""
        agent, opens = self._there(token)
        if opens is None or report not in opens.reports or purpose not in ("", opens.purpose):
            raise KeyholderError(Refusal.NOT_ALLOWED, "another touch")
        if "*" not in agent.departments and department not in agent.departments:
            raise KeyholderError(Refusal.NOT_ALLOWED, "another territory")
        return agent

    def _there(self, token: bytes) -> There:
        there = self._presence.there(token)
        if there.agent.role not in _OPENED_BY:
            raise KeyholderError(Refusal.NOT_ALLOWED, "role")
        return there

    def count(self, agent: str) -> None:
        """Before anything is given out."""
        at = self._clock()
        self._meter.check(f"reveal-{agent}", limit=self._presence.limit(agent), window=WITHIN, at=at)
        self._meter.check("reveal", limit=CEILING, window=WITHIN, at=at)
        self._meter.count(f"reveal-{agent}", at=at)
        self._meter.count("reveal", at=at)

    def blinder(self) -> Blinder:
        """Of the live months, this one first."""
        month = self._clock().isoformat()[:7]
        return Blinder({month: self._store.ensure(f"index/{month}")} | self._index_keys())

    def traces(self, day: date) -> bool:
        """Whether contacts are traced under the regime of that day."""
        return regime_on(day, self._regimes).tracing

    def day_key(self, day: date) -> bytes:
        """Raises `destroyed` once that day is over."""
        key = self._store.get(f"days/{day.isoformat()}")
        if key is None or expired(day, self._regimes, self._clock().date()):
            raise KeyholderError(Refusal.DESTROYED, "the key of this day was destroyed, or this store is older than the row")
        return key

    def traits(self, identity: SealedAt) -> Traits | None:
        """None for one that is gone."""
        plain = self._kept(identity)
        return kept(plain) if plain is not None else None

    def _act(self, identity: SealedAt) -> Act | None:
        plain = self._kept(identity)
        return read(plain) if plain is not None else None

    def _kept(self, identity: SealedAt) -> bytes | None:
        """As `_plain`; None for one that is gone."""
        try:
            return self._plain(identity)
        except KeyholderError as error:
            if error.refusal is not Refusal.DESTROYED:
                raise
            return None

    def _all_traits(self, identities: Sequence[SealedAt]) -> list[Traits | None]:
        """The same of a batch: what is erased, and whose day is over, is looked up once for all."""
        erased = {name.rpartition("/")[2] for name in self._store.names("tombstones")}
        openers = {day: self._opener_of(day) for day in {one.day for one in identities}}
        opens = [(one, openers[one.day]) if str(one.report) not in erased else (one, None) for one in identities]
        return [kept(_opened(one, opener)) if opener else None for one, opener in opens]

    def _opener_of(self, day: date) -> RowOpener | None:
        try:
            return RowOpener(self.day_key(day))
        except KeyholderError:
            return None

    def _open(self, identity: SealedAt) -> Patient | Exposed:
        return _somebody(self._plain(identity))

    def _plain(self, identity: SealedAt) -> bytes:
        """Raises `KeyholderError`: `destroyed`, `wrong`."""
        if self._store.get(f"tombstones/{identity.report}") is not None:
            raise KeyholderError(Refusal.DESTROYED, "this report was erased")
        return _opened(identity, RowOpener(self.day_key(identity.day)))

    def _batch(self, envelopes: list[bytes], asked: Ingest, diseases: Mapping[UUID, list[Disease]]) -> Batch:
        month, on = asked.at.isoformat()[:7], asked.at.date()
        days = {day.isoformat(): self._store.ensure(f"days/{day.isoformat()}") for day in self._live(on)}
        index = {month: self._store.ensure(f"index/{month}")} | self._index_keys()
        envelope_keys, naming = self._envelope_keys(envelopes), self._store.ensure("naming")
        return Batch(envelopes, envelope_keys, days, index, self._regime, asked.at, naming, _kept_to(diseases, asked.diseases))

    def _index_keys(self) -> dict[str, bytes]:
        """Of the live months: those in which something was taken in."""
        held = {name.rpartition("/")[2]: self._store.get(name) for name in self._store.names("index")}
        return {month: key for month, key in held.items() if key is not None}

    def _month_to_come(self) -> str:
        """Of tomorrow: no envelope key of a later month opens anything yet, so that none outlives the ids noted today."""
        return (self._clock() + EARLY).isoformat()[:7]

    def _live(self, on: date) -> list[date]:
        """The days whose identities may be kept on that day, by the longest retention of the regimes."""
        longest = max(regime.retention for regime in self._regimes)
        days = (on - timedelta(days=back) for back in range(longest.days + 1))
        return [day for day in days if not expired(day, self._regimes, on)]

    def _envelope_keys(self, envelopes: Sequence[bytes]) -> dict[bytes, bytes]:
        """The seeds that these envelopes name, of those that live."""
        asked = {header.registry_key for data in envelopes if (header := _header(data))}
        begun = (name for name in self._store.names("envelopes") if name.rpartition("/")[2] <= self._month_to_come())
        held = {name: self._store.get(name) for name in begun}  # one may be destroyed meanwhile
        live = ((self._key_id_of(name, seed), seed) for name, seed in held.items() if seed is not None)
        return {key: seed for key, seed in live if key in asked}

    def _key_id_of(self, name: str, seed: bytes) -> bytes:
        """Remembered by the month's name: remembered by its seed, that would outlive its destruction."""
        if name not in self._ids:
            self._ids[name] = suite.key_id(suite.public_bytes(seed))
        return self._ids[name]

    def _timely(self, at: datetime) -> None:
        if abs(at - self._clock()) > SKEW:
            raise KeyholderError(Refusal.CLOCK, "the asker's clock differs by more than five minutes")


def _kept_to(decided: Mapping[UUID, list[Disease]], asked: Mapping[UUID, list[Disease]]) -> dict[UUID, list[Disease]]:
    """The diseases of each software by both words; a word that names none allows every one."""
    told = {one: (known, asked.get(one, [])) for one, known in decided.items() if known or asked.get(one)}
    return {one: [each for each in known or also if not also or each in also] for one, (known, also) in told.items()}


def _opened(identity: SealedAt, opener: RowOpener) -> bytes:
    """What was sealed, as JSON."""
    try:
        return opener.open(identity.sealed, identity_place(identity.report, identity.department, identity.day))
    except SealingError:
        raise KeyholderError(Refusal.WRONG, "this row does not open at its place") from None


def _likeness(one: Traits | None, other: Traits | None) -> Likeness:
    return Likeness.GONE if one is None or other is None else likeness.told(one, other)


def _header(data: bytes) -> Header | None:
    """To which its key is bound: under another it does not open."""
    try:
        return Header.parse(data)
    except SealingError:
        return None


def _months(first: date, ahead: int) -> list[str]:
    count = first.year * 12 + first.month - 1
    return [f"{(count + more) // 12:04}-{(count + more) % 12 + 1:02}" for more in range(ahead + 1)]


def _patient(data: bytes) -> Patient:
    return msgspec.json.decode(data, type=Patient, dec_hook=exposed.coded)


def _somebody(data: bytes) -> Patient | Exposed:
    return exposed.decode(data) if exposed.is_one(data) else _patient(data)
