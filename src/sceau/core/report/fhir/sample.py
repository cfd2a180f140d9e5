"""Specimen and Device: what was taken, when, and with which kit.

Follows FHIR R4 Specimen and Device (UDI). A device without a name, or whose identifier is no GTIN, is left out in foreign files; a GTIN
with a wrong check digit is refused.
"""

from datetime import date, datetime

from sceau.core.codes import snomed
from sceau.core.codes.errors import BadCode
from sceau.core.codes.identifiers import Gtin
from sceau.core.report import model
from sceau.core.report.errors import Trouble
from sceau.core.report.fhir.contents import Contents, Found
from sceau.core.report.fhir.notes import Notes
from sceau.core.report.fhir.paths import built
from sceau.core.report.fhir.resources import Device, DiagnosticReport, Observation, Period, Specimen
from sceau.core.report.fhir.values import coded, day, moment

_UNFIT = frozenset({"unsatisfactory", "unavailable", "entered-in-error"})


def read_specimen(found: Found[Specimen] | None, report: Found[DiagnosticReport], notes: Notes) -> model.Specimen | None:
    """The specimen, or None with every problem noted."""
    if found is None:
        return None
    label, specimen = found
    cancelled = report.resource.status == model.Status.ENTERED_IN_ERROR
    if specimen.status in _UNFIT and not cancelled:
        notes.refuse(Trouble.UNKNOWN_VALUE, f"{label}.status", specimen.status or "")
    kind = coded(specimen.type, snomed.read_specimen, system=snomed.URI, where=f"{label}.type", notes=notes)
    taken = _taken(found, report, notes)
    if kind is None or taken is None:
        return None
    return built(lambda: model.Specimen(type=kind, taken_at=taken), notes)


def _taken(found: Found[Specimen], report: Found[DiagnosticReport], notes: Notes) -> datetime | None:
    """When it was taken: the specimen says it, or else the report, whose effective time is that of the specimen."""
    collection, tested = found.resource.collection, report.resource
    places = (
        (collection.collected_date_time if collection else None, f"{found.label}.collection.collectedDateTime"),
        (_start(collection.collected_period if collection else None), f"{found.label}.collection.collectedPeriod.start"),
        (tested.effective_date_time, f"{report.label}.effectiveDateTime"),
        (_start(tested.effective_period), f"{report.label}.effectivePeriod.start"),
    )
    for text, where in places:
        if text:
            return moment(text, where=where, notes=notes)
    notes.refuse(Trouble.MISSING, places[0][1])
    return None


def _start(period: Period | None) -> str | None:
    return period.start if period else None


def read_kit(results: list[Found[Observation]], contents: Contents, notes: Notes) -> model.Kit | None:
    """The kit that the results refer to, None where there is none; others than the first are left out."""
    devices = [contents.follow(one.resource.device, Device, where=f"{one.label}.device", notes=notes) for one in results]
    found = [device for device in devices if device is not None]
    if any(device is not found[0] for device in found):
        notes.leave_out("Observation.device")
    if not found:
        return None
    label, device = found[0]
    name = next((named.name for named in device.device_name if named.name), None)
    if name is None:
        notes.leave_out(f"{label}.deviceName")
        return None
    gtin, expiry = _gtin(found[0], notes), _expiry(found[0], notes)
    maker, lot = device.manufacturer or None, device.lot_number or None
    return built(lambda: model.Kit(name=name, manufacturer=maker, gtin=gtin, lot=lot, expiry=expiry), notes)


def _gtin(found: Found[Device], notes: Notes) -> Gtin | None:
    where = f"{found.label}.udiCarrier.deviceIdentifier"
    identifiers = [carrier.device_identifier for carrier in found.resource.udi_carrier if carrier.device_identifier]
    if not identifiers:
        return None
    try:
        return Gtin(identifiers[0])
    except BadCode as bad:
        if bad.reason == "check_digit":
            notes.refuse(Trouble.BAD_CHECK_DIGIT, where, "GTIN")
        else:
            notes.leave_out(where)
        return None


def _expiry(found: Found[Device], notes: Notes) -> date | None:
    text = found.resource.expiration_date
    return day(text, where=f"{found.label}.expirationDate", notes=notes) if text else None
