"""The length of a body tells how many reports there are and how long they are, never what was found."""

import json
from collections.abc import Callable, Sequence
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.core.sealing import body
from sceau.core.sealing.body import SMALLEST, size_class

KEY = bytes(body.KEY_LENGTH)
DETECTED = ("260373001", "Detected", "POS", "Positive")
NOT_DETECTED = ("260415000", "Not detected", "NEG", "Negative")
INCONCLUSIVE = ("419984006", "Inconclusive", "IND", "Indeterminate")
TESTS = (["94558-4"], ["94558-4"], ["97097-0", "80382-5", "80383-3"], ["94500-6", "92142-9", "92141-1", "92131-2"])
OID = "urn:oid:1.2.250.1.213.1.4.10"
Found = tuple[str, str, str, str]
Render = Callable[[Callable[[], Found]], bytes]


def _word(random: Random, length: int) -> str:
    return "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=length))


def _digits(random: Random, length: int) -> str:
    return "".join(random.choices("0123456789", k=length))


def _day(random: Random, year: int) -> str:
    return f"{year}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def report(random: Random) -> Render:
    """One screening of an invented person; given what was found, its line of about 2 to 4 kB."""
    codes, ids = random.choice(TESTS), [f"urn:uuid:{UUID(int=random.getrandbits(128))}" for _ in range(10)]
    at = f"{_day(random, 2021)}T{random.randint(8, 19):02}:{random.randint(0, 59):02}:00+01:00"
    people = [_patient(random, ids[0]), _specimen(ids[1], at), _pharmacy(ids[2]), _statement(ids[3:], at)]

    def render(found: Callable[[], Found]) -> bytes:
        observations = [_observation(code, found(), ids, at) for code in codes]
        bundle = {"resourceType": "Bundle", "type": "message", "timestamp": at, "entry": [*people, *observations]}
        return json.dumps(bundle, separators=(",", ":"), ensure_ascii=False).encode()

    return render


def _entry(uuid: str, kind: str, **fields: object) -> dict[str, object]:
    return {"fullUrl": uuid, "resource": {"resourceType": kind, **fields}}


def _patient(random: Random, uuid: str) -> dict[str, object]:
    name = {"use": "official", "family": _word(random, random.randint(4, 12)).title(), "given": [_word(random, 7).title()]}
    home = {"line": [f"{random.randint(1, 99)} rue {_word(random, 9)}"], "postalCode": _digits(random, 5), "country": "FR"}
    return _entry(
        uuid, "Patient", identifier=[{"system": OID, "value": _digits(random, 15)}], name=[name],
        telecom=[{"system": "phone", "value": "+336" + _digits(random, 8)}], gender=random.choice(["male", "female"]),
        birthDate=_day(random, random.randint(1930, 2015)), address=[home],
    )  # fmt: skip


def _specimen(uuid: str, at: str) -> dict[str, object]:
    kind = {"coding": [{"system": "http://snomed.info/sct", "code": "258500001"}]}
    return _entry(uuid, "Specimen", type=kind, collection={"collectedDateTime": at})


def _pharmacy(uuid: str) -> dict[str, object]:
    number = {"system": "urn:oid:1.2.250.1.71.4.2.2", "value": "750000002"}
    return _entry(uuid, "Organization", identifier=[number], name="Pharmacie des Lilas")


def _statement(ids: Sequence[str], at: str) -> dict[str, object]:
    return _entry(ids[0], "DiagnosticReport", status="final", issued=at, result=[{"reference": uuid} for uuid in ids[1:]])


def _observation(code: str, found: Found, ids: Sequence[str], at: str) -> dict[str, object]:
    meaning = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
    return _entry(
        ids[4], "Observation", status="final", code={"coding": [{"system": "http://loinc.org", "code": code}]},
        subject={"reference": ids[0]}, effectiveDateTime=at, specimen={"reference": ids[1]},
        valueCodeableConcept={"coding": [{"system": "http://snomed.info/sct", "code": found[0], "display": found[1]}]},
        interpretation=[{"coding": [{"system": meaning, "code": found[2], "display": found[3]}]}],
    )  # fmt: skip


def _batch(random: Random, count: int, results: Sequence[Found]) -> tuple[list[bytes], list[bytes]]:
    """The lines of `count` reports with random `results`, and their blinded twins."""
    renders = [report(random) for _ in range(count)]
    return [render(lambda: random.choice(results)) for render in renders], [render(lambda: NOT_DETECTED) for render in renders]


BATCHES = [(1, 60), (2, 40), (10, 12), (100, 4), (1000, 1)]
MIXES = {
    "random": (DETECTED, NOT_DETECTED, INCONCLUSIVE),
    "all-positive": (DETECTED,),
    "rare": (NOT_DETECTED,) * 20 + (DETECTED,),
}


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize(("count", "seeds"), BATCHES)
def test_the_length_is_the_same_whatever_was_found(count: int, seeds: int, mix: str) -> None:
    for seed in range(seeds):
        found, blinded = _batch(Random(seed), count, MIXES[mix])  # noqa: S311
        assert len(body.encode(KEY, found, blinded)) == len(body.encode(KEY, blinded, blinded))


@pytest.mark.parametrize(("count", "seeds"), BATCHES)
def test_the_slack_is_ample_so_that_the_room_never_grows_for_results(count: int, seeds: int) -> None:
    """At least a third of it stays free, and the larger class of the fallback is never needed."""
    for seed in range(seeds):
        found, blinded = _batch(Random(seed), count, MIXES["random"])  # noqa: S311
        extra = len(body._compress(found)) - len(body._compress(blinded))
        assert extra * 3 <= (body._SLACK_ONCE + body._SLACK_EACH * count) * 2


def test_a_body_reads_back() -> None:
    found, blinded = _batch(Random(1), 20, MIXES["random"])  # noqa: S311
    assert body.decode(body.encode(KEY, found, blinded), 20) == (KEY, found)


def test_results_that_do_not_fit_are_sealed_in_a_larger_class_rather_than_lost() -> None:
    line = Random(1).randbytes(5000).replace(b"\n", b" ")  # noqa: S311
    assert body.decode(body.encode(KEY, [line], [b"short"]), 1) == (KEY, [line])


@given(st.integers(0, 40_000_000), st.integers(0, 40_000_000))
def test_size_classes_are_monotone(one: int, other: int) -> None:
    assert size_class(min(one, other)) <= size_class(max(one, other))


@given(st.integers(0, 40_000_000))
def test_a_size_class_is_its_own_and_at_most_an_eighth_more_above_the_floor(length: int) -> None:
    size = size_class(length)
    assert size_class(size) == size >= length
    assert size == SMALLEST or size * 8 <= length * 9


@pytest.mark.parametrize(
    ("length", "size"),
    [(0, 2048), (2048, 2048), (2049, 2304), (2305, 2560), (4096, 4096), (4097, 4608), (65_537, 73_728), (1_000_000, 1_048_576)],
)
def test_size_classes_are_these(length: int, size: int) -> None:
    assert size_class(length) == size
