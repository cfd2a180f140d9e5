"""An envelope of reports about nobody, under a key that everybody knows: what an opener reads before anything real, so that its
children need not find out anew, each for its batch, how the commonest reports lie.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product
from uuid import UUID

from sceau.core.codes.identifiers import Finess, Rpps
from sceau.core.codes.loinc import Loinc
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.codes.territory import Department
from sceau.core.report import fhir
from sceau.core.report.model import (
    Address,
    Finding,
    Kit,
    Patient,
    Performer,
    Reason,
    Screening,
    ScreeningReport,
    Sex,
    Specimen,
    Status,
)
from sceau.core.sealing import suite
from sceau.core.sealing.header import Header
from sceau.core.sealing.seal import seal_at_the_door

AT = datetime(2021, 8, 27, 12, 0, tzinfo=UTC)
SEED = bytes(suite.SEED_LENGTH)
_TEST, _PHARMACY, _PROFESSIONAL = Loinc("94558-4"), Finess("750000002"), Rpps("10000000009")
_NOBODY = Patient(
    family="NOBODY",
    given=("Nobody",),
    birth_date=date(2000, 1, 1),
    sex=Sex.UNKNOWN,
    phone="+33639980100",
    address=Address(lines=("1 nowhere",), postal_code="75001", city="NOWHERE"),
    department=Department("75"),
)


def envelope() -> bytes:
    """To the public key of `SEED`, sent at `AT`."""
    public, lines = suite.public_bytes(SEED), [fhir.write(one) for one in _reports()]
    header = Header(suite.key_id(public), UUID(int=0), UUID(int=0), _PHARMACY, AT, len(lines))
    return seal_at_the_door(header, lines, lines, registry=suite.public_key(public))


def _reports() -> Iterator[ScreeningReport]:
    """Rapid tests by reason and symptoms, with and without what a box and a card tell."""
    for nth, (reason, symptomatic, whole) in enumerate(product((None, *Reason), (None, False, True), (False, True)), 1):
        screening = Screening(
            patient=_NOBODY,
            performer=Performer(name="Nowhere", finess=_PHARMACY, rpps=_PROFESSIONAL if whole else None),
            specimen=Specimen(type=SpecimenType.NASOPHARYNGEAL, taken_at=AT),
            loinc=_TEST,
            findings=(Finding(_TEST, Result.NOT_DETECTED),),
            kit=Kit(name="A test") if whole else None,
            symptomatic=symptomatic,
            reason=reason,
        )
        own = UUID(int=nth)
        yield ScreeningReport(id=own, lineage=own, status=Status.FINAL, issued=AT, screening=screening)
