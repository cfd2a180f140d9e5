"""`POST /v1/envelopes`: the door. Each envelope is checked by itself; a receipt answers for all that are stored."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from threading import BoundedSemaphore
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sceau.core.audit import merkle
from sceau.core.database.pool import let_go
from sceau.core.keyholder.envelope_verbs import Receipt as Signed
from sceau.core.keyholder.service_verbs import Signature
from sceau.core.problems import ProblemType
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.framing import CONTENT_TYPE, MOST_BYTES, split
from sceau.core.sealing.header import Header
from sceau.core.sealing.signing import check_envelope
from sceau.core.together import Together
from sceau.core.wire import Receipt, Taken
from sceau.registry.api.auth import answer, bearer, details, endpoint, problem
from sceau.registry.api.callers import calling
from sceau.registry.approvals.enums import Format
from sceau.registry.approvals.models import Software
from sceau.registry.approvals.policies import check_room
from sceau.registry.approvals.quota import ANYTHING, Brought
from sceau.registry.config.keyholder import keyholder
from sceau.registry.intake.counting import unheard
from sceau.registry.intake.receiving import Call, Envelope, receive_all
from sceau.registry.pharmacies.queries import keys_of

UNASKED = 64 * 1024
"""Bytes of a body that are read before the caller is known."""
_MOST_TOGETHER = 4 * 1024 * 1024
_MOST_SIGNED = 1_000
_LARGE = BoundedSemaphore(4)
"""Larger bodies are held in memory by so many calls at once, whatever the number of threads."""


class Checked(NamedTuple):
    """An envelope as far as it could be read, and why it is refused, if it is."""

    data: bytes
    header: Header | None
    problem: ProblemType | None = None


@endpoint("POST")
def envelopes(request: HttpRequest) -> HttpResponse:
    token, at, early = bearer(request), timezone.now(), _early(request)
    caller = calling(token, finess_of(early), at=at, through=Format.SEALED)
    if _length(request) > MOST_BYTES:
        return problem(ProblemType.TOO_LARGE)
    if request.content_type != CONTENT_TYPE:
        return problem(ProblemType.BAD_REQUEST, f"Content-Type: {CONTENT_TYPE}")
    if early:
        check_room(caller.software.id, caller.left, _brought(early), at=at)
        return answer(_take(early, caller.keys, caller.software, at))
    with _LARGE:
        try:
            read = _read_all(request)
        except SealingError as error:
            return problem(ProblemType.BAD_REQUEST, error.flaw)
        check_room(caller.software.id, caller.left, _brought(read), at=at)
        keys = keys_of(finess_of(read))
        let_go()
        return answer(_take(read, keys, caller.software, at))


def _take(read: Sequence[Checked], keys: dict[str, bytes], software: Software, at: datetime) -> Receipt:
    return _store([refuse(one, software.id, keys) for one in read], software, at)


def _brought(read: Sequence[Checked]) -> Brought:
    """By what its headers say, each envelope once; one that is stored already is counted here, and not when it is stored."""
    told = {one.header.envelope: (one.header.reports, len(one.data)) for one in read if one.header}
    return Brought(*map(sum, zip(*told.values(), strict=True))) if told else ANYTHING


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
    if one.header.door:
        return one._replace(problem=ProblemType.BAD_ENVELOPE)
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
    """Whoever holds a receipt can rely on it."""
    good: dict[UUID, Envelope] = {}
    for one in checked:
        if one.header and not one.problem:
            good.setdefault(one.header.envelope, Envelope(one.header, one.data))
    call = Call(list(good.values()), f"software:{software.id}", at)
    stored = _stored(call, weight=sum(len(one.data) for one in call.envelopes))
    let_go()
    kept = {one.header.envelope: one.data for one in call.envelopes if one.header.envelope in stored}
    told = [_taken(one, kept) for one in checked]
    root, count = _root(checked, told)
    signature = _signed(Signed(root, count, at))
    refused = Counter(str(one.problem.kind) for one in told if one.problem)
    unheard(software.id, problems=refused, at=at)
    return Receipt(received_at=at, root=root, key=signature.key, signature=signature.value, envelopes=told)


# Committed first, then signed for; while the receipts of some are signed, the envelopes of others are stored.
_stored = Together(receive_all, most=_MOST_TOGETHER)
_signed = Together[Signed, Signature](lambda receipts: keyholder().receipt_all(receipts), most=_MOST_SIGNED)


def _root(checked: list[Checked], told: list[Taken]) -> tuple[bytes, int]:
    """The Merkle root over what was taken, and how many that is."""
    leaves = [merkle.leaf(one.data) for one, taken in zip(checked, told, strict=True) if taken.problem is None]
    return merkle.root(leaves), len(leaves)


def _taken(one: Checked, kept: dict[UUID, bytes]) -> Taken:
    """A receipt answers for the very bytes that are kept under that id: not for others, in this call or an earlier one."""
    envelope = one.header.envelope if one.header else None
    kind = one.problem or (ProblemType.ENVELOPE_REUSED if envelope is None or kept.get(envelope) != one.data else None)
    return Taken(id=envelope, problem=details(kind) if kind else None)
