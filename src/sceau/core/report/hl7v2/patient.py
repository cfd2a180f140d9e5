"""PID: who was tested. Strict on the birth names, the day of birth and the sex; the rest is kept where it is understood.

Follows HL7 v2.5.1 chapter 3 and the French extension of IHE PAM (names of birth in the repetition typed L, all first names in
XPN.3; the names used in the repetition typed D; the INS under its OIDs, trusted only where PID-32 says VALI or nothing).
"""

import re
from datetime import date

import phonenumbers

from sceau.core.codes.identifiers import Ins, InsSystem
from sceau.core.codes.territory import OUTSIDE, Department
from sceau.core.report.errors import Trouble
from sceau.core.report.hl7v2 import residence
from sceau.core.report.hl7v2.syntax import Segment, Value, unescape
from sceau.core.report.hl7v2.values import Ledger, authority, checked, read_date, refuse
from sceau.core.report.model import Patient, Sex

SEXES = {"F": Sex.FEMALE, "M": Sex.MALE, "O": Sex.OTHER, "U": Sex.UNKNOWN, "A": Sex.OTHER, "N": Sex.UNKNOWN}
INS_SYSTEMS = {system.value: system for system in InsSystem}
VALIDATED = "VALI"
_BIRTH_NAMES = ("B", "L", "")  # best first: at birth, legal, untyped
_USED_NAME = "D"
_E164 = re.compile(r"\+(?:33[1-9][0-9]{8}|(?!33)[1-9][0-9]{6,14})")


def read_patient(pid: Segment, *, stated: Department | None, unstated: bool, ledger: Ledger) -> Patient | None:
    """The person; None where something that must be there is missing, which the ledger then tells.

    `stated` is the department that the message names itself, `unstated` that it says it is not known; both overrule the address.
    """
    name = ledger.attempt(lambda: _birth_name(pid))
    born = ledger.attempt(lambda: _birth_date(pid.value(7)))
    sex = ledger.attempt(lambda: _sex(pid.value(8)))
    ins = ledger.attempt(lambda: _ins(pid, ledger))
    if name is None or born is None or sex is None:
        return None
    home = residence.home(pid.values(11))
    address = residence.read_address(home) if home else None
    place = stated or (None if unstated else residence.department(address, state=home.code(4) if home else ""))
    used = _used_name(pid)
    return ledger.attempt(
        lambda: Patient(
            family=name.text(1),
            given=_given(name),
            birth_date=born,
            sex=sex,
            used_family=used.text(1) or None if used else None,
            used_given=used.text(2) or None if used else None,
            birth_place=pid.value(23).text() or residence.birth_place(pid.values(11)),
            ins=ins,
            phone=_phone(pid, abroad=place == OUTSIDE),
            email=_email(pid),
            address=address,
            department=place,
        )
    )


def _birth_name(pid: Segment) -> Value:
    names = pid.values(5)
    for kind in _BIRTH_NAMES:
        for name in names:
            if name.code(7) == kind and (name.text(1) or name.text(2)):
                missing = [name.at(part) for part in (1, 2) if not name.text(part)]
                if missing:
                    raise refuse(Trouble.MISSING, missing[0])
                return name
    untaken = [name for name in names if name.code(7) != _USED_NAME and name.text(1)]
    if untaken:
        raise refuse(Trouble.UNKNOWN_VALUE, untaken[0].at(7))
    raise refuse(Trouble.MISSING, "PID-5")


def _used_name(pid: Segment) -> Value | None:
    return next((name for name in pid.values(5) if name.code(7) == _USED_NAME), None)


def _given(name: Value) -> tuple[str, ...]:
    """The first names: XPN.2, then those of XPN.3, whose list may begin with the first one again.

    XPN.3 is cut before it is unescaped, so that a name of two words survives where its space is escaped.
    """
    first = name.text(2)
    listed = [unescape(word, name.marks) for word in name.part(3).split(" ") if word and word != '""']
    if listed[:1] == [first]:
        return tuple(listed)
    words = first.split()
    return (first, *(listed[len(words) :] if listed[: len(words)] == words else listed))


def _birth_date(value: Value) -> date:
    born = read_date(value)
    if born is None:
        raise refuse(Trouble.MISSING, value.where)
    return born


def _sex(value: Value) -> Sex:
    code = value.code()
    if not code:
        raise refuse(Trouble.MISSING, value.where)
    if code not in SEXES:
        raise refuse(Trouble.UNKNOWN_VALUE, value.where)
    return SEXES[code]


def _ins(pid: Segment, ledger: Ledger) -> Ins | None:
    value = next((value for value in pid.values(3) if authority(value, 4) in INS_SYSTEMS and value.code(1)), None)
    if value is None:
        return None
    if pid.value(32).code() not in ("", VALIDATED):
        ledger.warn(Trouble.LEFT_OUT, value.at(1))
        return None
    system = INS_SYSTEMS[authority(value, 4)]
    return checked(lambda number: Ins(number, system), value.code(1), where=value.at(1), secret=True)


def _contacts(pid: Segment) -> list[Value]:
    return pid.values(13) + pid.values(14)


def _email(pid: Segment) -> str | None:
    """XTN.4, or XTN.1 of a contact used on the network, as it was before v2.5."""
    for value in _contacts(pid):
        if value.text(4):
            return value.text(4)
        if value.code(2) == "NET" and "@" in value.text(1):
            return value.text(1)
    return None


def _phone(pid: Segment, *, abroad: bool) -> str | None:
    """E.164 where the number may be one, or else as written; without a country code it is French unless they live abroad."""
    written = (_written(value) for value in _contacts(pid) if value.code(2) != "NET" and value.code(3) != "Internet")
    number = next((text for text in written if text), None)
    if number is None or _E164.fullmatch(number):
        return number
    try:
        parsed = phonenumbers.parse(number, None if abroad else "FR")
    except phonenumbers.NumberParseException:
        return number
    possible = phonenumbers.is_possible_number(parsed)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) if possible else number


def _written(value: Value) -> str:
    """The number in its parts (XTN.5 to 7), or unformatted (XTN.12), or as v2.2 wrote it (XTN.1)."""
    if value.code(7):
        country = value.code(5).lstrip("+")
        return (f"+{country}" if country else "") + value.code(6) + value.code(7)
    return value.text(12) or value.text(1)
