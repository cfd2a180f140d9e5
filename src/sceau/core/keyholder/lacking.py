"""What a store does not have, told to the operator: a store that is older than its database shows by this. It gives out no secret."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sceau.core.keyholder.credential_verbs import Lacked, Lacking
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.shapes import Question
from sceau.core.keyholder.store import Store


class Lacks:
    """Answers for both services."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def handlers(self) -> Mapping[type[Question], Callable[[Any, str], Any]]:
        return {Lacking: lambda asked, _: self.lacking(asked)}

    def lacking(self, asked: Lacking) -> Lacked:
        """In the order asked. Raises `KeyholderError` (`not-understood`) for an owner that is no name."""
        credentials = [one for one in asked.credentials if not self._has(f"credentials/{one}")]
        return Lacked(credentials, [(owner, day) for owner, day in asked.days if not self._has(_day(owner, day))])

    def _has(self, name: str) -> bool:
        try:
            return self._store.place(name).exists()
        except ValueError:
            raise KeyholderError(Refusal.NOT_UNDERSTOOD, "owner") from None


def _day(owner: str, day: date) -> str:
    return f"owners/{owner}/{day.isoformat()}" if owner else f"days/{day.isoformat()}"
