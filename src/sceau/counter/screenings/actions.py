"""Recording reports: own copy, card, envelope and relay job in one transaction. What is committed will arrive."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from sceau.core.bulk import copy
from sceau.core.jobs import wake
from sceau.core.report.model import ScreeningReport, Status
from sceau.core.sealing.epochs import PharmacyKeys
from sceau.counter.config.keys import registry_keys
from sceau.counter.patients import actions as cards
from sceau.counter.patients import memory
from sceau.counter.pharmacies.models import Pharmacy
from sceau.counter.relay.job import RELAY
from sceau.counter.relay.models import Envelope, EnvelopeState
from sceau.counter.screenings.errors import AlreadySent
from sceau.counter.screenings.models import Screening
from sceau.counter.screenings.seal import SealedReports, seal_reports

_COLUMNS = (
    "id",
    "pharmacy_id",
    "day",
    "recorded_at",
    "envelope_id",
    "position",
    "source_id",
    "outcome",
    "undone",
    "corrected",
    "void",
    "sealed",
)
HOLD = timedelta(seconds=10)
"""How long a result that somebody typed stays, so that a slip is taken back before it has left."""


@transaction.atomic
def record(
    reports: Sequence[ScreeningReport],
    *,
    pharmacy: Pharmacy,
    keys: PharmacyKeys,
    source: UUID | None,
    at: datetime,
    held: bool = False,
) -> None:
    """Records 1 to 1,000 reports that are new to this counter, as one envelope; a `held` one leaves after `HOLD`."""
    _void([one for one in reports if one.status is Status.ENTERED_IN_ERROR], pharmacy, keys)
    sealed = _seal(reports, pharmacy, keys, at, leaves_at=at + HOLD if held else at)
    place = (pharmacy.id, pharmacy.day(at), at, sealed.envelope)
    rows = (
        (one.id, *place, position, source, "", False, False, False, sealed.copies[position])
        for position, one in enumerate(reports)
    )
    copy(Screening, _COLUMNS, rows)
    cards.write(reports, pharmacy=pharmacy, keys=keys, at=at)


@transaction.atomic
def withdraw(report: UUID, *, pharmacy: Pharmacy, at: datetime) -> None:
    """Takes back a held report as if it had never been; raises `AlreadySent`. The relay moves the time of an envelope that it takes,
    so that one whose time is as it was made has not been touched.
    """
    held = Envelope.objects.select_for_update().filter(screenings=report, pharmacy=pharmacy, state=EnvelopeState.WAITING)
    envelope = held.filter(next_attempt_at__gt=at, next_attempt_at=F("created_at") + HOLD).defer("data").first()
    if envelope is None:
        raise AlreadySent
    Screening.objects.filter(envelope=envelope).delete()
    cards.remove([report], pharmacy=pharmacy)
    envelope.delete()


@transaction.atomic
def send_again(
    reports: Sequence[ScreeningReport], *, pharmacy: Pharmacy, keys: PharmacyKeys, source: UUID | None, at: datetime
) -> None:
    """Sends reports once more that the registry had refused: same ids, a new envelope."""
    sealed = _seal(reports, pharmacy, keys, at, leaves_at=at)
    rows = Screening.objects.filter(pharmacy=pharmacy).in_bulk([one.id for one in reports])
    for position, one in enumerate(reports):
        row = rows[one.id]
        row.envelope_id, row.position, row.outcome, row.source_id = sealed.envelope, position, "", source
        row.day, row.recorded_at, row.sealed = pharmacy.day(at), at, sealed.copies[position]
    Screening.objects.bulk_update(rows.values(), ["envelope", "position", "outcome", "source", "day", "recorded_at", "sealed"])
    cards.remove([one.id for one in reports], pharmacy=pharmacy)
    cards.write(reports, pharmacy=pharmacy, keys=keys, at=at)


def _void(cancellations: Sequence[ScreeningReport], pharmacy: Pharmacy, keys: PharmacyKeys) -> None:
    """Every statement of the screenings that are cancelled."""
    if not cancellations:
        return
    people = memory.directory(pharmacy, keys)
    numbers = {one.replaces for one in cancellations if one.replaces}.union(
        *(people.statements(one.lineage) for one in cancellations)
    )
    Screening.objects.filter(pharmacy=pharmacy, pk__in=numbers).update(void=True)


def _seal(
    reports: Sequence[ScreeningReport], pharmacy: Pharmacy, keys: PharmacyKeys, at: datetime, *, leaves_at: datetime
) -> SealedReports:
    sealed = seal_reports(
        reports,
        pharmacy=pharmacy.id,
        finess=pharmacy.finess,
        software=UUID(settings.SOFTWARE_ID),
        keys=keys,
        registry=registry_keys(),
        day=pharmacy.day(at),
        at=at,
    )
    Envelope.objects.create(
        id=sealed.envelope,
        epoch=keys.epochs[-1].number,
        pharmacy=pharmacy,
        day=pharmacy.day(at),
        created_at=at,
        reports=len(reports),
        data=sealed.data,
        sealed_key=sealed.sealed_key,
        next_attempt_at=leaves_at,
    )
    wake(RELAY)
    return sealed
