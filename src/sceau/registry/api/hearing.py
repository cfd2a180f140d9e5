"""What the sealed door does with calls that come at once, in one go: who they are, which of their envelopes are good, these kept, a
receipt signed for each call. A go is safe to do again: what is stored is found stored. Each call is answered in its own language.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import get_language, override

from sceau.core.audit import merkle
from sceau.core.database.pool import let_go
from sceau.core.keyholder.envelope_verbs import Receipt as Signed
from sceau.core.keyholder.service_verbs import Signature
from sceau.core.problems import ProblemType
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.header import Header
from sceau.core.sealing.signing import check_envelope
from sceau.core.together import Together
from sceau.core.wire import Receipt, Taken
from sceau.registry.api.auth import details
from sceau.registry.api.callers import Asked, Caller, callers_of, check
from sceau.registry.approvals.enums import Format
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.policies import check_room
from sceau.registry.approvals.quota import ANYTHING, Brought
from sceau.registry.config.keyholder import keyholder
from sceau.registry.intake.counting import unheard
from sceau.registry.intake.receiving import Call, Envelope, receive_all

_MOST_TOGETHER = 4 * 1024 * 1024


class Checked(NamedTuple):
    """An envelope as far as it could be read, and why it is refused, if it is."""

    data: bytes
    header: Header | None
    problem: ProblemType | None = None


class _Posted(NamedTuple):
    """A call, read, and the language that it is answered in."""

    asked: Asked
    envelopes: Sequence[Checked]
    language: str | None


class _Known(NamedTuple):
    """A call that may be made, each envelope with what is wrong about it."""

    software: UUID
    at: datetime
    envelopes: Sequence[Checked]

    def good(self) -> Call:
        """What of it is to be kept."""
        good: dict[UUID, Envelope] = {}
        for one in self.envelopes:
            if one.header and not one.problem:
                good.setdefault(one.header.envelope, Envelope(one.header, one.data))
        return Call(list(good.values()), f"software:{self.software}", self.at)

    def told(self, good: Call, ids: Collection[UUID]) -> "_Known":
        """After those of the `good` ones that have these `ids` are kept. A receipt answers for the very bytes that are kept under an
        id: not for others, in this call or an earlier one.
        """
        kept = {one.header.envelope: one.data for one in good.envelopes if one.header.envelope in ids}
        return self._replace(envelopes=[_reused(one, kept) for one in self.envelopes])

    def root(self) -> tuple[bytes, int]:
        """The Merkle root over what was taken, and how many that is."""
        leaves = [merkle.leaf(one.data) for one in self.envelopes if not one.problem]
        return merkle.root(leaves), len(leaves)


class _Signed(NamedTuple):
    """A call whose envelopes without a problem are kept, and the signature over their root."""

    call: _Known
    root: bytes
    signature: Signature


def heard(asked: Asked, envelopes: Sequence[Checked], *, alone: bool = False) -> Receipt:
    """Whoever holds a receipt can rely on it. `alone`: a call so large that others should not wait for it. Raises `SoftwareRefused`,
    `KeyholderError`.
    """
    posted = _Posted(asked, envelopes, get_language())
    let_go()
    told = _hear([posted])[0] if alone else _together(posted, weight=sum(len(one.data) for one in envelopes))
    if isinstance(told, SoftwareRefused):
        raise told
    call, root, signature = told
    refused = Counter(str(one.problem) for one in call.envelopes if one.problem)
    unheard(call.software, problems=refused, at=call.at)
    taken = [_taken(one) for one in call.envelopes]
    return Receipt(received_at=call.at, root=root, key=signature.key, signature=signature.value, envelopes=taken)


def _hear(posted: Sequence[_Posted]) -> list[_Signed | SoftwareRefused]:
    callers = callers_of([one.asked for one in posted])
    known = [_known(one, caller) for one, caller in zip(posted, callers, strict=True)]
    signed = iter(_keep([one for one in known if isinstance(one, _Known)]))
    return [next(signed) if isinstance(one, _Known) else one for one in known]


_together = Together(_hear, most=_MOST_TOGETHER)


def _known(posted: _Posted, caller: Caller | None) -> _Known | SoftwareRefused:
    """One call's refusal is no other's error."""
    try:
        with override(posted.language):
            software, keys, left = check(caller, at=posted.asked.at, through=Format.SEALED)
            check_room(software.id, left, _brought(posted.envelopes), at=posted.asked.at)
    except SoftwareRefused as refused:
        return refused
    return _Known(software.id, posted.asked.at, [refuse(one, software.id, keys) for one in posted.envelopes])


def _brought(envelopes: Sequence[Checked]) -> Brought:
    """By what its headers say, each envelope once; one that is stored already is counted here, and not when it is stored."""
    told = {one.header.envelope: (one.header.reports, len(one.data)) for one in envelopes if one.header}
    return Brought(*map(sum, zip(*told.values(), strict=True))) if told else ANYTHING


def refuse(one: Checked, software: UUID, keys: Mapping[str, bytes]) -> Checked:
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


def _keep(known: Sequence[_Known]) -> list[_Signed]:
    """Committed first, then signed for."""
    if not known:
        return []
    calls = [one.good() for one in known]
    told = [one.told(call, ids) for one, call, ids in zip(known, calls, receive_all(calls), strict=True)]
    roots = [one.root() for one in told]
    signatures = keyholder().receipt_all([Signed(*root, one.at) for one, root in zip(told, roots, strict=True)])
    return [_Signed(one, root, signature) for one, (root, _), signature in zip(told, roots, signatures, strict=True)]


def _reused(one: Checked, kept: Mapping[UUID, bytes]) -> Checked:
    if one.problem or (one.header and kept.get(one.header.envelope) == one.data):
        return one
    return one._replace(problem=ProblemType.ENVELOPE_REUSED)


def _taken(one: Checked) -> Taken:
    return Taken(id=one.header and one.header.envelope, problem=details(one.problem) if one.problem else None)
