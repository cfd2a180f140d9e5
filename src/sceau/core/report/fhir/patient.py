"""Patient: who was tested. Strict on names, day of birth, sex and INS; the rest is kept where it is understood.

Follows FHIR R4 Patient and the French use of names (`official`: the birth names; `usual`: those used in life).
"""

from datetime import date

import phonenumbers

from sceau.core.codes.identifiers import Ins, InsSystem
from sceau.core.codes.territory import OUTSIDE, Department
from sceau.core.report import model
from sceau.core.report.errors import Trouble
from sceau.core.report.fhir import profile, residence
from sceau.core.report.fhir.contents import Found
from sceau.core.report.fhir.notes import Notes
from sceau.core.report.fhir.paths import built
from sceau.core.report.fhir.resources import Address, HumanName, Patient
from sceau.core.report.fhir.values import chosen, code_value, day, extension, place

_INS_SYSTEMS = {system.value: system for system in InsSystem}
_BIRTH_NAMES = ("official", "maiden", None, "usual")  # best first; never old, temp, nickname or anonymous
_NOT_HOME = frozenset({"old", "billing", "temp"})


def read_patient(found: Found[Patient], notes: Notes) -> model.Patient | None:
    """The person, or None with every problem noted."""
    label, patient = found
    name = _birth_name(patient)
    if name is None:
        notes.refuse(Trouble.MISSING, f"{label}.name")
    born = _birth_date(found, notes)
    sex = chosen(model.Sex, patient.gender or "unknown", where=f"{label}.gender", notes=notes)
    ins = _ins(found, notes)
    if name is None or born is None or sex is None:
        return None
    used = _used_name(patient, name)
    home = next((address for address in patient.address if address.use not in _NOT_HOME), None)
    lives = _department(found, home, notes)
    return built(
        lambda: model.Patient(
            family=name.family or "",
            given=name.given,
            birth_date=born,
            sex=sex,
            used_family=used.family or None if used else None,
            used_given=" ".join(used.given) or None if used else None,
            birth_place=_birth_place(found, notes),
            ins=ins,
            phone=_phone(patient, lives, notes),
            email=_contact(patient, "email"),
            address=_address(home) if home else None,
            department=lives,
        ),
        notes,
    )


def _birth_name(patient: Patient) -> HumanName | None:
    for use in _BIRTH_NAMES:
        for name in patient.name:
            if name.use == use and (name.family or name.given):
                return name
    return None


def _used_name(patient: Patient, birth: HumanName) -> HumanName | None:
    for name in patient.name:
        if name.use == "usual" and name is not birth:
            return name
    return None


def _birth_date(found: Found[Patient], notes: Notes) -> date | None:
    where = f"{found.label}.birthDate"
    if not found.resource.birth_date:
        notes.refuse(Trouble.MISSING, where)
        return None
    return day(found.resource.birth_date, where=where, notes=notes)


def _ins(found: Found[Patient], notes: Notes) -> Ins | None:
    """The national health identity; other numbers of the patient are left out."""
    where = f"{found.label}.identifier"
    listed = [number for number in found.resource.identifier if number.system in _INS_SYSTEMS]
    others = [number.system for number in found.resource.identifier if number.system not in _INS_SYSTEMS]
    if others:
        notes.leave_out(where, *others)
    if len(listed) > 1:
        notes.refuse(Trouble.DUPLICATE_ID, where)
    if not listed:
        return None
    system = _INS_SYSTEMS[listed[0].system or ""]
    return notes.code(lambda value: Ins(value, system), listed[0].value or "", where=where)


def _department(found: Found[Patient], home: Address | None, notes: Notes) -> Department | None:
    """What our extension says; in a foreign file without it, what the country says."""
    said = code_value(found.resource.extension, profile.DEPARTMENT, area=found.label, notes=notes)
    if said is not None:
        return notes.code(Department, said, where=place(found.label, profile.DEPARTMENT))
    return None if notes.strict else residence.department(home)


def _birth_place(found: Found[Patient], notes: Notes) -> str | None:
    """The place as our profile writes it, in the text; senders elsewhere give the town."""
    given = extension(found.resource.extension, profile.BIRTH_PLACE)
    if given is None:
        return None
    address = given.value_address if isinstance(given.value_address, dict) else {}
    town = address.get("text") or address.get("city")
    if isinstance(town, str):
        return town
    notes.leave_out(f"{found.label}.extension[patient-birthPlace]")
    return None


def _contact(patient: Patient, system: str) -> str | None:
    for contact in patient.telecom:
        if contact.system == system and contact.use != "old" and contact.value:
            return contact.value
    return None


def _phone(patient: Patient, lives: Department | None, notes: Notes) -> str | None:
    """As our profile writes it; a foreign file's as E.164 where it is a valid number, French unless they live abroad."""
    number = _contact(patient, "phone")
    if number is None or notes.strict:
        return number
    try:
        parsed = phonenumbers.parse(number, None if lives == OUTSIDE else "FR")
    except phonenumbers.NumberParseException:
        return number
    valid = phonenumbers.is_valid_number(parsed)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if valid else number


def _address(home: Address) -> model.Address | None:
    """The address, None where nothing of it is said. The state of a federal country is not kept."""
    lines = tuple([line for line in home.line if line]) or ((home.text,) if home.text else ())
    if not (lines or home.postal_code or home.city or home.country):
        return None
    return model.Address(
        lines=lines,
        postal_code=home.postal_code or None,
        city=home.city or None,
        country=home.country or None,
    )
