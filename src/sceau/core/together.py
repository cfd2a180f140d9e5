"""What several threads ask for at once, done in one go: as a database commits a group. Nobody waits for others to come.

Whoever comes while nothing is being done does what waits, their own first; who comes meanwhile waits for the next go, which the first
of them does. A go that fails is done again by each asker alone, so that nobody suffers from another's error and every error is raised
where it belongs: what is asked must therefore be safe to do twice.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class _Turn(Generic[Asked, Answer]):
    """One asker. `wait` ends, once, when it is answered, when it has to do for itself, or when it is its turn to do for all: a lock,
    which costs less than an event.
    """

    def __init__(self, asked: Asked, weight: int) -> None:
        self.asked, self.weight = asked, weight
        self._untold, self.leads = threading.Lock(), False
        self.wait, self.tell = self._untold.acquire, self._untold.release
        self.wait()
        self.answers: Sequence[Answer] = ()


class Together(Generic[Asked, Answer]):
    """`do` answers many in their order; `most` is how much `weight` one go may have together, unless a single one has more."""

    def __init__(self, do: Callable[[Sequence[Asked]], Sequence[Answer]], *, most: int) -> None:
        self._do, self._most = do, most
        self._guard, self._busy = threading.Lock(), False
        self._waiting: list[_Turn[Asked, Answer]] = []

    def __call__(self, asked: Asked, *, weight: int = 1) -> Answer:
        """Raises what `do` raises for this one alone."""
        turn = _Turn[Asked, Answer](asked, weight)
        with self._guard:
            self._waiting.append(turn)
            turn.leads, self._busy = not self._busy, True
        if not turn.leads:
            turn.wait()
        if turn.leads:
            self._lead()
        return turn.answers[0] if turn.answers else self._do([asked])[0]

    def _lead(self) -> None:
        """One go, of which the caller's is the first; then it is the next one's turn."""
        going = self._going()
        try:
            self._go(going)
        finally:
            for turn in going[1:]:
                turn.tell()
            self._hand_on()

    def _go(self, going: Sequence[_Turn[Asked, Answer]]) -> None:
        try:
            answers = self._do([turn.asked for turn in going])
        except Exception:
            if len(going) == 1:
                raise
            return
        for turn, answer in zip(going, answers, strict=True):
            turn.answers = (answer,)

    def _going(self) -> list[_Turn[Asked, Answer]]:
        with self._guard:
            count, weight = 1, self._waiting[0].weight
            while count < len(self._waiting) and (weight := weight + self._waiting[count].weight) <= self._most:
                count += 1
            going, self._waiting = self._waiting[:count], self._waiting[count:]
            return going

    def _hand_on(self) -> None:
        with self._guard:
            self._busy = bool(self._waiting)
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].tell()
