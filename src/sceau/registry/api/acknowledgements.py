"""`POST /v1/acknowledgements/search`: what became of envelopes that this software sent."""

import msgspec
from django.http import HttpRequest, HttpResponse

from sceau.core.problems import ProblemType
from sceau.core.sealing.framing import MOST_ENVELOPES
from sceau.core.wire import Acknowledgement, Acknowledgements, Search
from sceau.registry.api.auth import answer, approved_software, endpoint, problem
from sceau.registry.intake.models import InboxEnvelope
from sceau.registry.intake.queries import acknowledged


@endpoint("POST")
def search(request: HttpRequest) -> HttpResponse:
    software = approved_software(request)
    try:
        asked = msgspec.json.decode(request.body, type=Search)
    except msgspec.DecodeError:
        return problem(ProblemType.BAD_REQUEST)
    if len(asked.envelopes) > MOST_ENVELOPES:
        return problem(ProblemType.TOO_LARGE)
    return answer(Acknowledgements([_told(row) for row in acknowledged(asked.envelopes, software=software.id)]))


def _told(row: InboxEnvelope) -> Acknowledgement:
    assert row.acknowledged_at is not None
    return Acknowledgement(
        envelope=row.id,
        outcomes=list(row.outcomes or ()),
        flaw=row.flaw,
        sealed_reasons=bytes(row.sealed_reasons or b""),
        acknowledged_at=row.acknowledged_at,
        key=row.signature_key,
        signature=bytes(row.signature or b""),
    )
