"""What an address says of the department. A postal code alone says nothing: five digits are written abroad too.

Follows ISO 3166-1 for countries (alpha-2 and alpha-3; the territories that have codes of their own lie in France). Never guesses.
"""

from contextlib import suppress

from sceau.core.codes.errors import BadCode
from sceau.core.codes.territory import OUTSIDE, Department, department_of
from sceau.core.report.fhir.resources import Address

_FRANCE = "FR FRA FRANCE BL BLM GP GLP GF GUF MF MAF MQ MTQ YT MYT NC NCL PF PYF RE REU PM SPM WF WLF"
_AMERICA = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD "
    "TN TX UT VT VA WA WV WI WY DC AS GU MP PR VI"
)
_FRENCH = frozenset(_FRANCE.split())
_STATES = frozenset(_AMERICA.split())


def department(address: Address | None) -> Department | None:
    """Where an address lies, as far as its country, or an American state without one, tells."""
    if address is None:
        return None
    country = (address.country or "").strip().upper()
    if not country:
        return Department(OUTSIDE) if address.state in _STATES else None
    if country not in _FRENCH:
        return Department(OUTSIDE)
    with suppress(BadCode):
        return department_of(address.postal_code or "")
    return None
