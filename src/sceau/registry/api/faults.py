"""In a sandbox, before its doors: notes each call of software under test, and answers the first ones as they might be answered on a
bad day. The door itself is the one of every registry.
"""

from collections.abc import Callable, Iterator
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from sceau.core.problems import ProblemType
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.framing import split
from sceau.core.sealing.header import Header
from sceau.core.wire import Search
from sceau.registry.api.auth import bearer, problem
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.bench.calls import note
from sceau.registry.bench.enums import Fault, Kind

_KINDS = {"/v1/envelopes": Kind.SEND, "/v1/acknowledgements/search": Kind.ASK}
_ON_PURPOSE = "conformance bench: on purpose"


class Faults:
    """Django middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        fault = _fault(request)
        if fault is Fault.UNAVAILABLE:
            return problem(ProblemType.UNAVAILABLE, _ON_PURPOSE)
        if fault is Fault.SUSPENDED:
            return problem(ProblemType.SOFTWARE_SUSPENDED, _ON_PURPOSE)
        answer = self._get_response(request)
        return _dropped(answer) if fault is Fault.DROPPED and answer.status_code == 200 else answer


def _fault(request: HttpRequest) -> Fault | None:
    kind = _KINDS.get(request.path)
    if kind is None or request.method != "POST":
        return None
    try:
        return note(bearer(request), kind=kind, envelopes=_named(request, kind), at=timezone.now())
    except SoftwareRefused:
        return None


def _named(request: HttpRequest, kind: Kind) -> list[UUID]:
    """The envelopes that a call is about, as far as it can be read."""
    try:
        if kind is Kind.ASK:
            return msgspec.json.decode(request.body, type=Search).envelopes
        return [Header.parse(one).envelope for one in split(request.body)]
    except (SealingError, msgspec.MsgspecError):
        return []


def _dropped(answer: HttpResponseBase) -> StreamingHttpResponse:
    """Everything is stored; the answer breaks off after its first byte."""
    assert isinstance(answer, HttpResponse)
    broken = StreamingHttpResponse(_breaks_off(answer.content), content_type=answer["Content-Type"])
    broken["Content-Length"] = str(len(answer.content))
    return broken


def _breaks_off(content: bytes) -> Iterator[bytes]:
    yield content[:1]
    raise ConnectionAbortedError(_ON_PURPOSE)
