"""A pharmacy's people, in memory: found by a few letters, with slips, by birth date, by the last digits of the phone. Pure.

Names are compared without accents, case or punctuation. Every term of a query must be found; a name's beginning counts most, then
a likeness (Jaro-Winkler, as rapidfuzz has it), so that `dupnt` finds Dupont when nobody begins like that.
"""

import re
import unicodedata
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from heapq import nlargest
from typing import NamedTuple
from uuid import UUID

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from sceau.core.report.model import Patient, Status
from sceau.counter.patients.entry import Entry

SHOWN = 8
_ENOUGH, _LIKE, _SHORTEST, _END = 4, 0.86, 3, 2
_APART = re.compile(r"[\W_]+")
_TERM = re.compile(r"\d[\d/.\-]*|[^\W\d]+")


class Person(NamedTuple):
    """Somebody as last seen: the report whose card says so, and when."""

    card: UUID
    patient: Patient
    seen: datetime


def folded(text: str) -> str:
    """Without accents and case, words apart by one space."""
    return " ".join(_APART.sub(" ", text if text.isascii() else _unaccented(text)).casefold().split())


class Directory:
    def __init__(self) -> None:
        self._people: dict[tuple[str, ...], Person] = {}
        self._keys: dict[UUID, tuple[str, ...]] = {}
        self._lineages: defaultdict[UUID, set[UUID]] = defaultdict(set)
        self._words: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._ordered: list[str] = []
        self._born: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._ends: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._people)

    def add(self, entry: Entry, seen: datetime) -> None:
        """Takes a card in; a later one of the same person takes the place of the earlier."""
        self._lineages[entry.lineage].add(entry.report)
        patient = entry.patient
        if patient is None or entry.status is Status.ENTERED_IN_ERROR:
            return
        key = _key(patient)
        known = self._people.get(key)
        self._keys[entry.report] = key
        if known is None or known.seen <= seen:
            self._people[key] = Person(entry.report, patient, seen)
        for born in (f"{patient.birth_date:%d%m}", f"{patient.birth_date.year:04}"):
            self._born[born].add(key)
        self._ends[(patient.phone or "")[-_END:]].add(key)
        for word in _words(key, patient):
            if word not in self._words:
                insort(self._ordered, word)
            self._words[word].add(key)

    def remove(self, report: UUID) -> None:
        """Forgets a card that was taken back; somebody known by another card stays."""
        key = self._keys.pop(report, None)
        if key in self._people and self._people[key].card == report:
            del self._people[key]

    def person(self, card: UUID) -> Person | None:
        return self._people.get(self._keys.get(card, ()))

    def statements(self, lineage: UUID) -> set[UUID]:
        """The reports that are about one screening."""
        return self._lineages.get(lineage, set())

    def search(self, query: str) -> list[Person]:
        """The best `SHOWN`, the likeliest and latest first; nobody for an empty query."""
        terms = _TERM.findall(folded_query(query))
        found: dict[tuple[str, ...], float] | None = None
        for term in terms:
            scores = self._by_digits(term) if term[0].isdigit() else self._by_name(term)
            found = scores if found is None else {key: found[key] + score for key, score in scores.items() if key in found}
        best = ((score, self._people[key]) for key, score in (found or {}).items() if key in self._people)
        return [person for _, person in nlargest(SHOWN, best, key=lambda one: (one[0], one[1].seen))]

    def alike(self, family: str, given: str, born: date | None) -> list[Person]:
        """Who may be the same as somebody being typed in: offered, never merged. Born on the same day, the family name is enough."""
        if not (family and given):
            return []
        if born is None:
            return self.search(f"{family} {given}")
        return [one for one in self.search(f"{family} {born:%d%m%Y}") if one.patient.birth_date == born]

    def _by_name(self, term: str) -> dict[tuple[str, ...], float]:
        scores = dict(self._scored((word, 1.0 + len(term) / len(word)) for word in self._beginning(term)))
        if len(scores) < _ENOUGH and len(term) >= _SHORTEST:
            near = process.extract(term, self._ordered, scorer=JaroWinkler.similarity, score_cutoff=_LIKE, limit=20)
            for key, score in self._scored((word, score) for word, score, _ in near):
                scores.setdefault(key, score)
        return scores

    def _scored(self, words: Iterable[tuple[str, float]]) -> Iterable[tuple[tuple[str, ...], float]]:
        best: dict[tuple[str, ...], float] = {}
        for word, score in words:
            for key in self._words[word]:
                best[key] = max(score, best.get(key, 0.0))
        return best.items()

    def _beginning(self, term: str) -> Iterator[str]:
        for place in range(bisect_left(self._ordered, term), len(self._ordered)):
            if not self._ordered[place].startswith(term):
                return
            yield self._ordered[place]

    def _by_digits(self, term: str) -> dict[tuple[str, ...], float]:
        digits = re.sub(r"\D", "", term)
        candidates = {key for born in self._born_on(digits) for key in self._born[born]}
        candidates |= self._born.get(digits, set()) | self._ends.get(digits[-_END:], set())
        known = ((key, self._people.get(key)) for key in candidates)
        return {key: 1.0 for key, person in known if person and _bears(person.patient, digits)}

    def _born_on(self, digits: str) -> list[str]:
        """The days of a year that some digits begin, or that begin them."""
        days = (f"{day:02}{month:02}" for month in range(1, 13) for day in range(1, 32))
        return [day for day in days if day in self._born and (day.startswith(digits) or digits.startswith(day))]


def folded_query(query: str) -> str:
    """Folded, but for the marks that hold a date together."""
    return " ".join(part if part[0].isdigit() else folded(part) for part in query.split())


def _unaccented(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def _key(patient: Patient) -> tuple[str, ...]:
    return (folded(patient.family), folded(" ".join(patient.given)), patient.birth_date.isoformat(), patient.sex.value)


def _words(key: tuple[str, ...], patient: Patient) -> set[str]:
    """Of the birth names, which are folded already, and of those in use."""
    used = [folded(name) for name in (patient.used_family, patient.used_given) if name]
    return {word for name in (*key[:2], *used) for word in name.split()}


def _bears(patient: Patient, digits: str) -> bool:
    """A birth date from its day on, with the year in two digits or four; or a phone number's end."""
    born = patient.birth_date
    day = f"{born:%d%m}"
    year = f"{born.year:04}"
    if (day + year).startswith(digits) or (day + year[2:]).startswith(digits) or digits == year:
        return True
    return len(digits) >= 2 and (patient.phone or "").endswith(digits)
