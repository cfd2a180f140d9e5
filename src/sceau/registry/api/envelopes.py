"""`POST /v1/envelopes`: the door. Each envelope is checked by itself; a receipt answers for all that are stored."""

from threading import BoundedSemaphore

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sceau.core.problems import ProblemType
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.framing import CONTENT_TYPE, MOST_BYTES, split
from sceau.core.sealing.header import Header
from sceau.registry.api.auth import answer, bearer, endpoint, problem
from sceau.registry.api.callers import asked, calling
from sceau.registry.api.hearing import Checked, heard
from sceau.registry.approvals.enums import Format

UNASKED = 64 * 1024
"""Bytes of a body that are read before the caller is known."""
_LARGE = BoundedSemaphore(4)
"""Larger bodies are held in memory by so many calls at once, whatever the number of threads."""


@endpoint("POST")
def envelopes(request: HttpRequest) -> HttpResponse:
    token, at, early = bearer(request), timezone.now(), _early(request)
    if early:
        return answer(heard(asked(token, _finess(early), at=at, through=Format.SEALED), early))
    calling(token, (), at=at, through=Format.SEALED)
    if _length(request) > MOST_BYTES:
        return problem(ProblemType.TOO_LARGE)
    if request.content_type != CONTENT_TYPE:
        return problem(ProblemType.BAD_REQUEST, f"Content-Type: {CONTENT_TYPE}")
    with _LARGE:
        try:
            read = _read_all(request)
        except SealingError as error:
            return problem(ProblemType.BAD_REQUEST, error.flaw)
        return answer(heard(asked(token, _finess(read), at=at, through=Format.SEALED), read, alone=True))


def _early(request: HttpRequest) -> list[Checked]:
    """The envelopes of a small body, read before it is known who calls, so that calls can be heard together; none of a larger one: a
    stranger never makes us read more than `UNASKED` bytes.
    """
    if request.content_type != CONTENT_TYPE or not 0 < _length(request) <= UNASKED:
        return []
    try:
        return _read_all(request)
    except SealingError:
        return []


def _length(request: HttpRequest) -> int:
    stated = request.headers.get("Content-Length", "")
    return int(stated) if stated.isdigit() else 0


def _read_all(request: HttpRequest) -> list[Checked]:
    return [_read(data) for data in split(request.body)]


def _finess(read: list[Checked]) -> set[str]:
    return {str(one.header.finess) for one in read if one.header}


def _read(data: bytes) -> Checked:
    try:
        return Checked(data, Header.parse(data))
    except SealingError:
        return Checked(data, None, ProblemType.BAD_ENVELOPE)
