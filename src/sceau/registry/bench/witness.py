"""Between the sandbox's intake and its keyholder: asks what the intake asks, and notes what is told of the reports that came.

Nothing is opened for it: the bench's own envelope about its invented persons goes along, and who a report is about is told by equal
blind tokens. What it notes is committed with the intake's batch, or not at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sceau.core.codes.loinc import Disease
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.envelope_verbs import ANY_DISEASE, Accepted, Answer, Ingested, Refused
from sceau.core.keyholder.identity_verbs import BlindTokens
from sceau.core.sealing.header import Header
from sceau.registry.bench.models import Arrival, Reference
from sceau.registry.bench.scenarios import PERSONS

_REFUSED = "refused"


class Witness(RegistryClient):
    """Through the same socket."""

    def ingest(
        self,
        envelopes: Sequence[bytes],
        *,
        at: datetime,
        acknowledged: Sequence[UUID] = (),
        diseases: Mapping[UUID, list[Disease]] = ANY_DISEASE,
    ) -> list[Answer]:
        own = [bytes(one.data) for one in Reference.objects.order_by("-day")[:1]]
        answers = super().ingest([*envelopes, *own], at=at, acknowledged=acknowledged, diseases=diseases)
        told, known = answers[: len(envelopes)], _known(answers[len(envelopes) :])
        Arrival.objects.bulk_create(
            arrival for data, answer in zip(envelopes, told, strict=True) for arrival in _arrivals(data, answer, known, at)
        )
        return told


def _known(answers: Sequence[Answer]) -> dict[tuple[int | None, int | None], str]:
    """The scenario by either name's token with the birth date."""
    reports = [one for answer in answers if isinstance(answer, Ingested) for one in answer.reports]
    tokens = [_tokens(one) for one in reports]
    return {_key(one): name for name, one in zip(PERSONS, tokens, strict=False) if one}


def _arrivals(data: bytes, answer: Answer, known: Mapping[tuple[int | None, int | None], str], at: datetime) -> Iterable[Arrival]:
    if not isinstance(answer, Ingested):
        return
    header = Header.parse(data)
    for one in answer.reports:
        row = Arrival(software_id=header.software, envelope=header.envelope, at=at, status=_REFUSED, named=False, findings=[])
        if isinstance(one, Accepted):
            _tell(row, one, known)
        yield row


def _tell(row: Arrival, one: Accepted, known: Mapping[tuple[int | None, int | None], str]) -> None:
    tokens = _tokens(one)
    row.report, row.lineage, row.status, row.named = one.id, one.lineage, one.status.value, tokens is not None
    row.scenario = known.get(_key(tokens), "") if tokens else ""
    found = one.facts.findings if one.facts else ()
    row.findings = [[each.disease.value, str(each.loinc), each.result.value] for each in found]


def _tokens(one: Accepted | Refused) -> BlindTokens | None:
    """Those of this month."""
    return one.identity.tokens[0] if isinstance(one, Accepted) and one.identity else None


def _key(tokens: BlindTokens) -> tuple[int | None, int | None]:
    return tokens.given_born, tokens.family_born
