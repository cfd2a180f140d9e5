"""Whatever a report says survives HL7 v2.5.1; a message cut or spoilt anywhere is refused, never misread and never a crash."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sceau.core.codes.identifiers import Finess, ForeignIdentifier, Gtin, Ins, InsSystem, Rpps
from sceau.core.codes.loinc import ASSAYS, Loinc
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.codes.territory import DEPARTMENTS, OUTSIDE, Department
from sceau.core.report.errors import ReportError, Trouble
from sceau.core.report.hl7v2 import read_rows, write
from sceau.core.report.model import (
    Address,
    Consent,
    Finding,
    Kit,
    Patient,
    Performer,
    Pregnancy,
    Reason,
    Screening,
    ScreeningReport,
    Sex,
    Specimen,
    Status,
)
from sceau.core.report.reading import Row

VECTORS = Path(__file__).parents[2] / "vectors" / "hl7v2"
PARIS = ZoneInfo("Europe/Paris")
SENT = datetime(2022, 1, 6, tzinfo=UTC)
FINAL, BATCH = ((VECTORS / f"{name}.hl7").read_bytes() for name in ("final", "batch"))
HOSTILE = [
    b"|",
    b"^",
    b"~",
    b"\\",
    b"&",
    b"\r",
    b"\n",
    b"\r\n",
    b"\x0b",
    b"\x1c",
    b"\xff",
    b"\\X0D\\",
    b"\\X",
    b'""',
    b"MSH",
    b"MSH|",
]

printable = st.characters(exclude_categories=("C", "Z"), include_characters=" ")
texts = st.one_of(
    st.text(printable, min_size=1, max_size=30).filter(str.strip),
    st.sampled_from(['""', "a|b^c~d\\e&f", "\\X0D\\", "\\.br\\", " a  b ", "\\F\\", "O'Neil-Été", "MSH|^~\\&|"]),
)
zones = st.sampled_from([UTC, PARIS, timezone(timedelta(hours=-11, minutes=-30)), ZoneInfo("Pacific/Noumea")])
# A time of HL7 holds a tenth of a millisecond (TS), so ours are drawn as exact; and with their offsets fixed: in the hour that a
# zone has twice, Python calls no two times of different zones equal.
times = st.builds(
    lambda moment, tenths: datetime.fromisoformat(moment.replace(microsecond=tenths * 100).isoformat()),
    st.datetimes(min_value=datetime(2020, 5, 13), max_value=datetime(2030, 1, 1), timezones=zones),  # noqa: DTZ001
    st.integers(0, 9_999),
)
addresses = st.builds(
    Address,
    lines=st.lists(texts, max_size=5).map(tuple),
    postal_code=st.none() | st.sampled_from(["75020", "20200", "97133", "00000", "SW1A 1AA"]),
    city=texts,
    country=st.none() | st.sampled_from(["FR", "DE", "GP", "Royaume-Uni"]),
)
patients = st.builds(
    Patient,
    family=texts,
    given=st.lists(texts, min_size=1, max_size=4).map(tuple),
    birth_date=st.dates(date(1900, 1, 1), date(2020, 1, 1)),
    sex=st.sampled_from(Sex),
    used_family=st.none() | texts,
    used_given=st.none() | texts,
    birth_place=st.none() | texts,
    ins=st.none() | st.just(Ins("195037505612351", InsSystem.TEST)),
    phone=st.none() | st.sampled_from(["+33612345678", "+4915123456789", "(123)456-7890 ext. 9", "inconnu"]),
    email=st.none() | texts,
    address=st.none() | addresses,
    department=st.none() | st.sampled_from([*sorted(DEPARTMENTS), OUTSIDE]).map(Department),
)
systems = st.sampled_from(["urn:oid:2.16.840.1.113883.4.7", "https://example.org/ids", "CLIA", "urn:oid:not-one", "1.2.3"])
foreign = st.builds(ForeignIdentifier, systems, st.text(printable, min_size=1, max_size=20).filter(str.strip))
finess = st.just(Finess("750123457"))
performers = st.one_of(
    st.builds(Performer, name=texts, finess=finess, foreign=st.none() | foreign, rpps=st.none() | st.just(Rpps("10001234565"))),
    st.builds(Performer, name=texts, foreign=foreign, rpps=st.none()),
)
kits = st.builds(
    Kit,
    name=texts,
    manufacturer=st.none() | texts,
    gtin=st.none() | st.just(Gtin("03700123456780")),
    lot=st.none() | texts,
    expiry=st.none() | st.dates(date(2031, 1, 1), date(2099, 1, 1)),
)


@st.composite
def screenings(draw: st.DrawFn) -> Screening:
    loinc = draw(st.sampled_from(sorted(ASSAYS)))
    parts = ASSAYS[loinc].parts or (loinc,)
    reported = draw(st.lists(st.sampled_from(parts), min_size=1, unique=True))
    return Screening(
        patient=draw(patients),
        performer=draw(performers),
        specimen=Specimen(type=draw(st.sampled_from(SpecimenType)), taken_at=draw(times)),
        loinc=Loinc(loinc),
        findings=tuple(Finding(Loinc(part), draw(st.sampled_from(Result))) for part in reported),
        kit=draw(st.none() | kits),
        symptomatic=draw(st.none() | st.booleans()),
        onset=draw(st.none() | st.dates(date(2000, 1, 1), date(2020, 5, 12))),
        pregnancy=draw(st.none() | st.sampled_from(Pregnancy)),
        reason=draw(st.none() | st.sampled_from(Reason)),
        consent=draw(st.sampled_from(Consent)),
    )


@st.composite
def reports(draw: st.DrawFn) -> ScreeningReport:
    corrected = draw(st.booleans())
    return ScreeningReport(
        id=draw(st.uuids(version=4)),
        lineage=draw(st.uuids(version=4)),
        status=Status.CORRECTED if corrected else Status.FINAL,
        issued=draw(times),
        replaces=draw(st.uuids(version=4)) if corrected else None,
        screening=draw(screenings()),
    )


def rows(data: bytes) -> list[Row]:
    return list(read_rows(data, PARIS).rows)


@given(reports())
@settings(deadline=None)
def test_a_report_survives(report: ScreeningReport) -> None:
    [row] = rows(write([report], sender="Pharmacie | Lilas", at=SENT))
    assert row.problems == ()
    assert row.warnings == ()
    assert row.statement is not None
    assert row.statement.screening == report.screening
    assert (row.statement.status, row.statement.issued) == (report.status, report.issued)
    assert (row.statement.sender, row.statement.accession) == ("Pharmacie | Lilas", str(report.id))


@given(st.lists(reports(), min_size=2, max_size=4))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
def test_a_batch_survives(several: list[ScreeningReport]) -> None:
    read = rows(write(several, sender="S", at=SENT))
    assert [row.statement.screening for row in read if row.statement] == [report.screening for report in several]
    assert [row.number for row in read] == list(range(1, len(several) + 1))


def test_seconds_in_an_old_offset_become_utc() -> None:
    issued = datetime(1900, 1, 1, tzinfo=PARIS)  # when Paris was nine minutes and twenty-one seconds ahead
    [row] = rows(FINAL)
    assert row.statement is not None
    report = ScreeningReport(
        id=UUID(int=1), lineage=UUID(int=1), status=Status.FINAL, issued=issued, screening=row.statement.screening
    )
    [again] = rows(write([report], sender="S", at=SENT))
    assert again.statement is not None
    assert again.statement.issued == issued


def outcome(data: bytes) -> list[Row]:
    """The rows, or none for a file refused whole; anything else that is raised fails the test."""
    try:
        return rows(data)
    except ReportError:
        return []


def test_a_message_cut_anywhere_is_refused_or_says_what_it_said() -> None:
    [whole] = rows(FINAL)
    for end in range(len(FINAL)):
        for row in outcome(FINAL[:end]):
            assert row.problems or row.statement == whole.statement, end


def test_a_batch_cut_anywhere_is_taken_in_no_part() -> None:
    trailer = BATCH.rindex(b"FTS")
    for end in range(0, trailer, 7):
        assert all(row.problems for row in outcome(BATCH[:end])), end


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_a_spoilt_message_is_never_a_crash(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from([FINAL, BATCH]))
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, min(len(source), start + 40)))
    spoilt = data.draw(st.one_of(st.binary(max_size=20), st.sampled_from(HOSTILE)))
    for row in outcome(source[:start] + spoilt + source[end:]):
        assert (row.statement is None) == bool(row.problems)
        assert row.canonical
        assert all(problem.text("fr") and problem.text("en") for problem in (*row.problems, *row.warnings))


@given(st.binary(max_size=300))
@example(b"")
@example(b"MSH")
@example(b"MSH|")
@example(b"MSH|^~\\&")
@example(b"BTS|1")
@example(b"FHS|^~\\&\rBHS\rBTS\rFTS\r")
def test_any_bytes_are_answered(data: bytes) -> None:
    for prefix in (b"", b"MSH|^~\\&|", b"BHS|^~\\&\rMSH|"):
        outcome(prefix + data)


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\r\r\n"])
def test_line_ends_make_no_difference(end: bytes) -> None:
    [ours], [theirs] = rows(FINAL), rows(FINAL.replace(b"\r", end))
    assert ours == theirs


def test_nul_bytes_are_refused_whole() -> None:
    with pytest.raises(ReportError) as refused:
        read_rows(FINAL.replace(b"Hugo", b"Hu\0o"), PARIS)
    assert refused.value.problems[0].trouble is Trouble.FILE_NUL
