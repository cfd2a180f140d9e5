"""What we write as HL7 v2.5.1: read field by field by `hl7`, a parser that is not ours, and compared with frozen bytes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import hl7  # type: ignore[import-untyped]
import pytest
from msgspec.structs import replace

from sceau.core.codes.identifiers import Finess, ForeignIdentifier, Gtin, Ins, InsSystem, Rpps
from sceau.core.codes.loinc import Loinc
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.codes.territory import OUTSIDE, Department
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

VECTORS = Path(__file__).parents[2] / "vectors" / "hl7v2"
PARIS = ZoneInfo("Europe/Paris")
WINTER = timezone(timedelta(hours=1))
SENT = datetime(2021, 12, 24, 11, 0, tzinfo=WINTER)
TAKEN = datetime(2021, 12, 24, 10, 15, tzinfo=WINTER)
SENDER = "750123457"

HUGO = Patient(
    family="D'Été^Noël",
    given=("Hugo", "Jean Luc", "Marie"),
    birth_date=date(1995, 3, 7),
    sex=Sex.MALE,
    used_family="Noël & Cie",
    used_given="Hugues",
    birth_place="Paris 13e",
    ins=Ins("195037505612351", InsSystem.TEST),
    phone="+33612345678",
    email="hugo@example.org",
    address=Address(
        lines=("Chez Amina", "Bâtiment B", "4|6 rue des Lilas", "BP 7"), postal_code="75020", city="Paris", country="FR"
    ),
    department=Department("75"),
)
LILAS = Performer(
    name="Pharmacie des Lilas",
    finess=Finess("750123457"),
    rpps=Rpps("10001234565"),
    foreign=ForeignIdentifier("urn:oid:1.2.3.4", "LILAS-1"),
)
ANTIGEN = Screening(
    patient=HUGO,
    performer=LILAS,
    specimen=Specimen(type=SpecimenType.NASOPHARYNGEAL, taken_at=TAKEN),
    loinc=Loinc("94558-4"),
    findings=(Finding(Loinc("94558-4"), Result.DETECTED),),
    kit=Kit(name="Exemple Ag", manufacturer="Exemple SA", gtin=Gtin("03700123456780"), lot="L42", expiry=date(2022, 6, 30)),
    symptomatic=True,
    onset=date(2021, 12, 22),
    pregnancy=Pregnancy.UNKNOWN,
    reason=Reason.CONTACT,
    consent=Consent.GIVEN,
)
FINAL = ScreeningReport(
    id=UUID("01890a5d-ac96-774b-bcce-b302099a8057"),
    lineage=UUID("01890a5d-ac96-774b-bcce-b302099a8057"),
    status=Status.FINAL,
    issued=datetime(2021, 12, 24, 10, 31, 5, 250_000, tzinfo=WINTER),
    screening=ANTIGEN,
)
CORRECTION = ScreeningReport(
    id=UUID("01890a5d-ac96-774b-bcce-b302099a8058"),
    lineage=FINAL.lineage,
    status=Status.CORRECTED,
    issued=datetime(2021, 12, 24, 10, 45, tzinfo=WINTER),
    replaces=FINAL.id,
    screening=replace(ANTIGEN, findings=(Finding(Loinc("94558-4"), Result.NOT_DETECTED),)),
)
CANCELLATION = ScreeningReport(
    id=UUID("01890a5d-ac96-774b-bcce-b302099a8059"),
    lineage=FINAL.lineage,
    status=Status.ENTERED_IN_ERROR,
    issued=datetime(2021, 12, 24, 12, 0, tzinfo=WINTER),
    replaces=FINAL.lineage,
)
PANEL = ScreeningReport(
    id=UUID("01890a5d-ac96-774b-bcce-b302099a8060"),
    lineage=UUID("01890a5d-ac96-774b-bcce-b302099a8060"),
    status=Status.FINAL,
    issued=datetime(2022, 1, 5, 8, 0, tzinfo=UTC),
    screening=Screening(
        patient=Patient(
            family="Exemple",
            given=("Inès",),
            birth_date=date(1995, 3, 7),
            sex=Sex.FEMALE,
            address=Address(lines=("1 Musterweg",), city="Kehl", country="DE"),
            department=Department(OUTSIDE),
        ),
        performer=Performer(name="Labor Muster", foreign=ForeignIdentifier("urn:oid:1.2.276.0.76.4.1", "0815")),
        specimen=Specimen(type=SpecimenType.NASAL, taken_at=datetime(2022, 1, 5, 7, 30, tzinfo=UTC)),
        loinc=Loinc("97099-6"),
        findings=(
            Finding(Loinc("97097-0"), Result.NOT_DETECTED),
            Finding(Loinc("80382-5"), Result.DETECTED),
            Finding(Loinc("80383-3"), Result.INCONCLUSIVE),
        ),
    ),
)


@dataclass(frozen=True)
class Judged:
    """A message as the other parser sees it; `at("PID", 5, component=2)` is text, unescaped as that parser does."""

    message: hl7.Message

    def at(self, segment: str, field: int, component: int = 1, *, sub: int = 1, number: int = 1, repetition: int = 1) -> str:
        key = f"{segment}{number}.F{field}.R{repetition}.C{component}.S{sub}"
        return str(self.message.unescape(str(self.message[key])))

    def names(self) -> list[str]:
        return [str(segment[0]) for segment in self.message]


def judged(*reports: ScreeningReport) -> Judged:
    return Judged(hl7.parse(write(list(reports), sender=SENDER, at=SENT).decode()))


def test_a_report_is_one_message_with_the_specimen_last() -> None:
    names = judged(FINAL).names()
    assert [name for name in names if name != "OBX"] == ["MSH", "PID", "ORC", "OBR", "SPM"]
    assert names[-1] == "SPM"


def test_the_header_says_what_it_is_and_who_sends_it() -> None:
    message = judged(FINAL)
    assert [message.at("MSH", 9, part) for part in (1, 2, 3)] == ["ORU", "R01", "ORU_R01"]
    assert [message.at("MSH", field) for field in (3, 4, 11, 12, 17, 18)] == [
        "SCEAU",
        SENDER,
        "P",
        "2.5.1",
        "FRA",
        "UNICODE UTF-8",
    ]
    assert hl7.parse_datetime(message.at("MSH", 7)) == SENT


def test_the_control_id_is_told_apart_by_the_report_and_fits_its_field() -> None:
    first, second = (judged(report).at("MSH", 10) for report in (FINAL, CORRECTION))
    assert first != second
    assert len(first) == len(second) == 20


def test_birth_names_stand_in_the_legal_name_and_used_names_beside_them() -> None:
    message = judged(FINAL)
    assert [message.at("PID", 5, part) for part in (1, 2, 3, 7)] == ["D'Été^Noël", "Hugo", "Hugo Jean Luc Marie", "L"]
    assert [message.at("PID", 5, part, repetition=2) for part in (1, 2, 7)] == ["Noël & Cie", "Hugues", "D"]


def test_a_person_has_their_ins_birth_sex_and_contacts() -> None:
    message = judged(FINAL)
    assert [message.at("PID", 3, 1), message.at("PID", 3, 4, sub=2), message.at("PID", 3, 5)] == [
        "195037505612351",
        "1.2.250.1.213.1.4.10",
        "INS",
    ]
    assert [message.at("PID", field) for field in (7, 8, 23, 32)] == ["19950307", "M", "Paris 13e", "VALI"]
    assert message.at("PID", 13, 12) == "+33612345678"
    assert message.at("PID", 13, 4, repetition=2) == "hugo@example.org"


def test_an_address_keeps_all_its_lines() -> None:
    message = judged(FINAL)
    assert [message.at("PID", 11, part) for part in (1, 2, 3, 5, 6)] == ["Chez Amina", "Bâtiment B", "Paris", "75020", "FRA"]
    assert message.at("PID", 11, 8) == "4|6 rue des Lilas\rBP 7"


def test_without_an_ins_the_visit_stands_for_the_person() -> None:
    message = judged(PANEL)
    assert [message.at("PID", 3, part) for part in (1, 4, 5)] == [str(PANEL.lineage), "sceau", "VN"]


def test_the_order_carries_our_ids() -> None:
    for segment in ("ORC", "OBR"):
        message = judged(CORRECTION)
        assert [message.at(segment, 2), message.at(segment, 2, 2)] == [str(CORRECTION.lineage), "sceau"]
        assert [message.at(segment, 3), message.at(segment, 3, 2)] == [str(CORRECTION.id), "sceau"]


@pytest.mark.parametrize(("report", "letter"), [(FINAL, "F"), (CORRECTION, "C"), (CANCELLATION, "X")])
def test_the_status_is_the_orders(report: ScreeningReport, letter: str) -> None:
    assert judged(report).at("OBR", 25) == letter


@pytest.mark.parametrize("report", [CORRECTION, CANCELLATION])
def test_what_is_replaced_is_the_orders_parent(report: ScreeningReport) -> None:
    assert judged(report).at("OBR", 29, 2, sub=1) == str(report.replaces)


def test_a_cancellation_names_nobody() -> None:
    assert judged(CANCELLATION).names() == ["MSH", "ORC", "OBR"]
    assert judged(CANCELLATION).at("OBR", 4, 3) == "99SCEAU"


def test_a_cancellation_without_its_screening_is_nobodys_row() -> None:
    [row] = read_rows(write([CANCELLATION], sender=SENDER, at=SENT), PARIS).rows
    assert row.statement is None
    assert [problem.where for problem in row.problems] == ["PID-5", "PID-7", "PID-8", "SPM-4", "OBR-7", "OBX"]


def test_the_result_is_coded_and_stands_with_who_found_it_and_with_what() -> None:
    message = judged(FINAL)
    assert [message.at("OBX", 3), message.at("OBX", 3, 3)] == ["94558-4", "LN"]
    assert [message.at("OBX", 5, part) for part in (1, 2, 3)] == ["260373001", "Detected", "SCT"]
    assert [message.at("OBX", 15), message.at("OBX", 15, 3), message.at("OBX", 16)] == [
        "LILAS-1",
        "urn:oid:1.2.3.4",
        "10001234565",
    ]
    assert [message.at("OBX", 17), message.at("OBX", 17, 2)] == ["03700123456780", "Exemple Ag"]
    assert [message.at("OBX", 18), message.at("OBX", 18, 2)] == ["L42", "Exemple SA"]
    assert [message.at("OBX", 23, part) for part in (1, 7, 10)] == ["Pharmacie des Lilas", "FINEG", "750123457"]
    assert message.at("OBX", 23, 6, sub=2) == "1.2.250.1.71.4.2.2"


def test_times_keep_their_offset() -> None:
    message = judged(FINAL)
    assert hl7.parse_datetime(message.at("OBR", 22)) == FINAL.issued
    assert hl7.parse_datetime(message.at("OBR", 7)) == hl7.parse_datetime(message.at("SPM", 17)) == TAKEN


def test_answers_follow_the_result() -> None:
    message = judged(FINAL)
    said = [(message.at("OBX", 3, number=number), message.at("OBX", 5, number=number)) for number in range(2, 7)]
    assert said == [
        ("95419-8", "Y"),
        ("65222-2", "20211222"),
        ("82810-3", "261665006"),
        ("consent", "given"),
        ("kit-expiry", "20220630"),
    ]
    assert [message.at("OBR", 31), message.at("OBR", 31, 3)] == ["contact", "99SCEAU"]


def test_a_panel_has_one_result_for_each_part() -> None:
    message = judged(PANEL)
    assert message.at("OBR", 4) == "97099-6"
    assert [message.at("OBX", 3, number=number) for number in (1, 2, 3)] == ["97097-0", "80382-5", "80383-3"]
    assert [message.at("OBX", 23, 7), message.at("OBX", 23, 6, sub=2)] == ["XX", "1.2.276.0.76.4.1"]


def test_several_reports_are_a_batch_that_counts_them() -> None:
    file = hl7.parse_file(write([FINAL, PANEL], sender=SENDER, at=SENT).decode())
    batch = file[0]
    assert [str(message["MSH.F10"]) for message in batch] == [FINAL.id.hex[-20:], PANEL.id.hex[-20:]]
    assert str(batch.trailer[1]) == "2"
    assert str(file.trailer[1]) == "1"


FROZEN = {
    "final": [FINAL],
    "correction": [CORRECTION],
    "cancellation": [CANCELLATION],
    "panel": [PANEL],
    "batch": [FINAL, PANEL, CORRECTION],
}


@pytest.mark.parametrize("name", FROZEN)
def test_the_bytes_are_frozen(name: str) -> None:
    assert write(FROZEN[name], sender=SENDER, at=SENT) == (VECTORS / f"{name}.hl7").read_bytes()


@pytest.mark.parametrize("name", ["final", "correction", "panel", "batch"])
def test_frozen_bytes_are_read_as_what_was_written(name: str) -> None:
    statements = [row.statement for row in read_rows((VECTORS / f"{name}.hl7").read_bytes(), PARIS).rows]
    assert [(one.screening, one.status, one.issued, one.sender, one.accession) for one in statements if one] == [
        (report.screening, report.status, report.issued, SENDER, str(report.id)) for report in FROZEN[name]
    ]
