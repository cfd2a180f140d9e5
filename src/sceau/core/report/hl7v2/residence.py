"""Addresses (XAD) and what they say of the department. A postal code alone says nothing: five digits are written abroad too.

Follows HL7 v2.5.1 chapter 2A (XAD) and the table of countries (0399, ISO 3166-1 alpha-3). Never guesses a department.
"""

from collections.abc import Sequence

from sceau.core.codes.territory import COUNTRIES, Department, residence
from sceau.core.report.hl7v2.syntax import Value
from sceau.core.report.model import Address

_WRITTEN = {**COUNTRIES, "FRANCE": "FR"}
_BIRTH = frozenset({"BDL", "BR", "N"})


def department(address: Address | None, *, state: str = "") -> Department | None:
    """Where an address lies, as far as its country (or an American state) tells."""
    if address is None:
        return None
    return residence(address.country or "", address.postal_code or "", state=state)


def home(values: Sequence[Value]) -> Value | None:
    """The first address that is none of birth."""
    return next((value for value in values if value.code(7) not in _BIRTH), None)


def birth_place(values: Sequence[Value]) -> str | None:
    """The code or the town of the address of birth, where there is one."""
    births = (value.code(9) or value.text(3) for value in values if value.code(7) in _BIRTH)
    return next((place for place in births if place), None)


def read_address(value: Value) -> Address | None:
    """An address, None where nothing of it is said. The state of a federal country is not kept."""
    parts = (_street(value), value.text(2), value.text(8))
    lines = tuple(line for part in parts for line in part.split("\n") if line.strip())
    country = value.code(6)
    address = Address(
        lines=lines,
        postal_code=value.text(5) or None,
        city=value.text(3) or None,
        country=_WRITTEN.get(country.upper(), country) or None,
    )
    return None if address == Address() else address


def _street(value: Value) -> str:
    """XAD.1: the whole line, or the street's name with the number of the dwelling."""
    return value.text(1) or " ".join(part for part in (value.text(1, 3), value.text(1, 2)) if part)
