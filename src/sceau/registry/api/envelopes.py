"""`POST /v1/envelopes`: the door. Each envelope is checked by itself; a receipt answers for all that are stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sceau.core.audit import merkle
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.jobs import wake
from sceau.core.problems import ProblemType
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.framing import CONTENT_TYPE, MOST_BYTES, split
from sceau.core.sealing.header import Header
from sceau.core.sealing.signing import check_envelope
from sceau.core.wire import Receipt, Taken
from sceau.registry.api.auth import answer, approved_software, details, endpoint, problem
from sceau.registry.approvals.models import Software
from sceau.registry.config.keyholder import keyholder
from sceau.registry.intake import actions
from sceau.registry.intake.job import INTAKE
from sceau.registry.pharmacies.queries import keys_of


class Checked(NamedTuple):
    """An envelope as far as it could be read, and why it is refused, if it is."""

    data: bytes
    header: Header | None
    problem: ProblemType | None = None


@endpoint("POST")
def envelopes(request: HttpRequest) -> HttpResponse:
    software = approved_software(request)
    if _length(request) > MOST_BYTES:
        return problem(ProblemType.TOO_LARGE)
    if request.content_type != CONTENT_TYPE:
        return problem(ProblemType.BAD_REQUEST, f"Content-Type: {CONTENT_TYPE}")
    try:
        checked = check(split(request.body), software)
    except SealingError as error:
        return problem(ProblemType.BAD_REQUEST, error.flaw)
    return answer(_store(checked, software, timezone.now()))


def _length(request: HttpRequest) -> int:
    stated = request.headers.get("Content-Length", "")
    return int(stated) if stated.isdigit() else 0


def check(bodies: Sequence[bytes], software: Software) -> list[Checked]:
    """Header, sender and signature of each."""
    read = [_read(data) for data in bodies]
    keys = keys_of(one.header.finess for one in read if one.header)
    return [_refuse(one, software.id, keys) for one in read]


def _read(data: bytes) -> Checked:
    try:
        return Checked(data, Header.parse(data))
    except SealingError:
        return Checked(data, None, ProblemType.BAD_ENVELOPE)


def _refuse(one: Checked, software: UUID, keys: dict[str, bytes]) -> Checked:
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
    good: dict[UUID, tuple[Header, bytes]] = {}
    for one in checked:
        if one.header and not one.problem:
            good.setdefault(one.header.envelope, (one.header, one.data))
    with transaction.atomic():
        stored = actions.store(list(good.values()), at=at)
        record(Event.ENVELOPES_RECEIVED, by=f"software:{software.id}", subject=f"envelopes:{len(stored.kept)}", at=at)
        wake(INTAKE)
    kept = {envelope: good[envelope][1] for envelope in stored.kept}
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
