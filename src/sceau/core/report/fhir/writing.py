"""The parts of a report as FHIR elements: concepts, times, and the resources that stand for people, places and things.

Follows `docs/reference/fhir.md`. FHIR has no empty text: a blank optional field is absent here. Never reads anything back.
"""

from collections.abc import Iterator
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
    """Who was tested: birth names as `official`, those used in life as `usual`."""
    return Patient(
        extension=tuple(_about(person)),
        identifier=() if person.ins is None else (Identifier(system=person.ins.system.value, value=person.ins.value),),
        name=tuple(_names(person)),
        telecom=tuple(_contacts(person)),
        gender=person.sex.value,
        birth_date=person.birth_date.isoformat(),
        address=tuple(_addresses(person.address)),
    )


def _about(person: model.Patient) -> Iterator[Extension]:
    if person.birth_place:
        yield Extension(url=profile.BIRTH_PLACE, value_address=Address(text=person.birth_place))
    if person.department is not None:
        yield Extension(url=profile.DEPARTMENT, value_code=str(person.department))


def _names(person: model.Patient) -> Iterator[HumanName]:
    yield HumanName(use="official", family=person.family, given=person.given)
    if person.used_family or person.used_given:
        given = (person.used_given,) if person.used_given else ()
        yield HumanName(use="usual", family=person.used_family or None, given=given)


def _contacts(person: model.Patient) -> Iterator[ContactPoint]:
    if person.phone:
        yield ContactPoint(system="phone", value=person.phone)
    if person.email:
        yield ContactPoint(system="email", value=person.email)


def _addresses(address: model.Address | None) -> Iterator[Address]:
    if address is not None:
        lines = tuple(line for line in address.lines if line)
        city, postal_code, country = address.city or None, address.postal_code or None, address.country or None
        if lines or city or postal_code or country:
            yield Address(line=lines, city=city, postal_code=postal_code, country=country)


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
