"""`rewritten`: the report in bytes that `write` wrote, for speed: nearly all that the registry reads.

Reports of one kind share a frame (`write`). Of a report that was read with care and is written into the very same bytes again, the
frame is remembered (`learn`), with where its places lie. A report that looks to be of a known kind is picked out of its places; what
is picked has to fill the frame into the same bytes again, each value written as `write` writes it. Whatever else the bytes are, the
answer is None, and `read` looks with care and says what is wrong. Notes no problems; remembers nothing of one report alone.
"""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple, TypeVar
from uuid import UUID

import msgspec

from sceau.core.codes.identifiers import Finess, ForeignIdentifier, Gtin, Ins, InsSystem, Rpps
from sceau.core.codes.territory import Department
from sceau.core.report import model
from sceau.core.report.errors import ReportError
from sceau.core.report.fhir import profile, writing
from sceau.core.report.fhir.resources import Address, Device, Extension, HumanName, Organization, Patient, Practitioner
from sceau.core.report.fhir.write import Frame, Kind, Screened, frame_of, kind_of, urls, urn, write

T = TypeVar("T")
MOST_KINDS = 1024
_PREFIX, _URN = len(profile.UUID_PREFIX), len(profile.UUID_PREFIX) + 36
_PLACE = re.compile(rb"%\((\w+)\)b")
_CODES = re.compile(rb'ode":"([^"]*)"')
_END = 14  # so many bytes behind a value: `},{"fullUrl":"` ends a resource, and stands in no text of one
_encoder = msgspec.json.Encoder()
_people, _pharmacies, _professionals, _devices = (
    msgspec.json.Decoder(Patient),
    msgspec.json.Decoder(Organization),
    msgspec.json.Decoder(Practitioner),
    msgspec.json.Decoder(Device),
)


class _Otherwise(Exception):
    """Something that `write` always writes is not there."""


class _Layout(NamedTuple):
    """Of one kind: its frame, where the report's own name begins, and of each value its name, how far behind the one before it
    begins, and the bytes that follow it.
    """

    kind: Kind
    frame: Frame
    own: int
    places: tuple[tuple[bytes, int, bytes], ...]


_layouts: dict[object, _Layout] = {}


def rewritten(data: bytes) -> model.ScreeningReport | None:
    """The report that `write` writes as exactly these bytes, None where there is none, or none of its kind was learnt."""
    try:
        layout = _layouts.get(_look(data))
        return _report(data, layout) if layout else None
    except (_Otherwise, ReportError, msgspec.MsgspecError, ValueError, TypeError, LookupError, OverflowError, RecursionError):
        return None


def learn(data: bytes, report: model.ScreeningReport) -> None:
    """Remembers the kind of a report that was read from these bytes."""
    if len(_layouts) < MOST_KINDS and write(report) == data:
        _layouts[_look(data)] = _layout(kind_of(report))


def _look(data: bytes) -> object:
    """Alike for reports of one kind: the codes, where the time of the test stands, and who and what has no code, but not what is of one
    person.
    """
    head = data.find(b'"effectiveDateTime"')
    tail = data.find(b'"resourceType":"Specimen"', head)
    card, box = data.find(b'"resourceType":"Practitioner"', head, tail) > 0, data.find(b'"resourceType":"Device"', tail) > 0
    return head, card, box, tuple(_CODES.findall(data, 0, head)), tuple(_CODES.findall(data, tail))


def _layout(kind: Kind) -> _Layout:
    frame = frame_of(kind)
    first, *rest = _PLACE.split(frame.text)
    own, places, gap = len(first), [], len(first)
    for name, text in zip(rest[::2], rest[1::2], strict=True):
        if name.isdigit():
            gap += _URN + len(text)
        else:
            places.append((name, gap, text[:_END]))
            gap = len(text)
    return _Layout(kind, frame, own, tuple(places))


def _report(data: bytes, layout: _Layout) -> model.ScreeningReport:
    kind, name = layout.kind, data[layout.own : layout.own + _URN]
    own, told = _uuid(name), _values(data, layout) | urls(name, layout.frame.numbers)
    if layout.frame.text % told != data:
        raise _Otherwise
    return model.ScreeningReport(
        id=own,
        lineage=own if told[b"lineage"] == name else _uuid(told[b"lineage"]),
        status=kind.status,
        issued=_instant(told[b"issued"]),
        replaces=_uuid(told[b"replaces"]) if kind.replaces else None,
        screening=_screening(kind.screened, told) if kind.screened else None,
    )


def _values(data: bytes, layout: _Layout) -> dict[bytes, bytes]:
    told, at = {}, 0
    for name, gap, end in layout.places:
        start = at + gap
        at = data.index(end, start)
        told[name] = data[start:at]
    return told


def _screening(kind: Screened, told: dict[bytes, bytes]) -> model.Screening:
    return model.Screening(
        patient=_someone(told[b"patient"]),
        performer=_who_tested(told[b"organization"], told.get(b"practitioner")),
        specimen=model.Specimen(type=kind.specimen, taken_at=_instant(told[b"taken"])),
        loinc=kind.loinc,
        findings=kind.findings,
        kit=_box(told[b"kit"]) if kind.kit else None,
        symptomatic=kind.symptomatic,
        onset=date.fromisoformat(told[b"onset"].decode()) if kind.onset else None,
        pregnancy=kind.pregnancy,
        reason=kind.reason,
        consent=kind.consent,
    )


def _someone(data: bytes) -> model.Patient:
    person = _patient(_people.decode(data))
    _same(writing.patient(person), data)
    return person


@lru_cache(maxsize=256)
def _who_tested(organization: bytes, practitioner: bytes | None) -> model.Performer:
    performer = _performer(_pharmacies.decode(organization), _professionals.decode(practitioner) if practitioner else None)
    _same(writing.organization(performer), organization)
    if practitioner is not None and performer.rpps is not None:
        _same(writing.practitioner(performer.rpps), practitioner)
    return performer


@lru_cache(maxsize=256)
def _box(data: bytes) -> model.Kit:
    kit = _kit(_devices.decode(data))
    _same(writing.device(kit), data)
    return kit


def _same(resource: object, data: bytes) -> None:
    if _encoder.encode(resource) != data:
        raise _Otherwise


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


def _performer(organization: Organization, practitioner: Practitioner | None) -> model.Performer:
    finess = foreign = None
    for number in organization.identifier:
        if number.system == Finess.URI:
            finess = Finess(_some(number.value))
        else:
            system = number.system or _some(_some(number.type).text)
            foreign = ForeignIdentifier(system, _some(number.value))
    rpps = Rpps(_some(practitioner.identifier[0].value)) if practitioner else None
    return model.Performer(name=_some(organization.name), finess=finess, rpps=rpps, foreign=foreign)


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


def _uuid(text: bytes) -> UUID:
    number = msgspec.convert(text[_PREFIX:].decode(), UUID)
    if urn(number) != text:
        raise _Otherwise
    return number


def _instant(text: bytes) -> datetime:
    moment = datetime.fromisoformat(text.decode())
    if writing.instant(moment).encode() != text:
        raise _Otherwise
    return moment


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Otherwise
    return value


def _some(value: T | None) -> T:
    if value is None:
        raise _Otherwise
    return value
