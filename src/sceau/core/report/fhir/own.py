"""`rewritten`: the report in bytes that `write` wrote, for speed: nearly all that the registry reads.

Takes nothing on trust: parts are picked from where `write` lays them, and only a report that is written into the very same bytes
again counts. Whatever else the bytes are, the answer is None, and `read` looks with care and says what is wrong. Notes no problems.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from sceau.core.codes.identifiers import Finess, ForeignIdentifier, Gtin, Ins, InsSystem, Rpps
from sceau.core.codes.loinc import ASSAYS, Question
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.codes.territory import Department
from sceau.core.report import model
from sceau.core.report.errors import ReportError
from sceau.core.report.fhir import profile
from sceau.core.report.fhir.observations import our_test
from sceau.core.report.fhir.resources import (
    Address,
    CodeableConcept,
    Device,
    DiagnosticReport,
    Extension,
    HumanName,
    KnownBundle,
    Observation,
    Organization,
    Patient,
    Practitioner,
    Specimen,
)
from sceau.core.report.fhir.write import write

T = TypeVar("T")
_PREFIX = len(profile.UUID_PREFIX)
_ANSWERS = {"Y": True, "N": False}
_known = msgspec.json.Decoder(KnownBundle)
_Parts = Mapping[type, object]


class _Otherwise(Exception):
    """Something that `write` always writes is not there."""


def rewritten(data: bytes) -> model.ScreeningReport | None:
    """The report that `write` writes as exactly these bytes, None where there is none."""
    try:
        report = _report(_known.decode(data))
        return report if write(report) == data else None
    except (_Otherwise, ReportError, msgspec.MsgspecError, ValueError, TypeError, LookupError, OverflowError, RecursionError):
        return None


def _report(bundle: KnownBundle) -> model.ScreeningReport:
    resources = [entry.resource for entry in bundle.entry]
    stated = resources[0]
    if type(stated) is not DiagnosticReport:
        raise _Otherwise
    said = _said(stated.extension)
    return model.ScreeningReport(
        id=_uuid(_some(bundle.identifier).value),
        lineage=_uuid(said[profile.LINEAGE].value_uri),
        status=model.Status(_some(stated.status)),
        issued=datetime.fromisoformat(_some(stated.issued)),
        replaces=_uuid(said[profile.REPLACES].value_uri) if profile.REPLACES in said else None,
        screening=_screening(stated, said, resources) if len(resources) > 1 else None,
    )


def _screening(stated: DiagnosticReport, said: Mapping[str, Extension], resources: Sequence[object]) -> model.Screening:
    observations = {_code(one.code): one for one in resources if type(one) is Observation}
    parts = {type(one): one for one in resources}
    onset = observations.get(Question.ONSET)
    return model.Screening(
        patient=_patient(_part(parts, Patient)),
        performer=_performer(parts),
        specimen=_specimen(_part(parts, Specimen)),
        loinc=our_test(_code(stated.code)),
        findings=tuple([_finding(code, one) for code, one in observations.items() if code in ASSAYS]),
        kit=_kit(_part(parts, Device)) if Device in parts else None,
        symptomatic=_answer(observations, Question.SYMPTOMATIC, _ANSWERS),
        onset=date.fromisoformat(_some(onset.value_date_time)) if onset else None,
        pregnancy=_answer(observations, Question.PREGNANT, profile.SNOMED_PREGNANCY),
        reason=model.Reason(said[profile.REASON].value_code) if profile.REASON in said else None,
        consent=model.Consent(said[profile.CONSENT].value_code),
    )


def _finding(code: str, one: Observation) -> model.Finding:
    return model.Finding(our_test(code), Result(_code(one.value_codeable_concept)))


def _answer(observations: Mapping[str, Observation], question: Question, values: Mapping[str, T]) -> T | None:
    one = observations.get(question)
    return None if one is None else values[_code(one.value_codeable_concept)]


def _patient(person: Patient) -> model.Patient:
    said = _said(person.extension)
    names = {name.use: name for name in person.name}
    official, usual = names["official"], names.get("usual", HumanName())
    contacts = {contact.system: contact.value for contact in person.telecom}
    number = person.identifier[0] if person.identifier else None
    return model.Patient(
        family=_some(official.family),
        given=official.given,
        birth_date=date.fromisoformat(_some(person.birth_date)),
        sex=model.Sex(_some(person.gender)),
        used_family=usual.family,
        used_given=usual.given[0] if usual.given else None,
        birth_place=_text(said[profile.BIRTH_PLACE].value_address["text"]) if profile.BIRTH_PLACE in said else None,
        ins=None if number is None else Ins(_some(number.value), InsSystem(_some(number.system))),
        phone=contacts.get("phone"),
        email=contacts.get("email"),
        address=_address(person.address[0]) if person.address else None,
        department=Department(said[profile.DEPARTMENT].value_code) if profile.DEPARTMENT in said else None,
    )


def _address(home: Address) -> model.Address:
    return model.Address(lines=home.line, postal_code=home.postal_code, city=home.city, country=home.country)


def _performer(parts: _Parts) -> model.Performer:
    organization, finess, foreign = _part(parts, Organization), None, None
    for number in organization.identifier:
        if number.system == Finess.URI:
            finess = Finess(_some(number.value))
        else:
            system = number.system or _some(_some(number.type).text)
            foreign = ForeignIdentifier(system, _some(number.value))
    rpps = Rpps(_some(_part(parts, Practitioner).identifier[0].value)) if Practitioner in parts else None
    return model.Performer(name=_some(organization.name), finess=finess, rpps=rpps, foreign=foreign)


def _specimen(sample: Specimen) -> model.Specimen:
    taken = datetime.fromisoformat(_some(_some(sample.collection).collected_date_time))
    return model.Specimen(type=SpecimenType(_code(sample.type)), taken_at=taken)


def _kit(device: Device) -> model.Kit:
    return model.Kit(
        name=_some(device.device_name[0].name),
        manufacturer=device.manufacturer,
        gtin=Gtin(_some(device.udi_carrier[0].device_identifier)) if device.udi_carrier else None,
        lot=device.lot_number,
        expiry=date.fromisoformat(device.expiration_date) if device.expiration_date else None,
    )


def _said(extensions: tuple[Extension, ...]) -> dict[str, Extension]:
    return {one.url: one for one in extensions}


def _part(parts: _Parts, kind: type[T]) -> T:
    part = parts[kind]
    if not isinstance(part, kind):
        raise _Otherwise
    return part


def _code(concept: CodeableConcept | None) -> str:
    return _some(_some(concept).coding[0].code)


def _uuid(urn: object) -> UUID:
    return msgspec.convert(_text(urn)[_PREFIX:], UUID)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Otherwise
    return value


def _some(value: T | None) -> T:
    if value is None:
        raise _Otherwise
    return value
