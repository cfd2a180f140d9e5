"""Reports sealed to the registry's own keyholder before they touch a disk: from here on they are envelopes like any other."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from uuid_utils.compat import uuid7

from sceau.core.codes.identifiers import Finess
from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.report import fhir
from sceau.core.report.model import ScreeningReport
from sceau.core.report.twins import twins
from sceau.core.sealing import suite
from sceau.core.sealing.header import Header
from sceau.core.sealing.seal import seal_at_the_door
from sceau.registry.intake.receiving import Envelope
from sceau.registry.submissions.models import Sender

MOST_REPORTS = 500


def seal(reports: Sequence[ScreeningReport], *, sender: Sender, registry: KeyList, at: datetime) -> list[Envelope]:
    """As many envelopes as the reports need, in their order."""
    public = registry.envelope_for(at.date())
    key_id, key = suite.key_id(public), suite.public_key(public)
    envelopes = []
    for part in _parts(reports):
        header = Header(key_id, uuid7(), sender.software_id, Finess(sender.finess), at, len(part), door=True)
        lines, blinded = [fhir.write(one) for one in part], [fhir.write(twin) for twin in twins(part)]
        envelopes.append(Envelope(header, seal_at_the_door(header, lines, blinded, registry=key)))
    return envelopes


def _parts(reports: Sequence[ScreeningReport]) -> Iterator[Sequence[ScreeningReport]]:
    return (reports[start : start + MOST_REPORTS] for start in range(0, len(reports), MOST_REPORTS))
