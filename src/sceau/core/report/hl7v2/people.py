"""PID and the performer's fields of OBX, as we write them: the other side of `patient`, `residence` and `performer`.

Follows HL7 v2.5.1 chapters 3 and 7 and the French extension of IHE PAM. An INS is written with PID-32 VALI: only a validated
identity may carry one.
"""

from sceau.core.codes.identifiers import Finess, ForeignIdentifier, Ins, InsSystem, Rpps
from sceau.core.codes.territory import COUNTRIES
from sceau.core.report.hl7v2.build import authority, day, field, repeat
from sceau.core.report.hl7v2.patient import VALIDATED
from sceau.core.report.hl7v2.syntax import LINE_BREAK, escape
from sceau.core.report.model import Address, Patient, Performer, Sex

_SEXES = {Sex.FEMALE: "F", Sex.MALE: "M", Sex.OTHER: "O", Sex.UNKNOWN: "U"}
_INS_AUTHORITIES = {
    InsSystem.NIR: "ASIP-SANTE-INS-NIR",
    InsSystem.NIA: "ASIP-SANTE-INS-NIA",
    InsSystem.TEST: "ASIP-SANTE-INS-NIR-TEST",
    InsSystem.DEMO: "ASIP-SANTE-INS-NIR-DEMO",
}
_ALPHA_3 = {alpha_2: alpha_3 for alpha_3, alpha_2 in COUNTRIES.items()}
_FINESS_AUTHORITY = ("ASIP-SANTE-ST", Finess.URI.removeprefix("urn:oid:"), "ISO")
_RPPS_AUTHORITY = ("ASIP-SANTE-PS", Rpps.URI.removeprefix("urn:oid:"), "ISO")


def patient_fields(patient: Patient, *, otherwise: str) -> dict[int, str]:
    """PID-3 to PID-32; `otherwise` stands in PID-3, which may not be empty, where there is no INS."""
    fields = {
        3: _ins(patient.ins) if patient.ins else otherwise,
        5: repeat(_birth_name(patient), _used_name(patient)),
        7: day(patient.birth_date),
        8: _SEXES[patient.sex],
        11: _address(patient.address) if patient.address else "",
        13: repeat(_phone(patient.phone), _email(patient.email)),
        23: field(patient.birth_place),
    }
    return {**fields, 32: VALIDATED} if patient.ins else fields


def _ins(ins: Ins) -> str:
    assigner = (_INS_AUTHORITIES[ins.system], ins.system.removeprefix("urn:oid:"), "ISO")
    return field(ins.value, None, None, assigner, "INS")


def _birth_name(patient: Patient) -> str:
    """XPN typed L; XPN.3 lists all first names, a space inside one of them escaped so that the list can be cut again."""
    listed = " ".join(escape(name).replace(" ", "\\X20\\") for name in patient.given) if len(patient.given) > 1 else ""
    return f"{field(patient.family, patient.given[0])}^{listed}^^^^L"


def _used_name(patient: Patient) -> str:
    if patient.used_family is None and patient.used_given is None:
        return ""
    return field(patient.used_family, patient.used_given, None, None, None, None, "D")


def _address(address: Address) -> str:
    """XAD: the first line in XAD.1, the second in XAD.2, the rest in XAD.8, parted by line breaks."""
    first, second, *rest = (*address.lines, "", "")[: max(2, len(address.lines))]
    country = _ALPHA_3.get(address.country or "", address.country)
    known = field(first, second, address.city, None, address.postal_code, country, "H")
    return f"{known}^{LINE_BREAK.join(escape(line) for line in rest)}" if rest else known


def _phone(phone: str | None) -> str:
    return field(None, "PRN", "PH", *[None] * 8, phone) if phone else ""


def _email(email: str | None) -> str:
    return field(None, "NET", "Internet", email) if email else ""


def performer_fields(performer: Performer) -> dict[int, str]:
    """OBX-15 (another number), OBX-16 (the professional), OBX-23 (the establishment)."""
    fields = {23: _organisation(performer)}
    if performer.finess and performer.foreign:
        fields[15] = field(performer.foreign.value, None, performer.foreign.system)
    if performer.rpps:
        fields[16] = field(performer.rpps, *[None] * 7, _RPPS_AUTHORITY, None, None, None, "RPPS")
    return fields


def _organisation(performer: Performer) -> str:
    number = performer.finess or _number(performer.foreign)
    system = _FINESS_AUTHORITY if performer.finess else authority(performer.foreign.system if performer.foreign else "")
    return field(performer.name, *[None] * 4, system, "FINEG" if performer.finess else "XX", None, None, number)


def _number(foreign: ForeignIdentifier | None) -> str:
    return foreign.value if foreign else ""
