"""What an approval covers: through which doors, which diseases, from which day to which."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sceau.core.codes.loinc import Disease
from sceau.registry.approvals.enums import Format


class Scope(NamedTuple):
    """No diseases: all of them. Days are those of Paris, both included; None: no end."""

    formats: Sequence[Format] = (Format.SEALED,)
    diseases: Sequence[Disease] = ()
    starts_on: date | None = None
    ends_on: date | None = None

    def fields(self) -> dict[str, object]:
        """As the model has them."""
        told = {"formats": sorted(map(str, self.formats)), "diseases": sorted(map(str, self.diseases))}
        return {**told, "starts_on": self.starts_on, "ends_on": self.ends_on}

    def holds_on(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)
