"""From reports to what is stored: the pharmacy's own copy of each, and the envelope that carries them. Pure; opens nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from uuid_utils.compat import uuid7

from sceau.core.codes.identifiers import Finess
from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.report import fhir
from sceau.core.report.model import ScreeningReport
from sceau.core.report.twins import twins
from sceau.core.sealing import suite
from sceau.core.sealing.epochs import PharmacyKeys
from sceau.core.sealing.header import Header
from sceau.core.sealing.rows import Place
from sceau.core.sealing.seal import seal_envelope, seal_row

COPY_TABLE, KEY_TABLE = "screenings_screening", "relay_envelope"


class SealedReports(NamedTuple):
    """An envelope, its acknowledgement key as kept, and a copy of each report, in order."""

    envelope: UUID
    data: bytes
    sealed_key: bytes
    copies: list[bytes]


def seal_reports(
    reports: Sequence[ScreeningReport],
    *,
    pharmacy: UUID,
    finess: str,
    software: UUID,
    keys: PharmacyKeys,
    registry: KeyList,
    day: date,
    at: datetime,
) -> SealedReports:
    """1 to 1,000 reports, sealed to the registry and to the pharmacy."""
    lines = [fhir.write(report) for report in reports]
    blinded = [fhir.write(twin) for twin in twins(reports)]
    envelope_key = registry.envelope_for(at.date())
    header = Header(suite.key_id(envelope_key), uuid7(), software, Finess(finess), at, len(reports))
    sealed = seal_envelope(header, lines, blinded, registry=suite.public_key(envelope_key), signer=keys.signer)
    kept = seal_row(keys.day_key(day), sealed.acknowledgement_key, key_place(header.envelope, pharmacy, day))
    copies = [
        seal_row(keys.day_key(day), line.ljust(len(twin)), copy_place(report.id, pharmacy, day))  # as long whatever was found
        for line, twin, report in zip(lines, blinded, reports, strict=True)
    ]
    return SealedReports(header.envelope, sealed.data, kept, copies)


def copy_place(report: UUID, pharmacy: UUID, day: date) -> Place:
    return Place(COPY_TABLE, str(report), "sealed", str(pharmacy), day.isoformat())


def key_place(envelope: UUID, pharmacy: UUID, day: date) -> Place:
    return Place(KEY_TABLE, str(envelope), "sealed_key", str(pharmacy), day.isoformat())
