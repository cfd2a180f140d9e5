"""`ingest`: facts that say little, an identity that opens at its place only, and reasons for the sender alone."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import astuple
from tests.core.sealing import samples

from sceau.core.codes.identifiers import Finess
from sceau.core.codes.loinc import Loinc
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.codes.territory import Department
from sceau.core.keyholder.envelope_verbs import Accepted, Ingested, Refused, Unopened
from sceau.core.keyholder.ingest import Ingestion, age
from sceau.core.keyholder.opener import Batch, open_batch
from sceau.core.keyholder.tokens import Blinder
from sceau.core.regime import DEMO, REGIMES, Regime
from sceau.core.report import fhir
from sceau.core.report.errors import Trouble
from sceau.core.report.model import (
    Consent,
    Finding,
    Patient,
    Performer,
    Screening,
    ScreeningReport,
    Sex,
    Specimen,
    Status,
)
from sceau.core.sealing import suite
from sceau.core.sealing.errors import Flaw, SealingError
from sceau.core.sealing.open import open_reasons, open_row
from sceau.core.sealing.rows import Place
from sceau.core.sealing.seal import SealedEnvelope

DAY_KEY = bytes(range(32))
FINESS, OTHER_FINESS = Finess("750000002"), Finess("690000005")
REPORT, OTHER_REPORT = UUID("0190c0de-0000-7000-8000-00000000000a"), UUID("0190c0de-0000-7000-8000-00000000000b")
TAKEN = datetime(2023, 2, 1, 9, 30, tzinfo=UTC)
AT = datetime(2023, 2, 1, 12, 0, tzinfo=UTC)
INDEX_KEY, NAMING = bytes(range(1, 33)), bytes(range(2, 34))
BORN = date(1987, 3, 14)


def report(
    own: UUID = REPORT, *, consent: Consent = Consent.GIVEN, taken: datetime = TAKEN, finess: Finess = FINESS
) -> ScreeningReport:
    """Hugo's test, negative, at the Pharmacie des Lilas."""
    hugo = Patient(
        family="TESTARD", given=("Hugo",), birth_date=BORN, sex=Sex.MALE, department=Department("69"), phone="+33612345678"
    )
    screening = Screening(
        patient=hugo,
        performer=Performer(name="Pharmacie des Lilas", finess=finess),
        specimen=Specimen(type=SpecimenType.NASAL, taken_at=taken),
        loinc=Loinc("94558-4"),
        findings=(Finding(Loinc("94558-4"), Result.NOT_DETECTED),),
        consent=consent,
    )
    return ScreeningReport(id=own, lineage=own, status=Status.FINAL, issued=taken, screening=screening)


def cancellation() -> ScreeningReport:
    status = Status.ENTERED_IN_ERROR
    return ScreeningReport(id=OTHER_REPORT, lineage=REPORT, status=status, issued=TAKEN, replaces=REPORT)


def envelope(*reports: ScreeningReport | bytes) -> SealedEnvelope:
    return samples.envelope([one if isinstance(one, bytes) else fhir.write(one) for one in reports])


def ingestion(regimes: tuple[Regime, ...] = REGIMES["law"], *, at: datetime = AT) -> Ingestion:
    days = {"2023-01-31": DAY_KEY, "2023-02-01": DAY_KEY}
    return Ingestion(days=days, blinder=Blinder({"2023-02": INDEX_KEY}), regimes=regimes, at=at, naming=NAMING)


def ingested(sealed: SealedEnvelope, regimes: tuple[Regime, ...] = REGIMES["law"]) -> Ingested:
    answer = ingestion(regimes).envelope(sealed.data, samples.REGISTRY)
    assert isinstance(answer, Ingested)
    return answer


def accepted(one: ScreeningReport, regimes: tuple[Regime, ...] = REGIMES["law"]) -> Accepted:
    (answer,) = ingested(envelope(one), regimes).reports
    assert isinstance(answer, Accepted)
    return answer


def reasons(sealed: SealedEnvelope) -> dict[str, list[dict[str, str]]]:
    text = open_reasons(sealed.acknowledgement_key, ingested(sealed).sealed_reasons, samples.ENVELOPE)
    return msgspec.json.decode(text, type=dict[str, list[dict[str, str]]])


def test_facts_are_a_department_a_class_of_age_and_what_was_found() -> None:
    facts = accepted(report()).facts
    assert facts is not None
    assert (facts.department, facts.age_class, facts.sex, facts.taken_on) == ("69", 30, Sex.MALE, date(2023, 2, 1))
    assert [astuple(found) for found in facts.findings] == [("covid-19", "94558-4", Result.NOT_DETECTED)]


@pytest.mark.parametrize("secret", ["TESTARD", "Hugo", "1987", "612345678", "Lilas", FINESS, "09:30", "35"])
def test_no_fact_tells_the_person_the_exact_age_the_pharmacy_or_the_hour(secret: str) -> None:
    assert secret not in str(accepted(report()).facts)


@pytest.mark.parametrize(("born", "expected"), [("2023-01-31", 0), ("2013-02-01", 10), ("2013-02-02", 0), ("1900-01-01", 90)])
def test_a_class_of_age_is_tens_of_years_up_to_ninety_and_over(born: str, expected: int) -> None:
    one = report()
    assert one.screening is not None
    patient = msgspec.structs.replace(one.screening.patient, birth_date=date.fromisoformat(born))
    young = msgspec.structs.replace(one.screening, patient=patient)
    facts = accepted(msgspec.structs.replace(one, screening=young)).facts
    assert facts is not None
    assert facts.age_class == expected


def test_somebody_born_on_29_february_ages_on_1_march() -> None:
    assert age(date(2000, 2, 29), date(2021, 2, 28)) == 20
    assert age(date(2000, 2, 29), date(2021, 3, 1)) == 21


def test_an_identity_opens_at_its_place_with_the_key_of_the_day_it_came() -> None:
    identity = accepted(report()).identity
    assert identity is not None
    place = Place("persons_identity", str(REPORT), "sealed", "69", "2023-02-01")
    told = msgspec.json.decode(open_row(DAY_KEY, identity.sealed, place))
    assert (identity.day, told["family"], told["birth_date"]) == (date(2023, 2, 1), "TESTARD", "1987-03-14")


@pytest.mark.parametrize("part", Place._fields)
def test_an_identity_does_not_open_elsewhere(part: str) -> None:
    identity = accepted(report()).identity
    assert identity is not None
    place = Place("persons_identity", str(REPORT), "sealed", "69", "2023-02-01")
    with pytest.raises(SealingError, match="cannot-open"):
        open_row(DAY_KEY, identity.sealed, place._replace(**{part: "other"}))


@pytest.mark.parametrize("said", [Consent.REFUSED, Consent.NOT_ANSWERED])
def test_from_february_2023_without_a_yes_no_identity_is_kept_but_the_facts_are(said: Consent) -> None:
    answer = accepted(report(consent=said))
    assert answer.identity is None
    assert answer.facts is not None


def test_the_day_before_an_identity_was_kept_whatever_was_said() -> None:
    assert accepted(report(consent=Consent.REFUSED, taken=TAKEN - timedelta(days=1))).identity is not None


def test_the_demo_keeps_every_identity() -> None:
    assert accepted(report(consent=Consent.REFUSED), DEMO).identity is not None


def test_a_cancellation_has_neither_facts_nor_identity() -> None:
    answer = accepted(cancellation())
    assert answer == Accepted(OTHER_REPORT, REPORT, REPORT, Status.ENTERED_IN_ERROR, TAKEN, AT.date(), None, None)


@pytest.mark.parametrize(
    ("one", "trouble"),
    [
        (report(finess=OTHER_FINESS), Trouble.OTHER_PHARMACY),
        (report(taken=samples.AT + timedelta(minutes=1)), Trouble.IN_THE_FUTURE),
    ],
)
def test_a_report_of_another_pharmacy_or_from_the_future_is_refused_and_only_the_sender_learns_more_than_the_kind_of_problem(
    one: ScreeningReport, trouble: Trouble
) -> None:
    sealed = envelope(one)
    answer = ingested(sealed)
    assert answer.reports == (Refused((trouble.value,)),)
    assert trouble.value.encode() not in answer.sealed_reasons
    assert [problem["trouble"] for problem in reasons(sealed)["0"]] == [trouble]


@pytest.mark.parametrize("broken", [b"{}", b"[]", b"not json", b'{"resourceType":"Bundle"', b"\xff", b"[" * 60_000])
def test_a_broken_line_is_refused_and_the_others_of_its_envelope_are_taken(broken: bytes) -> None:
    sealed = envelope(report(), broken, report(OTHER_REPORT))
    first, second, third = ingested(sealed).reports
    assert isinstance(first, Accepted)
    assert isinstance(third, Accepted)
    assert isinstance(second, Refused)
    assert set(second.troubles) == {problem["trouble"] for problem in reasons(sealed)["1"]} != set()
    assert (first.id, third.id) == (REPORT, OTHER_REPORT)
    assert list(reasons(sealed)) == ["1"]


def test_reasons_name_the_code_that_does_not_belong() -> None:
    before, code, after = fhir.write(report()).rpartition(b"94558-4")
    (problem, *_) = reasons(envelope(before + b"94500-6" + after))["0"]
    assert (code, problem["trouble"], problem["detail"]) == (b"94558-4", Trouble.RESULT_FOREIGN, "94500-6")


def test_reasons_never_repeat_what_a_person_gave() -> None:
    sealed = envelope(report(finess=OTHER_FINESS), fhir.write(report()).replace(b"1987-03-14", b"1987-33-14"))
    text = open_reasons(sealed.acknowledgement_key, ingested(sealed).sealed_reasons, samples.ENVELOPE)
    assert len(reasons(sealed)) == 2
    assert not any(secret in text for secret in (b"TESTARD", b"Hugo", b"1987", b"612345678"))


def test_an_envelope_that_does_not_open_says_its_flaw() -> None:
    data = bytearray(envelope(report()).data)
    data[2000] ^= 1
    assert ingestion().envelope(bytes(data), samples.REGISTRY) == Unopened(Flaw.CANNOT_OPEN)


def test_each_envelope_is_answered_in_its_place() -> None:
    good = envelope(report()).data
    foreign = good[:6] + suite.key_id(b"another key") + good[22:]
    keys = {suite.key_id(suite.public_bytes(samples.REGISTRY_SEED)): samples.REGISTRY_SEED}
    batch = Batch([good, foreign, good[:50], b"\0" * 73], keys, {}, {"2023-02": INDEX_KEY}, "law", AT, NAMING)
    first, *others = open_batch(batch)
    assert isinstance(first, Ingested)
    assert others == [Unopened(Flaw.UNKNOWN_KEY), Unopened(Flaw.TRUNCATED), Unopened(Flaw.NOT_AN_ENVELOPE)]


def test_on_the_last_day_of_retention_an_identity_is_kept_and_the_day_after_it_is_not() -> None:
    last = AT + timedelta(days=93)
    for at, kept in ((last, True), (last + timedelta(days=1), False)):
        answer = ingestion(at=at).envelope(envelope(report()).data, samples.REGISTRY)
        assert isinstance(answer, Ingested)
        (one,) = answer.reports
        assert isinstance(one, Accepted)
        assert (one.identity is not None) is kept


def test_asked_again_it_says_the_same_of_the_same_envelope() -> None:
    sealed = envelope(report(), cancellation(), b"broken")
    once, twice = ingested(sealed).reports, ingested(sealed).reports
    assert [type(answer) for answer in once] == [type(answer) for answer in twice]
    assert [msgspec.structs.replace(one, identity=None) for one in once if isinstance(one, Accepted)] == [
        msgspec.structs.replace(one, identity=None) for one in twice if isinstance(one, Accepted)
    ]
