"""What an address says of the department (`codes.territory`). Never guesses."""

from sceau.core.codes.territory import Department, residence
from sceau.core.report.fhir.resources import Address


def department(address: Address | None) -> Department | None:
    """Where an address lies, as far as its country, or an American state without one, tells."""
    if address is None:
        return None
    return residence((address.country or "").strip(), address.postal_code or "", state=address.state)
