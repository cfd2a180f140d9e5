"""Who might be meant: identities that share a blind token with those that arrive. One statement a batch.

A token that very many share finds nobody for sure: at most `WIDEST` of each are looked at.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from msgspec.structs import astuple

from sceau.core.bulk import array
from sceau.core.keyholder.identity_verbs import BlindTokens
from sceau.core.keyholder.shapes import SealedAt
from sceau.registry.persons.models import TOKENS

WIDEST = 12
# A row that was found is fetched by its place (ctid, good within a statement): by its key it would be looked for anew.
# Either name may stand in the other's place.
_EITHER = dict.fromkeys(("given_born", "family_born"), "in (told.given_born, told.family_born)")
_SHARING = " union all ".join(
    f"(select ctid as place from persons_identity where {token} {_EITHER.get(token, f'= told.{token}')} limit {WIDEST})"  # noqa: S608
    for token in TOKENS
)
# A new table has no statistics yet. And a server that compiles what looks costly would compile this for each batch anew. Whoever is
# found is given once, however many arrivals look for them: thousands of one batch may share tokens with the same few.
_CANDIDATES = f"""
set local enable_seqscan = off;
set local enable_bitmapscan = off;
set local jit = off;
with told (nth, {", ".join(TOKENS)}) as (select * from unnest(%s::int[], {", ".join(["%s::bigint[]"] * len(TOKENS))})),
     found as (select array_agg(distinct told.nth) as nths, sharing.place
               from told cross join lateral ({_SHARING}) sharing group by sharing.place)
select nths, report_id, person_id, department, day, sealed from found join persons_identity on ctid = place
"""  # noqa: S608 - constants


class Candidate(NamedTuple):
    """Somebody known, who shares a token with each of these arrivals."""

    nths: list[int]
    person: UUID
    identity: SealedAt


def known(arrivals: Sequence[tuple[BlindTokens, ...]]) -> list[Candidate]:
    """Of those who are stored; each arrival gives its tokens under the key of each live month."""
    rows = [(nth, *astuple(tokens)[1:]) for nth, months in enumerate(arrivals) for tokens in months]
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, [array("bigint", column) for column in zip(*rows, strict=True)])
        while cursor.nextset():
            pass
        return [_candidate(*row) for row in cursor.fetchall()]


def among(arrivals: Sequence[tuple[BlindTokens, ...]]) -> list[tuple[int, int]]:
    """Pairs of arrivals that share a token with each other, the earlier one first."""
    told = [astuple(tokens)[1:] for tokens, *_ in arrivals]  # the kind is in the token
    met_twice = {token for token, count in Counter(chain.from_iterable(told)).items() if token is not None and count > 1}
    blocks: dict[int, list[int]] = defaultdict(list)
    for nth, tokens in enumerate(told):
        for token in met_twice.intersection(tokens):
            blocks[token].append(nth)
    met = (block[:WIDEST] for block in blocks.values())
    return sorted({(one, other) for block in met for at, one in enumerate(block) for other in block[at + 1 :]})


def _candidate(nths: list[int], report: UUID, person: UUID, department: str, day: date, sealed: bytes) -> Candidate:
    return Candidate(nths, person, SealedAt(report, department, day, bytes(sealed)))
