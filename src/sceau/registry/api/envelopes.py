"""`POST /v1/envelopes`: the door. Each envelope is checked by itself; a receipt answers for all that are stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sceau.core.audit import merkle
from sceau.core.problems import ProblemType
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.framing import CONTENT_TYPE, MOST_BYTES, split
from sceau.core.sealing.header import Header
from sceau.core.sealing.signing import check_envelope
from sceau.core.wire import Receipt, Taken
from sceau.registry.api.auth import answer, bearer, details, endpoint, problem
from sceau.registry.api.callers import calling
from sceau.registry.approvals.models import Software
from sceau.registry.config.keyholder import keyholder
from sceau.registry.intake.receiving import Envelope, receive
from sceau.registry.pharmacies.queries import keys_of

UNASKED = 64 * 1024
"""Bytes of a body that are read before the caller is known."""


class Checked(NamedTuple):
    """An envelope as far as it could be read, and why it is refused, if it is."""

    data: bytes
    header: Header | None
    problem: ProblemType | None = None


@endpoint("POST")
def envelopes(request: HttpRequest) -> HttpResponse:
    token, at, early = bearer(request), timezone.now(), _early(request)
    caller = calling(token, finess_of(early), at=at)
    if _length(request) > MOST_BYTES:
        return problem(ProblemType.TOO_LARGE)
    if request.content_type != CONTENT_TYPE:
        return problem(ProblemType.BAD_REQUEST, f"Content-Type: {CONTENT_TYPE}")
    try:
        read = early or _read_all(request)
    except SealingError as error:
        return problem(ProblemType.BAD_REQUEST, error.flaw)
    keys = caller.keys if early else keys_of(finess_of(read))
    return answer(_store([refuse(one, caller.software.id, keys) for one in read], caller.software, at))


def _early(request: HttpRequest) -> list[Checked]:
    """The envelopes of a small body, read before it is known who calls, so that one statement finds caller and keys; none of a
    larger one: a stranger never makes us read more than `UNASKED` bytes.
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


def finess_of(read: Sequence[Checked]) -> set[str]:
    return {str(one.header.finess) for one in read if one.header}


def _read(data: bytes) -> Checked:
    try:
        return Checked(data, Header.parse(data))
    except SealingError:
        return Checked(data, None, ProblemType.BAD_ENVELOPE)


def refuse(one: Checked, software: UUID, keys: dict[str, bytes]) -> Checked:
    """With what is wrong about its sender or its signature, if anything is."""
    if one.header is None:
        return one
    if one.header.software != software:
        return one._replace(problem=ProblemType.OTHER_SOFTWARE)
    if one.header.finess not in keys:
        return one._replace(problem=ProblemType.PHARMACY_NOT_ENROLLED)
    try:
        check_envelope(one.data, keys[one.header.finess])
    except SealingError:
        return one._replace(problem=ProblemType.BAD_ENVELOPE)
    return one


def _store(checked: list[Checked], software: Software, at: datetime) -> Receipt:
    """Committed first, then signed for: whoever holds a receipt can rely on it."""
    good: dict[UUID, Envelope] = {}
    for one in checked:
        if one.header and not one.problem:
            good.setdefault(one.header.envelope, Envelope(one.header, one.data))
    stored = receive(good.values(), by=f"software:{software.id}", at=at)
    kept = {envelope: good[envelope].data for envelope in stored}
    taken = [_taken(one, kept) for one in checked]
    leaves = [merkle.leaf(one.data) for one, told in zip(checked, taken, strict=True) if told.problem is None]
    root = merkle.root(leaves)
    signature = keyholder().receipt(root, len(leaves), at=at)
    return Receipt(received_at=at, root=root, key=signature.key, signature=signature.value, envelopes=taken)


def _taken(one: Checked, kept: dict[UUID, bytes]) -> Taken:
    """A receipt answers for the very bytes that are kept under that id: not for others, in this call or an earlier one."""
    envelope = one.header.envelope if one.header else None
    kind = one.problem or (ProblemType.ENVELOPE_REUSED if envelope is None or kept.get(envelope) != one.data else None)
    return Taken(id=envelope, problem=details(kind) if kind else None)
