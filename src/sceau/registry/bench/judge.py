"""What each scenario makes of what arrived: passed, or not yet. Pure: the same calls and arrivals, the same verdict."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sceau.core.codes.loinc import Disease
from sceau.core.report.model import Status
from sceau.registry.bench.enums import Fault, Kind
from sceau.registry.bench.models import Arrival, Call
from sceau.registry.bench.scenarios import PERSONS, SCENARIOS

_MOST_REFUSED = 2
"""A refused report is not sent over and over."""


class Seen(NamedTuple):
    """Of one software, since its test began, the oldest first."""

    calls: Sequence[Call]
    arrivals: Sequence[Arrival]

    def of(self, scenario: str) -> list[Arrival]:
        return [one for one in self.arrivals if one.scenario == scenario]


def verdicts(seen: Seen) -> dict[str, bool]:
    """In the order of the scenarios."""
    return {name: _RULES.get(name, _final)(seen, name) for name in SCENARIOS}


def _final(seen: Seen, name: str) -> bool:
    """One final report, with these very results, of a person who can be found."""
    found = seen.of(name)
    return any(_is(one, name, Status.FINAL) and one.named for one in found) and _reports(found) == 1


def _corrected(seen: Seen, name: str) -> bool:
    """A final report of another result, then a correction of it that says the right one."""
    before = [one for one in seen.of(name) if _results(one) != _expected(name)]
    return any(_is(one, name, Status.CORRECTED) and _about(one, before) for one in seen.of(name))


def _cancelled(seen: Seen, name: str) -> bool:
    entered = [one for one in seen.arrivals if one.status == Status.ENTERED_IN_ERROR]
    before = [had for had in seen.of(name) if _is(had, name, Status.FINAL)]
    return any(_about(one, before) for one in entered)


def _out_of_scope(seen: Seen, name: str) -> bool:
    """Refused, its answer fetched, and not sent over and over."""
    refused = [one for one in seen.arrivals if one.report is None]
    return 0 < len(refused) <= _MOST_REFUSED and {one.envelope for one in refused} <= _asked(seen)


def _consent_refused(seen: Seen, name: str) -> bool:
    """Facts alone: nobody who could be found."""
    about = [one for one in seen.arrivals if _diseases(one) == {Disease.RSV.value}]
    return bool(about) and not any(one.named for one in about) and any(_results(one) == _expected(name) for one in about)


def _came_again(fault: Fault) -> Callable[[Seen, str], bool]:
    """What was sent into that fault came again, under the same ids, and arrived."""

    def rule(seen: Seen, name: str) -> bool:
        failed = [(nth, one) for nth, one in enumerate(seen.calls) if one.fault == fault and one.envelopes]
        arrived = {one.envelope for one in seen.arrivals}
        return bool(failed) and all(set(one.envelopes) <= _sent_after(seen, nth) & arrived for nth, one in failed)

    return rule


def _acknowledged(seen: Seen, name: str) -> bool:
    arrived = {one.envelope for one in seen.arrivals}
    return bool(arrived) and arrived <= _asked(seen)


_RULES: dict[str, Callable[[Seen, str], bool]] = {
    "corrected": _corrected,
    "cancelled": _cancelled,
    "out-of-scope": _out_of_scope,
    "consent-refused": _consent_refused,
    "outage": _came_again(Fault.UNAVAILABLE),
    "suspended": _came_again(Fault.SUSPENDED),
    "replay": _came_again(Fault.DROPPED),
    "acknowledged": _acknowledged,
}


def _is(one: Arrival, name: str, status: Status) -> bool:
    return one.status == status and _results(one) == _expected(name)


def _about(one: Arrival, found: Sequence[Arrival]) -> bool:
    """Whether it is a later statement about one of these final reports: they share the lineage."""
    return any(had.lineage == one.lineage and had.status == Status.FINAL and had.report != one.report for had in found)


def _reports(found: Sequence[Arrival]) -> int:
    return len({one.report for one in found})


def _results(one: Arrival) -> set[tuple[str, str]]:
    return {(code, result) for _, code, result in one.findings}


def _diseases(one: Arrival) -> set[str]:
    return {disease for disease, _, _ in one.findings}


def _expected(name: str) -> set[tuple[str, str]]:
    return {(code, result.value) for code, result in PERSONS[name].results}


def _asked(seen: Seen) -> set[object]:
    return {each for one in seen.calls if one.kind == Kind.ASK for each in one.envelopes}


def _sent_after(seen: Seen, nth: int) -> set[object]:
    later = [one for one in seen.calls[nth + 1 :] if one.kind == Kind.SEND and one.fault != Fault.UNAVAILABLE]
    return {each for one in later for each in one.envelopes}
