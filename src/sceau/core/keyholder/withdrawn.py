"""Consents that were refused in envelopes opened here lately: what the intake may have forgotten on its own word, and no more.

In memory alone: the intake asks within the transaction in which the envelope was opened, and after a restart has it opened again.
"""

from collections.abc import Iterable
from uuid import UUID

from sceau.core.keyholder.errors import KeyholderError, Refusal

MOST = 100
"""Identities for one screening whose consent was refused: its report, corrections of it, and no stranger's."""
REMEMBERED = 100_000


class Withdrawn:
    """Screenings by their lineage, with how many identities may still be forgotten for each; the oldest make room."""

    def __init__(self) -> None:
        self._left: dict[UUID, int] = {}

    def opened(self, lineages: Iterable[UUID]) -> None:
        """An envelope opened again gives nothing anew."""
        for lineage in lineages:
            self._left.setdefault(lineage, MOST)
        for oldest in list(self._left)[: max(0, len(self._left) - REMEMBERED)]:
            self._left.pop(oldest, None)  # two batches may be opened at once

    def spend(self, lineages: Iterable[UUID], count: int) -> None:
        """Raises `not-allowed` where so many identities are not these screenings'."""
        known = [one for one in dict.fromkeys(lineages) if one in self._left]
        if sum(self._left[one] for one in known) < count:
            raise KeyholderError(Refusal.NOT_ALLOWED, "no consent to so many was refused in an envelope opened here")
        for one in known:
            spent = min(count, self._left[one])
            self._left[one] -= spent
            count -= spent
