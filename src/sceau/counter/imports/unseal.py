"""Opening the name of an imported file, with the pharmacy's unlocked keys."""

from sceau.core.sealing.epochs import PharmacyKeys
from sceau.core.sealing.open import open_row_with
from sceau.counter.imports.actions import name_place
from sceau.counter.imports.models import Import


def open_name(source: Import, keys: PharmacyKeys) -> str:
    return open_row_with(keys.day_keys(source.day), bytes(source.sealed_name), name_place(source)).decode()
