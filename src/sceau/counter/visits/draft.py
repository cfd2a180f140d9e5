"""What is known of a screening before its result: who, and what they answered. It becomes a report when something is found."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from sceau.core.codes.identifiers import Finess, Gtin
from sceau.core.codes.loinc import Loinc
from sceau.core.codes.snomed import Result
from sceau.core.report.model import (
    Consent,
    Finding,
    Patient,
    Performer,
    Pregnancy,
    Reason,
    Screening,
    ScreeningReport,
    Specimen,
    Status,
)
from sceau.core.report.model import Kit as ReportedKit
from sceau.core.sealing.rows import Place
from sceau.counter.kits.models import Kit
from sceau.counter.patients.entry import coded, plain
from sceau.counter.pharmacies.models import Pharmacy


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    patient: Patient
    consent: Consent = Consent.NOT_NEEDED
    symptomatic: bool | None = None
    onset: date | None = None
    pregnancy: Pregnancy | None = None
    reason: Reason | None = None

    def encode(self) -> bytes:
        return _ENCODER.encode(self)

    @classmethod
    def decode(cls, data: bytes) -> "Draft":
        return _DECODER.decode(data)

    def report(
        self,
        results: Sequence[Result],
        *,
        kit: Kit,
        pharmacy: Pharmacy,
        taken_at: datetime,
        at: datetime,
        number: UUID | None = None,
    ) -> ScreeningReport:
        """The first report of this screening; one result for each part of the kit. Raises `ReportError`."""
        number = number or uuid7()
        findings = tuple(Finding(part, result) for part, result in zip(kit.parts, results, strict=True))
        screening = Screening(
            patient=self.patient,
            performer=Performer(name=pharmacy.name, finess=Finess(pharmacy.finess)),
            specimen=Specimen(type=kit.specimen, taken_at=taken_at),
            loinc=Loinc(kit.loinc),
            findings=findings,
            kit=reported(kit),
            symptomatic=self.symptomatic,
            onset=self.onset,
            pregnancy=self.pregnancy,
            reason=self.reason,
            consent=self.consent,
        )
        return ScreeningReport(id=number, lineage=number, status=Status.FINAL, issued=at, screening=screening)


def reported(kit: Kit) -> ReportedKit:
    return ReportedKit(
        name=kit.name,
        manufacturer=kit.manufacturer or None,
        gtin=Gtin(kit.gtin) if kit.gtin else None,
        lot=kit.lot or None,
        expiry=kit.expiry,
    )


def draft_place(visit: UUID, pharmacy: UUID, day: date) -> Place:
    return Place("visits_visit", str(visit), "sealed", str(pharmacy), day.isoformat())


_ENCODER = msgspec.msgpack.Encoder(enc_hook=plain)
_DECODER = msgspec.msgpack.Decoder(Draft, dec_hook=coded)
