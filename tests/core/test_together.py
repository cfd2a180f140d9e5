"""What several threads ask for at once is done in one go, and each gets its own answer or its own error."""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from sceau.core.together import Together

ASKERS = 6


class Shop:
    """Doubles numbers; the first go waits until it is let go, so that the others meet behind it."""

    def __init__(self, *, most: int = 100, poison: int | None = None) -> None:
        self.goes: list[list[int]] = []
        self._poison, self._opened = poison, threading.Event()
        self._first = threading.Event()
        self.ask = Together(self._do, most=most)

    def _do(self, asked: Sequence[int]) -> list[int]:
        self.goes.append(list(asked))
        if len(self.goes) == 1:
            self._first.set()
            assert self._opened.wait(10)
        if self._poison in asked:
            raise ValueError(self._poison)
        return [2 * one for one in asked]

    def meet(self, pool: ThreadPoolExecutor, *, weight: int = 1) -> list[Future[int]]:
        """The first goes in alone; the others are all waiting when it is let go."""
        told = [pool.submit(self.ask, 0)]
        assert self._first.wait(10)
        told += [pool.submit(self.ask, one, weight=weight) for one in range(1, ASKERS)]
        while len(self.ask._waiting) < ASKERS - 1:
            os.sched_yield()
        self._opened.set()
        return told


@pytest.fixture
def pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(ASKERS)


def test_one_alone_is_done_at_once() -> None:
    shop = Shop()
    shop._opened.set()
    assert (shop.ask(7), shop.ask(8), shop.goes) == (14, 16, [[7], [8]])


def test_those_who_come_meanwhile_are_done_together_and_each_gets_its_own(pool: ThreadPoolExecutor) -> None:
    shop = Shop()
    assert [one.result(10) for one in shop.meet(pool)] == [0, 2, 4, 6, 8, 10]
    assert [sorted(go) for go in shop.goes] == [[0], [1, 2, 3, 4, 5]]


def test_a_go_is_no_heavier_than_it_may_be(pool: ThreadPoolExecutor) -> None:
    shop = Shop(most=4)
    assert [one.result(10) for one in shop.meet(pool, weight=2)] == [0, 2, 4, 6, 8, 10]
    assert [len(go) for go in shop.goes] == [1, 2, 2, 1]


def test_what_is_heavier_than_a_go_has_one_of_its_own(pool: ThreadPoolExecutor) -> None:
    shop = Shop(most=4)
    shop.meet(pool, weight=5)[-1].result(10)
    pool.shutdown()
    assert [len(go) for go in shop.goes] == [1] * ASKERS


def test_an_error_is_raised_to_whom_it_belongs_alone(pool: ThreadPoolExecutor) -> None:
    shop = Shop(poison=3)
    told = shop.meet(pool)
    assert [one.result(10) for one in told if one is not told[3]] == [0, 2, 4, 8, 10]
    with pytest.raises(ValueError, match="3"):
        told[3].result(10)


def test_after_an_error_the_next_goes_on() -> None:
    shop = Shop(poison=3)
    shop._opened.set()
    with pytest.raises(ValueError, match="3"):
        shop.ask(3)
    assert shop.ask(4) == 8
