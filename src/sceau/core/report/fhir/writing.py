"""The parts of a report as FHIR elements: concepts, times, and the resources that stand for people, places and things.

Follows `docs/reference/fhir.md`. FHIR has no empty text: a blank optional field is absent here. Never reads anything back.
"""

from datetime import datetime, timedelta, timezone
from functools import lru_cache

from sceau.core.codes.identifiers import Finess, ForeignIdentifier, Rpps
from sceau.core.report import model
from sceau.core.report.errors import Trouble
from sceau.core.report.fhir import profile
from sceau.core.report.fhir.resources import (
    Address,
    CodeableConcept,
    Coding,
    ContactPoint,
    Device,
    DeviceName,
    Extension,
    HumanName,
    Identifier,
    Organization,
    Patient,
    Practitioner,
    UdiCarrier,
)
from sceau.core.report.fhir.text import refusal

_MINUTE = timedelta(minutes=1)
_FARTHEST = timedelta(hours=14)


@lru_cache(maxsize=256)
def concept(system: str, code: str, text: str) -> CodeableConcept:
    """A code of our closed lists with words beside it; the words are ours, so they are no `display`, which belongs to the code
    system.
    """
    return CodeableConcept(coding=(Coding(system=system, code=str(code)),), text=text)


def instant(value: datetime) -> str:
    """A time with its offset. FHIR knows offsets in whole minutes, up to 14 hours: others are written a moment away, same instant."""
    offset = value.utcoffset()
    if offset and (offset % _MINUTE or abs(offset) > _FARTHEST):
        whole = max(-_FARTHEST, min(_FARTHEST, -(-offset // _MINUTE) * _MINUTE))
        value = value.astimezone(timezone(whole))
    return value.isoformat()


def patient(person: model.Patient) -> Patient:
    """Who was tested: birth names as `official`, those used in life as `usual`. Every report is written this way twice: kept quick."""
    born = () if not person.birth_place else (Extension(url=profile.BIRTH_PLACE, value_address=Address(text=person.birth_place)),)
    lives = () if person.department is None else (_department(str(person.department)),)
    usual = (_usual(person),) if person.used_family or person.used_given else ()
    phone = (ContactPoint(system="phone", value=person.phone),) if person.phone else ()
    email = (ContactPoint(system="email", value=person.email),) if person.email else ()
    return Patient(
        extension=(*born, *lives),
        identifier=() if person.ins is None else (Identifier(system=person.ins.system.value, value=person.ins.value),),
        name=(HumanName(use="official", family=person.family, given=person.given), *usual),
        telecom=(*phone, *email),
        gender=person.sex.value,
        birth_date=person.birth_date.isoformat(),
        address=() if person.address is None else _addresses(person.address),
    )


@lru_cache(maxsize=256)
def _department(code: str) -> Extension:
    return Extension(url=profile.DEPARTMENT, value_code=code)


def _usual(person: model.Patient) -> HumanName:
    given = (person.used_given,) if person.used_given else ()
    return HumanName(use="usual", family=person.used_family or None, given=given)


def _addresses(address: model.Address) -> tuple[Address, ...]:
    lines = tuple([line for line in address.lines if line])
    city, postal_code, country = address.city or None, address.postal_code or None, address.country or None
    if not (lines or city or postal_code or country):
        return ()
    return (Address(line=lines, city=city, postal_code=postal_code, country=country),)


def organization(performer: model.Performer) -> Organization:
    """Who tested."""
    numbers = [] if performer.finess is None else [Identifier(system=Finess.URI, value=str(performer.finess))]
    if performer.foreign is not None:
        numbers.append(_foreign(performer.foreign))
    return Organization(identifier=tuple(numbers), name=performer.name)


def _foreign(number: ForeignIdentifier) -> Identifier:
    """A number given elsewhere: its system where that is an address, or else the words that name it."""
    if number.system in profile.FINESS_SYSTEMS:
        raise refusal(Trouble.BAD_SHAPE, "performer.foreign", "FINESS")
    if ":" in number.system and not any(character.isspace() for character in number.system):
        return Identifier(system=number.system, value=number.value)
    return Identifier(type=CodeableConcept(text=number.system), value=number.value)


def practitioner(rpps: Rpps) -> Practitioner:
    return Practitioner(identifier=(Identifier(system=Rpps.URI, value=str(rpps)),))


def device(kit: model.Kit) -> Device:
    """The kit, as far as its box tells."""
    return Device(
        udi_carrier=() if kit.gtin is None else (UdiCarrier(device_identifier=str(kit.gtin)),),
        manufacturer=kit.manufacturer or None,
        expiration_date=kit.expiry.isoformat() if kit.expiry else None,
        lot_number=kit.lot or None,
        device_name=(DeviceName(name=kit.name, type="user-friendly-name"),),
    )
