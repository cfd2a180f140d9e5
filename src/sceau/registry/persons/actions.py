"""Keeping identities as the keyholder sealed them."""

from collections.abc import Iterable
from uuid import UUID

from msgspec.structs import astuple

from sceau.core.bulk import copy
from sceau.core.keyholder.verbs import Accepted, BlindTokens
from sceau.registry.persons.models import Identity

_COLUMNS = ("report_id", "day", "department", "sealed", *BlindTokens.__struct_fields__)


def keep(reports: Iterable[Accepted], *, new: set[UUID]) -> None:
    """The sealed identities of the reports in `new`; a report without one (a cancellation, a refused consent) leaves no row."""
    kept = ((one, one.identity) for one in reports if one.identity and one.id in new)
    rows = ((one.id, sealed.day, _department(one), sealed.sealed, *astuple(sealed.tokens)) for one, sealed in kept)
    copy(Identity, _COLUMNS, rows)


def _department(report: Accepted) -> str:
    return (report.facts and report.facts.department) or ""
