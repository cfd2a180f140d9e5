"""Opening a pharmacy's own copies, and the reasons the registry gave, with the pharmacy's unlocked keys."""

from uuid import UUID

import msgspec

from sceau.core.report import fhir
from sceau.core.report.errors import Problem
from sceau.core.report.model import ScreeningReport
from sceau.core.sealing.epochs import PharmacyKeys
from sceau.core.sealing.open import open_reasons, open_row_with
from sceau.counter.relay.models import Envelope
from sceau.counter.screenings.models import Screening
from sceau.counter.screenings.seal import copy_place, key_place


def open_copy(screening: Screening, keys: PharmacyKeys) -> ScreeningReport:
    place = copy_place(screening.id, screening.pharmacy_id, screening.day)
    return fhir.read_report(open_row_with(keys.day_keys(screening.day), bytes(screening.sealed), place))


def open_refusals(envelope: Envelope, keys: PharmacyKeys) -> dict[int, list[Problem]]:
    """Why reports of this envelope were refused, by position; empty when none was, or when it could not be opened there."""
    if not envelope.sealed_reasons:
        return {}
    place = key_place(envelope.id, envelope.pharmacy_id, envelope.day)
    key = open_row_with(keys.day_keys(envelope.day), bytes(envelope.sealed_key), place)
    return msgspec.json.decode(open_reasons(key, bytes(envelope.sealed_reasons), envelope.id), type=dict[int, list[Problem]])


def refusals(screenings: list[Screening], keys: PharmacyKeys) -> dict[UUID, list[Problem]]:
    """Why these reports were refused, by report; each envelope is opened once."""
    envelopes = {one.envelope_id: one.envelope for one in screenings if one.outcome == "refused"}
    opened = {envelope.id: open_refusals(envelope, keys) for envelope in envelopes.values()}
    return {one.id: opened[one.envelope_id].get(one.position, []) for one in screenings if one.envelope_id in opened}
