"""French departments, and where a postal code lies. Everything else is `OUTSIDE`, never guessed.

Departments are strings as the national statistics write them: `01`, `2A`, `75`, `971`, `987`.
"""

import re
from contextlib import suppress
from typing import Self

from sceau.core.codes.errors import BadCode

_METROPOLE = [f"{number:02}" for number in range(1, 96) if number != 20] + ["2A", "2B"]
_OVERSEAS = ["971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"]
DEPARTMENTS = frozenset(_METROPOLE + _OVERSEAS)
OUTSIDE = "outside"
# ISO 3166-1 alpha-3 codes of France and of the territories that have their own, with their alpha-2 codes.
COUNTRIES = {
    "FRA": "FR",
    "BLM": "BL",
    "GLP": "GP",
    "GUF": "GF",
    "MAF": "MF",
    "MTQ": "MQ",
    "MYT": "YT",
    "NCL": "NC",
    "PYF": "PF",
    "REU": "RE",
    "SPM": "PM",
    "WLF": "WF",
}
_FRENCH_COUNTRIES = frozenset(COUNTRIES) | frozenset(COUNTRIES.values()) | {"FRANCE"}
_AMERICAN_STATES = frozenset(
    """
    AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC
    SD TN TX UT VT VA WA WV WI WY DC AS GU MP PR VI
    """.split()  # noqa: SIM905, one a line would fill a page
)
_POSTAL = re.compile(r"[0-9]{5}")
_CORSICA = {"0": "2A", "1": "2A", "2": "2B", "6": "2B"}


class Department(str):
    """A French department, or `OUTSIDE` for a residence abroad."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        if value != OUTSIDE and value not in DEPARTMENTS:
            raise BadCode("department", "unknown")
        return super().__new__(cls, value)


def department_of(postal_code: str) -> Department:
    """The department of a French postal code; raises `BadCode` for what is none.

    Corsica: 200 and 201 are 2A, 202 and 206 are 2B, no other is taken.
    Saint-Barthélemy (97133) and Saint-Martin (97150) left 971 in 2007.
    """
    if not _POSTAL.fullmatch(postal_code):
        raise BadCode("postal code", "shape")
    if postal_code.startswith("20"):
        return Department(_CORSICA.get(postal_code[2], ""))
    if postal_code in ("97133", "97150"):
        return Department("977" if postal_code == "97133" else "978")
    return Department(postal_code[:3] if postal_code.startswith(("97", "98")) else postal_code[:2])


def residence(country: str, postal_code: str, *, state: str | None = None) -> Department | None:
    """Where an address lies, as far as its country, or an American state without one, tells; None where neither does.

    A postal code alone says nothing: five digits are written abroad too.
    """
    if not country:
        return Department(OUTSIDE) if state in _AMERICAN_STATES else None
    if country.upper() not in _FRENCH_COUNTRIES:
        return Department(OUTSIDE)
    with suppress(BadCode):
        return department_of(postal_code)
    return None
