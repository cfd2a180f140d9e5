"""Who calls, whether the authority approves it now, and the keys of the pharmacies it speaks for: one statement for all who call at
once, made after they called: what the authority decides holds from the next request on.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from sceau.core.database import prepared
from sceau.core.database.pool import let_go
from sceau.core.keyholder.access_token import AccessToken
from sceau.core.problems import ProblemType
from sceau.core.together import Together
from sceau.registry.approvals import quota, tokens
from sceau.registry.approvals.enums import Format
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.models import Software
from sceau.registry.approvals.policies import check_approved, check_may_send
from sceau.registry.approvals.quota import Quota

_CALLERS = f"""
select told.nth, software.id, software.state, software.formats, software.starts_on, software.ends_on,
    {quota.LEFT.format(software="software", at="told.at")}, pharmacy.finess, pharmacy.public_key
from unnest(%(nth)b::int[], %(software)b::uuid[], %(issued_at)b::timestamptz[], %(at)b::timestamptz[], %(finess)b::text[])
    as told (nth, software, issued_at, at, finess)
join approvals_software software on software.id = told.software
    and (software.tokens_from is null or software.tokens_from < told.issued_at)
left join pharmacies_pharmacy pharmacy on pharmacy.finess = told.finess
"""  # noqa: S608 - constants
_COLUMNS = ("nth", "software", "issued_at", "at", "finess")
_MOST = 1_000


class Caller(NamedTuple):
    """Software (its id, state and scope alone), the enrolled keys of the pharmacies that were asked for, and what is left of its
    quota.
    """

    software: Software
    keys: dict[str, bytes]
    left: Quota


class Asked(NamedTuple):
    """A call: its token, the pharmacies it speaks for, and when it came."""

    token: AccessToken
    finess: Collection[str]
    at: datetime


def asked(token: str, finess: Collection[str], *, at: datetime, through: Format | None) -> Asked:
    """Raises `SoftwareRefused` for a token that nobody signed, that has expired, or that opens another door."""
    read = tokens.read(token, at=at)
    if read.table and through is not Format.CSV:
        raise SoftwareRefused(ProblemType.TOKEN_REFUSED)
    return Asked(read, finess, at)


def check(caller: Caller | None, *, at: datetime, through: Format | None) -> Caller:
    """Raises `SoftwareRefused` for a token that was ended and for software that is not approved at this moment, or not for the door it
    comes `through`, or that has sent there what it may.
    """
    if caller is None:
        raise SoftwareRefused(ProblemType.TOKEN_REFUSED)
    if through:
        check_may_send(caller.software, through, on=timezone.localdate(at))
        quota.check(caller.left, at=at)
    else:
        check_approved(caller.software)
    return caller


def calling(token: str, finess: Collection[str], *, at: datetime, through: Format | None = None) -> Caller:
    """Raises what `asked` and `check` raise."""
    caller = _together(asked(token, finess, at=at, through=through), weight=1 + len(finess))
    let_go()
    return check(caller, at=at, through=through)


def callers_of(calls: Sequence[Asked]) -> list[Caller | None]:
    """None for a token that was ended."""
    rows = [(nth, *one.token[:2], one.at, each) for nth, one in enumerate(calls) for each in one.finess or (None,)]
    columns = dict(zip(_COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    callers: list[Caller | None] = [None] * len(calls)
    for nth, software, state, formats, starts_on, ends_on, left, finess, key in prepared.run([_CALLERS], columns):
        scope = {"formats": formats, "starts_on": starts_on, "ends_on": ends_on}
        caller = callers[nth] = callers[nth] or Caller(Software(id=software, state=state, **scope), {}, Quota(*left))
        if finess:
            caller.keys[finess] = bytes(key)
    return callers


_together = Together(callers_of, most=_MOST)
