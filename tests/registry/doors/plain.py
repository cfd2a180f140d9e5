"""What software sends plain in these tests, and what the registry then has of it."""

from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.utils import timezone
from msgspec.structs import replace
from tests.registry.world import AT, FARID, LILAS, OTHER, Publisher, final, hugo

from sceau.core.codes.identifiers import Finess, ForeignIdentifier
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.report import csv, fhir, hl7v2
from sceau.core.report.model import Performer, ScreeningReport
from sceau.registry.intake.actions import take_in
from sceau.registry.intake.models import InboxEnvelope
from sceau.registry.submissions import senders
from sceau.registry.submissions.models import Sender

FHIR, NDJSON, HL7, CSV = "application/fhir+json", "application/fhir+ndjson", "application/hl7-v2", "text/csv"
VECTORS = Path(__file__).parents[2] / "vectors"
TABLE = (files("sceau.demo.samples") / "depistages.csv").read_bytes()
MESSAGE = (VECTORS / "hl7v2" / "final.hl7").read_bytes()
BATCH = (VECTORS / "hl7v2" / "batch.hl7").read_bytes()
COLLECTION = fhir.write(final())
NAMES = (b"LUNEVILLE", b"Luneville", b"Hugo", b"HUGO", b"EXEMPLE")


def registered(publisher: Publisher, finess: Finess, *, certificate: bytes | None = None) -> Sender:
    """Farid lets this software send plain for an establishment."""
    told = {"name": "Pharmacie des Lilas", "time_zone": "Europe/Paris", "by": FARID}
    return senders.register(publisher.software, finess, certificate=certificate, at=timezone.now(), **told)


def bundle(report: ScreeningReport | None = None, *, kind: str = "transaction") -> bytes:
    """Hugo's test as a bundle of that type."""
    return fhir.write(report or final()).replace(b'"type":"collection"', b'"type":"%s"' % kind.encode(), 1)


def elsewhere() -> ScreeningReport:
    """Hugo's test as if another pharmacy had made it."""
    return final(hugo(finess=OTHER))


def nowhere() -> ScreeningReport:
    """Hugo's test by somebody who has no FINESS."""
    abroad = Performer(name="Test Lab", foreign=ForeignIdentifier("urn:oid:2.16.840.1.113883.4.7", "34D1234567"))
    return final(replace(hugo(), performer=abroad))


def message(report: ScreeningReport | None = None) -> bytes:
    return hl7v2.write([report or final()], sender=LILAS, at=AT)


def table(report: ScreeningReport | None = None) -> bytes:
    return "".join(csv.write([report or final()])).encode()


def outcomes(keys: RegistryClient) -> dict[str, int]:
    """What becomes of everything that waits in the inbox."""
    while take_in(keys, limit=100, at=timezone.now()):
        pass
    return dict(Counter(one for row in InboxEnvelope.objects.all() for one in row.outcomes or ()))


def issues(response: Any) -> list[tuple[str, str]]:
    """Severity and kind of problem of an OperationOutcome."""
    told = response.json()
    assert told["resourceType"] == "OperationOutcome"
    codes = [one["details"].get("coding", [{"code": one["code"]}])[0]["code"] for one in told["issue"]]
    return [(one["severity"], code) for one, code in zip(told["issue"], codes, strict=True)]
