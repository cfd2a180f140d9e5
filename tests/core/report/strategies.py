"""Hypothesis strategies for every type of the report: whatever they draw is a valid report, of nobody.

Numbers have their right check digits; an INS is always of the test system. Texts are printable and not blank, as people's are;
offsets are whole minutes, as every form can write them.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import TypeVar

from hypothesis import strategies as st
from stdnum import luhn
from stdnum.fr import nir

from sceau.core.codes.identifiers import Finess, ForeignIdentifier, Gtin, Ins, InsSystem, Rpps
from sceau.core.codes.loinc import ASSAYS, Loinc
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.codes.territory import DEPARTMENTS, OUTSIDE, Department
from sceau.core.report.model import (
    Address,
    Consent,
    Finding,
    Kit,
    Patient,
    Performer,
    Pregnancy,
    Reason,
    Screening,
    ScreeningReport,
    Sex,
    Specimen,
    Status,
)

T = TypeVar("T")
FIRST_TEST, LAST_TEST = datetime(2020, 5, 13), datetime(2030, 12, 31)  # noqa: DTZ001 - made aware by `times`

_PRINTABLE = st.characters(exclude_categories=["C", "Z"]) | st.just(" ")


def texts(longest: int = 60) -> st.SearchStrategy[str]:
    """Printable text in any script, not blank."""
    return st.text(_PRINTABLE, min_size=1, max_size=longest).filter(lambda text: bool(text.strip()))


def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | strategy


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


def _luhn(kind: Callable[[str], T], count: int) -> st.SearchStrategy[T]:
    return digits(count).map(lambda number: kind(number + luhn.calc_check_digit(number)))


def _gtin(number: str) -> Gtin:
    weights = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(number)))
    return Gtin(number + str((10 - weights % 10) % 10))


def _ins(number: str) -> Ins:
    return Ins(number + nir.calc_check_digits(number), InsSystem.TEST)


finess = _luhn(Finess, 8)
rpps = _luhn(Rpps, 10)
gtins = st.sampled_from([7, 11, 12, 13]).flatmap(digits).map(_gtin)
ins = st.tuples(st.sampled_from(["188046", "295037"]), digits(7)).map("".join).map(_ins)
foreign = st.builds(ForeignIdentifier, st.just("urn:oid:2.16.840.1.113883.4.7") | st.just("CLIA") | texts(), texts())
departments = st.sampled_from(sorted(DEPARTMENTS | {OUTSIDE})).map(Department)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(FIRST_TEST, LAST_TEST, timezones=offsets)
addresses = st.builds(
    Address,
    lines=st.lists(texts(), max_size=3).map(tuple),
    postal_code=maybe(digits(5)),
    city=texts(),  # an address that says nothing is no address in any form
    country=maybe(st.sampled_from(["FR", "RE", "BE", "US"])),
)
patients = st.builds(
    Patient,
    family=texts(),
    given=st.lists(texts(20), min_size=1, max_size=3).map(tuple),
    birth_date=st.dates(date(1880, 1, 1), date(2020, 5, 1)),
    sex=st.sampled_from(Sex),
    used_family=maybe(texts()),
    used_given=maybe(texts()),
    birth_place=maybe(texts()),
    ins=maybe(ins),
    phone=maybe(st.just("+33612345678") | texts(20)),
    email=maybe(st.just("hugo@example.org") | texts(40)),
    address=maybe(addresses),
    department=maybe(departments),
)
performers = st.builds(Performer, name=texts(), finess=finess, rpps=maybe(rpps), foreign=maybe(foreign)) | st.builds(
    Performer, name=texts(), rpps=maybe(rpps), foreign=foreign
)
specimens = st.builds(Specimen, type=st.sampled_from(SpecimenType), taken_at=times)
kits = st.builds(
    Kit,
    name=texts(),
    manufacturer=maybe(texts()),
    gtin=maybe(gtins),
    lot=maybe(texts(20)),
    expiry=maybe(st.dates(date(2031, 1, 1), date(2099, 12, 31))),
)


@st.composite
def screenings(draw: st.DrawFn) -> Screening:
    """Any test of any disease, a panel with some of its parts."""
    test = draw(st.sampled_from(sorted(ASSAYS)))
    parts = draw(st.lists(st.sampled_from(ASSAYS[test].parts or (test,)), min_size=1, unique=True))
    return Screening(
        patient=draw(patients),
        performer=draw(performers),
        specimen=draw(specimens),
        loinc=Loinc(test),
        findings=tuple(Finding(Loinc(part), draw(st.sampled_from(Result))) for part in parts),
        kit=draw(maybe(kits)),
        symptomatic=draw(maybe(st.booleans())),
        onset=draw(maybe(st.dates(date(1990, 1, 1), FIRST_TEST.date()))),
        pregnancy=draw(maybe(st.sampled_from(Pregnancy))),
        reason=draw(maybe(st.sampled_from(Reason))),
        consent=draw(st.sampled_from(Consent)),
    )


@st.composite
def reports(draw: st.DrawFn, statuses: Sequence[Status] = tuple(Status)) -> ScreeningReport:
    """A final report, a correction, or a cancellation."""
    status = draw(st.sampled_from(statuses))
    own, lineage, replaced = draw(st.lists(st.uuids(), min_size=3, max_size=3, unique=True))
    return ScreeningReport(
        id=own,
        lineage=draw(st.sampled_from([own, lineage])),
        status=status,
        issued=draw(times),
        replaces=None if status is Status.FINAL else replaced,
        screening=None if status is Status.ENTERED_IN_ERROR else draw(screenings()),
    )
