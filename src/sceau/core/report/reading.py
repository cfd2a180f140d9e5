"""What comes out of a file: rows, each understood or refused with its problems, never half of one.

`Row.canonical` is what makes two rows the same: everything that the sender said, less what changes when the same thing is sent
again (message ids, send times). An import's id is a keyed hash of it (ADR 0002); an accession number alone identifies nothing.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from sceau.core.report.errors import Problem
from sceau.core.report.model import Screening, Status


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What one row states. `sender` and `accession` are the sender's own; a cancellation still says which screening."""

    sender: str
    accession: str | None
    status: Status
    issued: datetime
    screening: Screening


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row, message or bundle, numbered from 1 as people count; `statement` is None when `problems` says why."""

    number: int
    canonical: bytes
    statement: Statement | None = None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A file being read: its form (`fhir`, `hl7v2`, `csv:simplereport`…), warnings about it all, and its rows, lazily."""

    form: str
    rows: Iterator[Row]
    total: int
    warnings: tuple[Problem, ...] = ()
