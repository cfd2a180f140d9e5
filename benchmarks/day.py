"""Making a record day: so many tests of invented people, sealed by several pharmacies into files before anything is measured.

Of a hundred tests, five are of somebody who was tested before that day; one in two hundred is corrected and one in five hundred
cancelled, by a statement of its own that comes later; eight of a hundred detect something. Who comes is `crowd.person`: households,
namesakes, twins; two in three give an INS of the test system.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from math import exp, log
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec
from benchmarks.crowd import person
from stdnum.fr import nir
from uuid_utils.compat import uuid7

from sceau.core.codes.identifiers import Finess, Ins, InsSystem
from sceau.core.codes.loinc import Loinc
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.report import fhir
from sceau.core.report.model import Finding, Patient, Performer, Reason, Screening, ScreeningReport, Sex, Specimen, Status, blind
from sceau.core.sealing import signing, suite
from sceau.core.sealing.framing import join
from sceau.core.sealing.header import Header
from sceau.core.sealing.seal import seal_envelope

POSITIVE, AGAIN, CORRECTED, CANCELLED, WITH_INS = 0.08, 0.05, 0.005, 0.002, 2 / 3
ALONE, MIDDLE, LARGE = 0.5, (2, 99), (100, 1_000)
CHUNK = 10_000
"""Reports made and sealed at a time, by one process, into one file."""
_LOINC = Loinc("94558-4")


class Pen(NamedTuple):
    """What a pharmacy seals with: the registry's key of this month, its software, its number and the seed of its own key."""

    registry: bytes
    software: UUID
    finess: Finess
    seed: bytes


class Chunk(NamedTuple):
    """`first` numbers its first test in the day; with `alone` every envelope holds one report."""

    pen: Pen
    first: int
    tests: int
    at: datetime
    alone: bool
    file: Path


def chunks(pens: Sequence[Pen], *, first: int, count: int, at: datetime, alone: bool, folder: Path) -> list[Chunk]:
    """`count` tests from number `first` on, the pharmacies in turn."""
    starts = range(first, first + count, CHUNK)
    return [
        Chunk(pens[nth % len(pens)], start, min(CHUNK, first + count - start), at, alone, folder / f"{start}-{alone}")
        for nth, start in enumerate(starts)
    ]


def seal_all(asked: Sequence[Chunk], *, processes: int) -> Iterator[int]:
    """Makes the files; gives the number of envelopes of each as it is done."""
    with get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(seal, asked)


def seal(chunk: Chunk) -> int:
    """One file of framed envelopes; how many."""
    dice, signer, key = random.Random(chunk.first), signing.signer(chunk.pen.seed), suite.public_key(chunk.pen.registry)
    reports, sizes = list(_statements(chunk, dice)), _sizes(dice, alone=chunk.alone)
    envelopes, start = 0, 0
    with chunk.file.open("wb") as file:
        while start < len(reports):
            batch = reports[start : start + next(sizes)]
            names = (suite.key_id(chunk.pen.registry), uuid7(), chunk.pen.software, chunk.pen.finess, chunk.at, len(batch))
            lines, blinded = [fhir.write(one) for one in batch], [fhir.write(blind(one)) for one in batch]
            file.write(join([seal_envelope(Header(*names), lines, blinded, registry=key, signer=signer).data]))
            envelopes, start = envelopes + 1, start + len(batch)
    return envelopes


def _sizes(dice: random.Random, *, alone: bool) -> Iterator[int]:
    """Half the envelopes hold one report. Of the others so many are large that they hold half of all reports; both log-uniform."""
    middle, large = _mean(*MIDDLE), _mean(*LARGE)
    share = (ALONE + (1 - ALONE) * middle) / (large + middle)  # of all envelopes: large · share = alone + middle · (rest − share)
    while True:
        drawn = dice.random()
        bounds = LARGE if drawn < share else MIDDLE if drawn < 1 - ALONE else (1, 1)
        yield 1 if alone else round(exp(dice.uniform(log(bounds[0]), log(bounds[1]))))


def _mean(least: int, most: int) -> float:
    return (most - least) / log(most / least)


def _statements(chunk: Chunk, dice: random.Random) -> Iterator[ScreeningReport]:
    """Final reports, and behind them the statements about some of them, within the chunk's number."""
    later = [_kind(dice) for _ in range(chunk.tests)]
    about = sum(kind is not None for kind in later)
    finals = [final(chunk, number, dice) for number in range(chunk.first, chunk.first + chunk.tests - about)]
    kinds = [kind for kind in later if kind]
    return chain(finals, (_about(one, kind) for one, kind in zip(dice.sample(finals, len(kinds)), kinds, strict=True)))


def _kind(dice: random.Random) -> Status | None:
    drawn = dice.random()
    return Status.CORRECTED if drawn < CORRECTED else Status.ENTERED_IN_ERROR if drawn < CORRECTED + CANCELLED else None


def final(chunk: Chunk, number: int, dice: random.Random) -> ScreeningReport:
    """The test of that number, by its chunk's pharmacy."""
    taken, own = chunk.at - timedelta(minutes=dice.randrange(10, 12 * 60)), uuid7()
    who = dice.randrange(number) if number and dice.random() < AGAIN else number
    result = Result.DETECTED if dice.random() < POSITIVE else Result.NOT_DETECTED
    screening = Screening(
        patient=_patient(who),
        performer=Performer(name="Pharmacie inventée", finess=chunk.pen.finess),
        specimen=Specimen(type=SpecimenType.NASOPHARYNGEAL, taken_at=taken),
        loinc=_LOINC,
        findings=(Finding(_LOINC, result),),
        symptomatic=dice.random() < 0.4,
        reason=dice.choice(tuple(Reason)),
    )
    return ScreeningReport(id=own, lineage=own, status=Status.FINAL, issued=taken + timedelta(minutes=5), screening=screening)


def _about(original: ScreeningReport, status: Status) -> ScreeningReport:
    issued, screening = original.issued + timedelta(minutes=1), original.screening if status is Status.CORRECTED else None
    return msgspec.structs.replace(
        original, id=uuid7(), status=status, issued=issued, replaces=original.id, screening=screening and _turned(screening)
    )


def _turned(screening: Screening) -> Screening:
    found = Result.NOT_DETECTED if screening.findings[0].result is Result.DETECTED else Result.DETECTED
    return msgspec.structs.replace(screening, findings=(Finding(_LOINC, found),))


def _patient(number: int) -> Patient:
    who, dice = person(number), random.Random(number + 1)
    return msgspec.structs.replace(who, ins=_ins(number, who)) if dice.random() < WITH_INS else who


def _ins(number: int, who: Patient) -> Ins:
    """Every person has another: twins differ in the order number."""
    digits = (
        f"{1 if who.sex is Sex.MALE else 2}{who.birth_date:%y%m}{number // 990 % 95 + 1:02}{number % 990:03}{number % 997 + 1:03}"
    )
    return Ins(digits + nir.calc_check_digits(digits), InsSystem.TEST)
