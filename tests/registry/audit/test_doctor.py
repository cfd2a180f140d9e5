"""`sceau doctor` names what is wrong, and nothing where nothing is."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from sceau.core.audit.models import Verification
from sceau.core.doctor import Asked, findings
from sceau.core.keyholder.credential_verbs import Lacked, Lacking
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.service_verbs import Told
from sceau.core.keyholder.shapes import Question

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Keyholder(Asked):
    def __init__(self, *, unsafe: bool = False, now: datetime = NOW, checkpoint: int = 0, own: bool = True) -> None:
        self.own = own
        self.told = Told("registry", 1, bytes(32), unsafe, 3, now, bytes(32), checkpoint, bytes(32))

    def ask(self, question: Question) -> object:
        return Lacked([], []) if isinstance(question, Lacking) else self.told

    def user(self) -> int:
        return os.geteuid() + self.own


class Away(Asked):
    def ask(self, question: Question) -> object:
        raise KeyholderError(Refusal.UNAVAILABLE)


def dangers(keyholder: Asked) -> list[int]:
    return [one.danger for one in findings(keyholder, now=NOW)]


@pytest.fixture(autouse=True)
def verified() -> None:
    """An hour ago all was as the log said."""
    looked(hours=1)


def looked(*, hours: float, faults: int = 0) -> None:
    Verification.objects.create(at=NOW - timedelta(hours=hours), entries=7, faults=faults)


def test_a_sound_one_has_no_findings() -> None:
    assert dangers(Keyholder()) == []


@pytest.mark.parametrize(
    ("keyholder", "expected"),
    [
        (Away(), [1]),
        (Keyholder(unsafe=True), [2]),
        (Keyholder(now=NOW + timedelta(seconds=59)), []),
        (Keyholder(now=NOW + timedelta(seconds=61)), [3]),
        (Keyholder(now=NOW - timedelta(minutes=5)), [3]),
        (Keyholder(now=NOW - timedelta(minutes=5, seconds=1)), [1]),
        (Keyholder(checkpoint=1), [1]),
        (Keyholder(own=False), [2]),
    ],
)
def test_each_trouble_has_its_danger(keyholder: Asked, expected: list[int]) -> None:
    assert dangers(keyholder) == expected


def test_it_says_what_the_last_look_at_the_whole_found() -> None:
    looked(hours=0.5, faults=3)
    (found,) = findings(Keyholder(), now=NOW)
    assert (found.danger, found.what) == (1, "on 2026-11-23 08:30 UTC, 3 things were not as the log says")
    looked(hours=0.1)
    assert dangers(Keyholder()) == []


@pytest.mark.parametrize(("hours", "expected"), [(46, []), (48, [4])])
def test_it_says_when_nobody_looked_for_two_days(hours: float, expected: list[int]) -> None:
    assert [
        one.danger for one in findings(Keyholder(now=NOW + timedelta(hours=hours)), now=NOW + timedelta(hours=hours))
    ] == expected
