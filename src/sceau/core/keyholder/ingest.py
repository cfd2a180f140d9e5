"""The inside of `ingest`: opens one envelope, reads each report, seals what is kept. Pure: keys come in, sealed bytes go out."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

import msgspec

from sceau.core.codes.loinc import Disease
from sceau.core.keyholder.acts import Act, beside
from sceau.core.keyholder.envelope_verbs import Accepted, Facts, FoundFact, Ingested, Refused, Unopened
from sceau.core.keyholder.identity_verbs import SealedIdentity
from sceau.core.keyholder.tokens import Blinder
from sceau.core.keyholder.traits import traits
from sceau.core.regime import Regime, RetentionFrom, regime_on
from sceau.core.report import fhir
from sceau.core.report.errors import Problem, ReportError
from sceau.core.report.model import Consent, Screening, ScreeningReport
from sceau.core.report.naming import renamed
from sceau.core.report.sent import check_sent
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.header import Header
from sceau.core.sealing.open import OpenedEnvelope, open_envelope
from sceau.core.sealing.rows import Place
from sceau.core.sealing.seal import RowSealer, seal_reasons
from sceau.core.sealing.suite import PrivateKey

IDENTITY_TABLE = "persons_identity"
_encoder = msgspec.json.Encoder(enc_hook=str)


class Ingestion(msgspec.Struct, frozen=True, kw_only=True):
    """One batch: the keys of the live basis days by ISO date, the index keys of the live months, the regimes, the moment, the key by
    which reports that came plain are named, and the diseases of each software that is kept to some.
    """

    days: Mapping[str, bytes]
    blinder: Blinder
    regimes: tuple[Regime, ...]
    at: datetime
    naming: bytes
    diseases: Mapping[UUID, list[Disease]] = msgspec.field(default_factory=dict)
    _sealers: dict[date, RowSealer | None] = msgspec.field(default_factory=dict)
    _in_force: dict[date, Regime] = msgspec.field(default_factory=dict)

    def envelope(self, data: bytes, key: PrivateKey) -> Ingested | Unopened:
        try:
            opened = open_envelope(data, key)
        except SealingError as error:
            return Unopened(error.flaw)
        answers, reasons = self._reports(opened)
        sealed = seal_reasons(opened.acknowledgement_key, reasons, opened.header.envelope)
        return Ingested(tuple(answers), sealed)

    def _reports(self, opened: OpenedEnvelope) -> tuple[list[Accepted | Refused], bytes]:
        """Reads all before it seals any: by turns, parser and ciphers would drive each other out of the processor's caches."""
        read = [_read(line) for line in opened.reports]
        answers = [self._answer(one, opened.header) for one in read]
        reasons = {position: told for position, told in enumerate(answers) if isinstance(told, list)}
        return [_refused(told) if isinstance(told, list) else told for told in answers], _json(reasons)

    def _answer(self, read: ScreeningReport | list[Problem], header: Header) -> Accepted | list[Problem]:
        if isinstance(read, list):
            return read
        named = renamed(self.naming, read, finess=header.finess) if header.door else read
        try:
            return self._report(named, header)
        except ReportError as error:
            return list(error.problems)

    def _report(self, report: ScreeningReport, header: Header) -> Accepted:
        screening = report.screening
        statement = (report.id, report.lineage, report.replaces, report.status, report.issued)
        if screening is None:
            return Accepted(*statement, self.at.date(), None, None)
        check_sent(screening, by=header.finess, at=self.at, diseases=self.diseases.get(header.software))
        taken = screening.specimen.taken_at.date()
        regime = self._regime(taken)
        # That from which retention counts, of the identity and of what is counted under the report's id.
        day = taken if regime.counted_from is RetentionFrom.SAMPLING else self.at.date()
        act = Act.of(header.finess, screening.loinc, screening.specimen.taken_at)
        identity = self._identity(report.id, screening, act, day, regime)
        # Somebody who was to be asked said no: that cannot be undone.
        refused = regime.consent and screening.consent is Consent.REFUSED
        return Accepted(*statement, day, facts(screening), identity, refused)

    def _identity(self, report: UUID, screening: Screening, act: Act, day: date, regime: Regime) -> SealedIdentity | None:
        """Sealed under the key of that day; None if it may not be kept, or no longer."""
        patient, sealer = screening.patient, self._sealer(day)
        if sealer is None or not regime.keeps_identity(screening.consent) or day + regime.retention < self.at.date():
            return None
        sealed = sealer.seal(beside(_json(patient), act), identity_place(report, patient.department or "", day))
        return SealedIdentity(day, sealed, self.blinder.tokens(traits(patient)))

    def _regime(self, taken: date) -> Regime:
        if taken not in self._in_force:
            self._in_force[taken] = regime_on(taken, self.regimes)
        return self._in_force[taken]

    def _sealer(self, day: date) -> RowSealer | None:
        """One for each day of this batch; None where the day's key does not live."""
        if day not in self._sealers:
            key = self.days.get(day.isoformat())
            self._sealers[day] = RowSealer(key) if key else None
        return self._sealers[day]


def identity_place(report: UUID, department: str, day: date) -> Place:
    """What a sealed identity is bound to."""
    return Place(IDENTITY_TABLE, str(report), "sealed", department, day.isoformat())


def facts(screening: Screening) -> Facts:
    """What may be counted of a screening: never the exact age, the pharmacy or the hour."""
    taken, patient = screening.specimen.taken_at.date(), screening.patient
    return Facts(
        department=patient.department,
        age_class=min(age(patient.birth_date, taken) // 10 * 10, 90),
        sex=patient.sex,
        specimen=screening.specimen.type,
        taken_on=taken,
        symptomatic=screening.symptomatic,
        reason=screening.reason,
        findings=tuple(FoundFact(found.disease, found.loinc, found.result) for found in screening.findings),
    )


def age(born: date, on: date) -> int:
    """Whole years; somebody born on 29 February has their birthday on 1 March in other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _read(line: bytes) -> ScreeningReport | list[Problem]:
    """The report, or what is wrong with it: an error kept for later would keep all that was parsed."""
    try:
        return fhir.read_report(line)
    except ReportError as error:
        return list(error.problems)


def _refused(problems: list[Problem]) -> Refused:
    """The kinds of problem alone, each once: neither the field nor what it holds."""
    return Refused(tuple(sorted({problem.trouble.value for problem in problems})))


def _json(value: object) -> bytes:
    """Code types are subclasses of `str`, which msgspec asks us to spell out."""
    return _encoder.encode(value)
