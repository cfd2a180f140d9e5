"""A digest of every report with its facts, as they lie in clear: told to the log when they are written, computed anew to verify them.

    row    = SHA-256(report id, lineage, replaces, status, issued in microseconds, day, then its findings by disease)
    digest = SHA-256(rows of one batch and day, in the order of their report ids)

Fields are joined by U+001F, findings by U+001E; what is not known is empty. A sum of hashes would need no order, but sums can be
made to meet where there are thousands of rows to choose from (Wagner 2002). Standings are left out: they follow from the statements.
The intake digests what the keyholder gave, not what the table holds.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from uuid import UUID

from django.db import connection

from sceau.core.audit.states import State
from sceau.core.keyholder.envelope_verbs import Accepted, Facts

KIND = "facts"
_SAID = {True: "true", False: "false", None: ""}
ROWS = """
select r.id, r.batch, r.day, sha256(convert_to(concat_ws(E'\\x1f', replace(r.id::text, '-', ''),
    replace(r.lineage::text, '-', ''), coalesce(replace(r.replaces::text, '-', ''), ''), r.status,
    (extract(epoch from r.issued) * 1000000)::bigint, to_char(r.day, 'YYYY-MM-DD'), coalesce(f.told, '')), 'UTF8')) as digest
from results_report r left join (
    select report_id, string_agg(concat_ws(E'\\x1f', disease, loinc, result, coalesce(department, ''), age_class, sex, specimen,
        to_char(taken_on, 'YYYY-MM-DD'), coalesce(symptomatic::text, ''), coalesce(reason, '')),
        E'\\x1e' order by disease collate "C") as told
    from results_fact group by report_id) f on f.report_id = r.id
"""
_GROUPS = f"""
select 'facts:' || batch || ':' || to_char(day, 'YYYY-MM-DD'), count(*), sha256(string_agg(digest, '' order by id))
from ({ROWS} {{}}) told group by batch, day
"""  # noqa: S608 - a constant


def rows(reports: Iterable[Accepted]) -> dict[UUID, bytes]:
    """The row of each of these, by its report's id."""
    return {one.id: _row(one) for one in reports}


def states(reports: Iterable[Accepted], rows: Mapping[UUID, bytes], *, batch: UUID) -> list[State]:
    """What the log is told of these reports, a group a day."""
    days: dict[date, list[tuple[int, bytes]]] = {}
    for one in reports:
        days.setdefault(one.day, []).append((one.id.int, rows[one.id]))
    return [_state(batch, day, told) for day, told in sorted(days.items())]


def stored(days: list[date] | None = None) -> Iterator[State]:
    """The same of all that the tables hold, or of these days alone; read as it is asked for."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_GROUPS.format("where r.day = any(%s)" if days is not None else ""), [days] if days is not None else None)
        yield from (State(subject, count, bytes(digest)) for subject, count, digest in cursor)


def _state(batch: UUID, day: date, rows: list[tuple[int, bytes]]) -> State:
    told = b"".join(row for _, row in sorted(rows))
    return State(f"{KIND}:{batch}:{day.isoformat()}", len(rows), hashlib.sha256(told).digest())


def _row(one: Accepted) -> bytes:
    """Kept quick: it is run for every report that comes in."""
    issued, replaces = round(one.issued.timestamp() * 1_000_000), f"{one.replaces.int:032x}" if one.replaces else ""
    statement = f"{one.id.int:032x}\x1f{one.lineage.int:032x}\x1f{replaces}", one.status, str(issued), one.day.isoformat()
    return hashlib.sha256("\x1f".join((*statement, _findings(one.facts) if one.facts else "")).encode()).digest()


def _findings(facts: Facts) -> str:
    symptomatic = _SAID[facts.symptomatic]
    who = (facts.department or "", str(facts.age_class), facts.sex, facts.specimen)
    shared = (*who, facts.taken_on.isoformat(), symptomatic, facts.reason or "")
    return "\x1e".join(sorted("\x1f".join((found.disease, found.loinc, found.result, *shared)) for found in facts.findings))
