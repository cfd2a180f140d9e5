"""The part of FHIR R4 that we read and write, as structs: elements and resources, with R4's names in camel case.

Follows FHIR R4 (4.0.1). Elements that are not here are not read; extension values stay untyped, because anyone's extension may come
by. Never holds a rule: what a value must be is decided where it is read.
"""

from typing import Any

import msgspec


class Element(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel", gc=False):
    """What every element below is: absent parts are neither written nor asked for."""


class Coding(Element, frozen=True, kw_only=True):
    system: str | None = None
    code: str | None = None
    display: str | None = None


class CodeableConcept(Element, frozen=True, kw_only=True):
    coding: tuple[Coding, ...] = ()
    text: str | None = None


class Reference(Element, frozen=True, kw_only=True):
    reference: str | None = None


class Extension(Element, frozen=True, kw_only=True):
    url: str
    value_uri: Any = None
    value_code: Any = None
    value_address: Any = None


class Identifier(Element, frozen=True, kw_only=True):
    type: CodeableConcept | None = None
    system: str | None = None
    value: str | None = None


class HumanName(Element, frozen=True, kw_only=True):
    use: str | None = None
    family: str | None = None
    given: tuple[str, ...] = ()


class ContactPoint(Element, frozen=True, kw_only=True):
    system: str | None = None
    value: str | None = None
    use: str | None = None


class Address(Element, frozen=True, kw_only=True):
    use: str | None = None
    text: str | None = None
    line: tuple[str, ...] = ()
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Period(Element, frozen=True, kw_only=True):
    start: str | None = None


class Meta(Element, frozen=True, kw_only=True):
    tag: tuple[Coding, ...] = ()
    security: tuple[Coding, ...] = ()


class Resource(Element, frozen=True, kw_only=True, tag_field="resourceType"):
    """What every resource below is; its class's name is its `resourceType`."""

    id: Any = None


class Source(Element, frozen=True, kw_only=True):
    name: str | None = None
    endpoint: str | None = None


class MessageHeader(Resource, frozen=True, kw_only=True, tag=True):
    meta: Meta | None = None
    source: Source | None = None


class DiagnosticReport(Resource, frozen=True, kw_only=True, tag=True):
    extension: tuple[Extension, ...] = ()
    identifier: tuple[Identifier, ...] = ()
    based_on: tuple[Reference, ...] = ()
    status: str | None = None
    code: CodeableConcept | None = None
    subject: Reference | None = None
    effective_date_time: str | None = None
    effective_period: Period | None = None
    issued: str | None = None
    performer: tuple[Reference, ...] = ()
    specimen: tuple[Reference, ...] = ()
    result: tuple[Reference, ...] = ()


class Patient(Resource, frozen=True, kw_only=True, tag=True):
    extension: tuple[Extension, ...] = ()
    identifier: tuple[Identifier, ...] = ()
    name: tuple[HumanName, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()
    gender: str | None = None
    birth_date: str | None = None
    address: tuple[Address, ...] = ()


class Organization(Resource, frozen=True, kw_only=True, tag=True):
    identifier: tuple[Identifier, ...] = ()
    name: str | None = None


class Practitioner(Resource, frozen=True, kw_only=True, tag=True):
    identifier: tuple[Identifier, ...] = ()


class PractitionerRole(Resource, frozen=True, kw_only=True, tag=True):
    practitioner: Reference | None = None
    organization: Reference | None = None


class Collection(Element, frozen=True, kw_only=True):
    collected_date_time: str | None = None
    collected_period: Period | None = None


class Specimen(Resource, frozen=True, kw_only=True, tag=True):
    identifier: tuple[Identifier, ...] = ()
    accession_identifier: Identifier | None = None
    status: str | None = None
    type: CodeableConcept | None = None
    subject: Reference | None = None
    collection: Collection | None = None


class UdiCarrier(Element, frozen=True, kw_only=True):
    device_identifier: str | None = None


class DeviceName(Element, frozen=True, kw_only=True):
    name: str | None = None
    type: str | None = None


class Device(Resource, frozen=True, kw_only=True, tag=True):
    udi_carrier: tuple[UdiCarrier, ...] = ()
    manufacturer: str | None = None
    expiration_date: str | None = None
    lot_number: str | None = None
    device_name: tuple[DeviceName, ...] = ()


class Observation(Resource, frozen=True, kw_only=True, tag=True):
    status: str | None = None
    code: CodeableConcept | None = None
    subject: Reference | None = None
    performer: tuple[Reference, ...] = ()
    value_codeable_concept: CodeableConcept | None = None
    value_boolean: bool | None = None
    value_date_time: str | None = None
    specimen: Reference | None = None
    device: Reference | None = None


class ServiceRequest(Resource, frozen=True, kw_only=True, tag=True):
    identifier: tuple[Identifier, ...] = ()
    performer: tuple[Reference, ...] = ()
    supporting_info: tuple[Reference, ...] = ()


class Entry(Element, frozen=True, kw_only=True):
    full_url: str | None = None
    resource: Any = None


class Bundle(Resource, frozen=True, kw_only=True, tag=True):
    meta: Meta | None = None
    identifier: Identifier | None = None
    type: str | None = None
    timestamp: str | None = None
    entry: tuple[Entry, ...] = ()


READ: tuple[type[Resource], ...] = (
    MessageHeader,
    DiagnosticReport,
    Patient,
    Organization,
    Practitioner,
    PractitionerRole,
    Specimen,
    Device,
    Observation,
    ServiceRequest,
)
KINDS: dict[str, type[Resource]] = {kind.__name__: kind for kind in READ}


class KnownEntry(Entry, frozen=True, kw_only=True):
    """An entry whose resource is of a type that we read."""

    resource: (
        MessageHeader
        | DiagnosticReport
        | Patient
        | Organization
        | Practitioner
        | PractitionerRole
        | Specimen
        | Device
        | Observation
        | ServiceRequest
    )


class KnownBundle(Bundle, frozen=True, kw_only=True, tag="Bundle"):
    """A bundle of such entries only, read in one go."""

    entry: tuple[KnownEntry, ...] = ()
