"""The reports whose bundles are frozen in `tests/vectors/fhir` and shown in `docs/reference/fhir.md`. Their people are invented."""

import json
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

from sceau.core.codes.identifiers import Finess, ForeignIdentifier, Gtin, Ins, InsSystem, Rpps
from sceau.core.codes.loinc import ASSAYS, Loinc
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.codes.territory import OUTSIDE, Department
from sceau.core.report.fhir import write
from sceau.core.report.model import (
    Address,
    Consent,
    Finding,
    Kit,
    Patient,
    Performer,
    Pregnancy,
    Reason,
    Screening,
    ScreeningReport,
    Sex,
    Specimen,
    Status,
)

ROOT = Path(__file__).parents[3]
VECTORS = ROOT / "tests/vectors/fhir"
PAGE = ROOT / "docs/reference/fhir.md"
_WINTER = timezone(timedelta(hours=1))

HUGO = Patient(
    family="EXEMPLE",
    given=("HUGO", "LOUIS"),
    birth_date=date(1988, 4, 2),
    sex=Sex.MALE,
    used_family="EXEMPLE-MODÈLE",
    used_given="HUGO",
    birth_place="69123",
    ins=Ins("188046912345672", InsSystem.TEST),
    phone="+33612345678",
    email="hugo@example.org",
    address=Address(lines=("1 rue des Lilas",), postal_code="69003", city="LYON", country="FR"),
    department=Department("69"),
)
INES = Patient(family="EXEMPLE", given=("INÈS",), birth_date=date(1988, 4, 2), sex=Sex.FEMALE)
ABROAD = Patient(
    family="MUSTER",
    given=("ERIKA",),
    birth_date=date(1964, 8, 12),
    sex=Sex.UNKNOWN,
    address=Address(lines=("Heidestraße 17",), postal_code="51147", city="Köln", country="DE"),
    department=Department(OUTSIDE),
)
LILAS = Performer(name="Pharmacie des Lilas", finess=Finess("690001235"), rpps=Rpps("81000123455"))
KIT = Kit(
    name="Test rapide Exemple", manufacturer="Exemple SA", gtin=Gtin("03400931234562"), lot="A123", expiry=date(2023, 6, 30)
)


def _id(number: int) -> UUID:
    return UUID(f"017e0000-0000-7000-8000-{number:012x}")


def _screening(test: str, **changes: object) -> Screening:
    found = changes.pop("found", Result.NOT_DETECTED)
    assert isinstance(found, Result)
    parts = ASSAYS[test].parts or (test,)
    fields = {
        "patient": HUGO,
        "performer": LILAS,
        "specimen": Specimen(type=SpecimenType.NASOPHARYNGEAL, taken_at=datetime(2022, 1, 10, 9, 45, tzinfo=_WINTER)),
        "findings": tuple(Finding(Loinc(part), found) for part in parts),
        **changes,
    }
    return Screening(loinc=Loinc(test), **fields)  # type: ignore[arg-type]


def _final(number: int, screening: Screening) -> ScreeningReport:
    at = datetime(2022, 1, 10, 10, 0, tzinfo=_WINTER)
    return ScreeningReport(id=_id(number), lineage=_id(number), status=Status.FINAL, issued=at, screening=screening)


def _next(number: int, status: Status, screening: Screening | None) -> ScreeningReport:
    at = datetime(2022, 1, 10, 11, 30, tzinfo=_WINTER)
    return ScreeningReport(id=_id(number), lineage=_id(1), status=status, issued=at, replaces=_id(1), screening=screening)


_COVID = _screening("94558-4", found=Result.DETECTED, kit=KIT, symptomatic=True, onset=date(2022, 1, 8), reason=Reason.SYMPTOMS)
_THROAT = Specimen(type=SpecimenType.THROAT, taken_at=datetime(2022, 1, 10, 9, 45, tzinfo=_WINTER))

EXAMPLES: dict[str, ScreeningReport] = {
    "covid-19": _final(1, _COVID),
    "influenza-a": _final(2, _screening("80382-5", patient=INES, pregnancy=Pregnancy.PREGNANT, symptomatic=True)),
    "influenza-b": _final(3, _screening("80383-3", patient=INES, found=Result.INCONCLUSIVE, pregnancy=Pregnancy.UNKNOWN)),
    "rsv": _final(4, _screening("72885-7", found=Result.DETECTED, reason=Reason.CONTACT, consent=Consent.GIVEN)),
    "strep-a": _final(5, _screening("78012-2", specimen=_THROAT, symptomatic=False, consent=Consent.NOT_ANSWERED)),
    "panel": _final(
        6,
        _screening(
            "97099-6",
            patient=ABROAD,
            performer=Performer(name="Labor Beispiel", foreign=ForeignIdentifier("urn:oid:1.2.276.0.76.4.17", "123456789")),
        ),
    ),
    "correction": _next(7, Status.CORRECTED, _screening("94558-4", found=Result.NOT_DETECTED, kit=KIT, symptomatic=True)),
    "cancellation": _next(8, Status.ENTERED_IN_ERROR, None),
}


def shown(name: str) -> str:
    """The bundle as the page shows it: one resource a line, the first one in full."""
    bundle = json.loads(write(EXAMPLES[name]))
    if name == "covid-19":
        return json.dumps(bundle, ensure_ascii=False, indent=2)
    entries = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in bundle.pop("entry"))
    return json.dumps(bundle, ensure_ascii=False)[:-1] + ', "entry": [\n' + entries + "\n]}"


def section(name: str) -> str:
    return f"### {name}\n\n```json\n{shown(name)}\n```\n"
