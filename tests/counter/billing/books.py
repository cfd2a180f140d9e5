"""What billing's tests start from: who issues, to whom, and tests that the registry has answered. All companies are invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from tests.counter.world import AT, Place, file

from sceau.counter.billing import actions, issuing
from sceau.counter.billing.document import Address, Party
from sceau.counter.billing.issuing import Ran
from sceau.counter.relay.models import Envelope, EnvelopeState
from sceau.counter.screenings.models import Screening

IN_NOVEMBER = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NOVEMBER = date(2026, 11, 1)
FIRST_OF_DECEMBER = datetime(2026, 12, 1, 4, 11, tzinfo=UTC)
ISSUER = {
    "NAME": "Sceau Éditions",
    "SIRET": "73282932000074",
    "VAT_NUMBER": "FR44732829320",
    "STREET": "1 rue du Sceau",
    "POSTCODE": "75001",
    "CITY": "PARIS",
    "IBAN": "FR7630006000011234567890189",
    "VAT_RATE": "20",
    "VAT_EXEMPTION": "",
    "TERM_DAYS": "30",
}
FRANCHISE = {"VAT_NUMBER": "", "VAT_RATE": "0", "VAT_EXEMPTION": "TVA non applicable, art. 293 B du CGI"}
LILAS = Party("SELARL Pharmacie des Lilas", "55208131766522", "", Address("12 rue des Lilas", "75020", "PARIS"), "552081317")


@dataclass
class Books:
    """One pharmacy, seen by its bills."""

    place: Place
    imported: int = 0

    def identified(self, party: Party = LILAS) -> "Books":
        actions.identify(self.place.pharmacy, party, by=self.place.bruno, at=AT)
        return self

    def answered(self, outcomes: Sequence[str], *, at: datetime = IN_NOVEMBER) -> list[Screening]:
        """New tests, as many as `outcomes`, reported and each answered so at that time, in any year: copies need not open."""
        self.place.imports(file(len(outcomes), start=self.imported))
        self.imported += len(outcomes)
        rows = list(Screening.objects.filter(pharmacy=self.place.pharmacy, outcome="").order_by("position"))
        for row, outcome in zip(rows, outcomes, strict=True):
            row.outcome, row.day = outcome, at.date()
        Screening.objects.bulk_update(rows, ["outcome", "day"])
        waiting = Envelope.objects.filter(pharmacy=self.place.pharmacy, state=EnvelopeState.WAITING)
        waiting.update(state=EnvelopeState.ACKNOWLEDGED, acknowledged_at=at, data=None)
        return rows


def run(month: date = NOVEMBER, *, at: datetime = FIRST_OF_DECEMBER, **told: Any) -> Ran:
    return issuing.run(month, at=at, **told)
