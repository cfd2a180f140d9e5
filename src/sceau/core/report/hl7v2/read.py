"""Reads ORU^R01^ORU_R01 of HL7 v2.5.1, one message or a batch, into rows. The profile is `docs/reference/hl7v2.md`.

One message is one row and states one screening of one person, whether its results come under one OBR or several. Never raises
anything but `ReportError`, and that only for a file in which no message can be told from another.
"""

import re
from datetime import datetime, tzinfo

import msgspec

from sceau.core.report.errors import Problem, Trouble
from sceau.core.report.hl7v2.envelope import Parcel, decode, unwrap
from sceau.core.report.hl7v2.patient import read_patient
from sceau.core.report.hl7v2.performer import read_performer
from sceau.core.report.hl7v2.questions import Observations, read_answers, read_reason, sort
from sceau.core.report.hl7v2.results import read_finding, read_kit, read_specimen_taken, read_status, read_test
from sceau.core.report.hl7v2.syntax import Message, Value
from sceau.core.report.hl7v2.values import Ledger, read_time, refuse, token
from sceau.core.report.model import TEXT_LENGTH, Screening
from sceau.core.report.reading import Reading, Row, Statement

FORM = "hl7v2"
_VERSION = re.compile(r"2\.[0-9](?:\.[0-9])?")
_READ = frozenset({"MSH", "SFT", "PID", "ORC", "OBR", "OBX", "SPM"})
_RESENT = (6, 9)  # MSH-7 and MSH-10, as they stand in the split line
# Where the model's own words for a place are found in a message.
_PLACES = {
    "patient.family": "PID-5.1",
    "patient.given": "PID-5.2",
    "patient.birth_date": "PID-7",
    "patient.used_family": "PID-5.1",
    "patient.used_given": "PID-5.2",
    "patient.birth_place": "PID-23",
    "patient.phone": "PID-13",
    "patient.email": "PID-13.4",
    "address.lines": "PID-11.1",
    "address.city": "PID-11.3",
    "address.postal_code": "PID-11.5",
    "address.country": "PID-11.6",
    "performer": "OBX-23.10",
    "performer.name": "OBX-23.1",
    "kit.name": "OBX-17",
    "kit.manufacturer": "OBX-18.2",
    "kit.lot": "OBX-18.1",
    "kit.expiry": "OBX-5",
    "specimen.taken_at": "OBR-7",
    "onset": "OBX-5",
    "findings": "OBX-3",
    "test.loinc": "OBR-4",
}


def read_rows(data: bytes, zone: tzinfo) -> Reading:
    """The rows of a file; `zone` is the pharmacy's, for times without an offset. Raises `ReportError` where there are no rows."""
    parcels = unwrap(data)
    rows = (_row(number, parcel, zone) for number, parcel in enumerate(parcels, 1))
    return Reading(form=FORM, rows=rows, total=len(parcels))


def _row(number: int, parcel: Parcel, zone: tzinfo) -> Row:
    ledger = Ledger(zone)
    statement = ledger.attempt(lambda: _statement(parcel, ledger))
    problems = (*ledger.problems, *parcel.problems)
    return Row(
        number=number,
        canonical=_canonical(parcel.lines),
        statement=None if problems else statement,
        problems=tuple(dict.fromkeys(_placed(problem) for problem in problems)),
        warnings=tuple(ledger.warnings),
    )


def _placed(problem: Problem) -> Problem:
    place = _PLACES.get(problem.where)
    return msgspec.structs.replace(problem, where=place) if place else problem


def _canonical(lines: list[bytes]) -> bytes:
    """What the sender said, whenever he said it: without MSH-7, MSH-10, the software's version and empty ends."""
    separator = lines[0][3:4]
    header = lines[0].split(separator, _RESENT[-1] + 1) if separator else [lines[0]]
    for place in _RESENT:
        if place < len(header):
            header[place] = b""
    said = [separator.join(header), *(line for line in lines[1:] if line[:3] != b"SFT")]
    return b"\r".join(line.rstrip(separator) for line in said)


def _statement(parcel: Parcel, ledger: Ledger) -> Statement | None:
    decoded = decode(parcel.lines)
    if decoded.assumed:
        ledger.warn(Trouble.READ_AS_CP1252, "MSH-18")
    message = Message.read(decoded.lines)
    _check_header(message, ledger)
    observations = sort(message.all("OBX"), ledger=ledger)
    _leave_out(message, ledger)
    return _stated(message, observations, _screening(message, observations, ledger), ledger)


def _check_header(message: Message, ledger: Ledger) -> None:
    """Type, version and mode of the message, and that it is about one person."""
    kind, mode, version = message.header.value(9), message.header.value(11), message.header.value(12)
    if (kind.code(1), kind.code(2)) != ("ORU", "R01"):
        named = "^".join(part for part in (kind.code(1), kind.code(2)) if token(part))
        ledger.refuse(Trouble.UNKNOWN_VALUE if kind.code(1) else Trouble.MISSING, kind.where, named)
    if mode.code() != "P":
        _refuse_mode(mode, ledger)
    if version.code() and not _VERSION.fullmatch(version.code()):
        ledger.refuse(Trouble.UNKNOWN_VALUE, version.where, token(version.code()))
    for extra in message.all("PID")[1:]:
        ledger.refuse(Trouble.BAD_SHAPE, extra.label)


def _refuse_mode(mode: Value, ledger: Ledger) -> None:
    if mode.code() in ("T", "D"):
        ledger.refuse(Trouble.NOT_FOR_PRODUCTION, mode.where, mode.code())
    else:
        ledger.refuse(Trouble.UNKNOWN_VALUE if mode.code() else Trouble.MISSING, mode.where, token(mode.code()))


def _leave_out(message: Message, ledger: Ledger) -> None:
    unread = sorted(message.names() - _READ)
    if unread:
        ledger.warn(Trouble.LEFT_OUT, "segments", ", ".join(unread))


def _screening(message: Message, observations: Observations, ledger: Ledger) -> Screening | None:
    """The screening, or None once the ledger tells why not."""
    results, orders = observations.results, message.all("OBR")
    answers = read_answers(observations.questions, ledger=ledger)
    patient = read_patient(message.first("PID"), stated=answers.department, unstated=answers.department_unknown, ledger=ledger)
    specimen = read_specimen_taken(message, results, ledger=ledger)
    if not results:
        ledger.refuse(Trouble.RESULT_MISSING, "OBX")
        return None
    performer = ledger.attempt(lambda: read_performer(message, results[0]))
    kit = ledger.attempt(lambda: read_kit(results, expiry=answers.kit_expiry))
    findings = [finding for result in results if (finding := read_finding(result, ledger=ledger))]
    loinc = ledger.attempt(lambda: read_test(orders, findings)) if findings else None
    if ledger.problems or patient is None or performer is None or specimen is None or loinc is None:
        return None
    return ledger.attempt(
        lambda: Screening(
            patient=patient,
            performer=performer,
            specimen=specimen,
            loinc=loinc,
            findings=tuple(findings),
            kit=kit,
            symptomatic=answers.symptomatic,
            onset=answers.onset,
            pregnancy=answers.pregnancy,
            reason=read_reason(message.first("OBR").value(31), ledger=ledger),
            consent=answers.consent,
        )
    )


def _stated(message: Message, observations: Observations, screening: Screening | None, ledger: Ledger) -> Statement | None:
    status = ledger.attempt(lambda: read_status(message.all("OBR"), observations.results))
    issued = ledger.attempt(lambda: _issued(message, ledger))
    sender = ledger.attempt(lambda: _sender(message))
    accession = ledger.attempt(lambda: _accession(message))
    if ledger.problems or screening is None or status is None or issued is None or sender is None:
        return None
    return Statement(sender=sender, accession=accession, status=status, issued=issued, screening=screening)


def _issued(message: Message, ledger: Ledger) -> datetime:
    """OBR-22, when the result's status last changed; or else when the message was made."""
    for value in (message.first("OBR").value(22), message.header.value(7)):
        issued = read_time(value, ledger=ledger)
        if issued is not None:
            return issued
    raise refuse(Trouble.MISSING, "OBR-22")


def _sender(message: Message) -> str:
    """MSH-4, by its universal id where it has one; or else MSH-3."""
    for value in (message.header.value(4), message.header.value(3)):
        sender = value.code(2) or value.code(1)
        if sender:
            return _plain(sender, value)
    raise refuse(Trouble.MISSING, "MSH-4")


def _accession(message: Message) -> str | None:
    """The filler's number, or else the placer's, or else the specimen's."""
    specimen = message.first("SPM").value(2)
    order = message.first("OBR")
    for value in (order.value(3), order.value(2), specimen.inner(2), specimen.inner(1)):
        if value.code():
            return _plain(value.code(), value)
    return None


def _plain(text: str, value: Value) -> str:
    if len(text) > TEXT_LENGTH:
        raise refuse(Trouble.TOO_LONG, value.where, f"{len(text)} > {TEXT_LENGTH}")
    if not text.isprintable():
        raise refuse(Trouble.CONTROL_CHARACTER, value.where)
    return text
