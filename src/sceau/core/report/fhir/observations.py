"""Observation: results, and answers to questions at order entry, told apart by their LOINC code.

Follows FHIR R4 Observation and the closed lists of `sceau.core.codes`. An observation that is neither is left out, unless it looks like
a result (its value is one of ours) or carries a mistaken LOINC code: those are refused by name, because a result must not vanish.
"""

from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sceau.core.codes import loinc, snomed
from sceau.core.codes.errors import BadCode
from sceau.core.codes.loinc import ASSAYS, Loinc, Question, assay
from sceau.core.codes.snomed import Result, read_result
from sceau.core.report.errors import Trouble
from sceau.core.report.fhir import profile
from sceau.core.report.fhir.contents import Found
from sceau.core.report.fhir.notes import Notes
from sceau.core.report.fhir.resources import CodeableConcept, Coding, Observation
from sceau.core.report.fhir.values import coded, codes_of, day
from sceau.core.report.model import Finding, Pregnancy

_TRUE = {"final", "corrected", "amended", "appended"}
_PENDING = {"registered", "preliminary", "cancelled", "entered-in-error", "unknown"}
_QUESTIONS = {question.value: question for question in Question}


Asked = dict[Question, Found[Observation]]


class Answers(NamedTuple):
    """What the patient said."""

    symptomatic: bool | None = None
    onset: date | None = None
    pregnancy: Pregnancy | None = None


@lru_cache(maxsize=256)
def our_test(code: str) -> Loinc:
    """The code of a test we take; raises `BadCode`."""
    read = Loinc(code)
    assay(read)
    return read


class Observed(NamedTuple):
    """A report's observations, sorted out: its results, and the questions answered beside them."""

    results: list[Found[Observation]]
    asked: Asked

    def ask(self, which: Question, found: Found[Observation], notes: Notes) -> None:
        """Adds an answer; a second one to the same question is refused, one that does not hold is left out."""
        if found.resource.status not in _TRUE:
            notes.leave_out("Observation.status", which.value)
        elif self.asked.setdefault(which, found) is not found:
            notes.refuse(Trouble.RESULT_TWICE, f"{found.label}.code", which.value)


def sort_out(listed: list[Found[Observation]], notes: Notes) -> Observed:
    """The observations of a report by what they are; one that only looks like a result is refused, others are left out."""
    observed = Observed([], {})
    for found in listed:
        codes = codes_of(found.resource.code, loinc.URI)
        which = question(codes)
        if not ASSAYS.keys().isdisjoint(codes):
            observed.results.append(found)
        elif which is not None:
            observed.ask(which, found, notes)
        else:
            _neither(found, codes, notes)
    return observed


def question(codes: list[str]) -> Question | None:
    """The question at order entry that LOINC codes stand for, if it is one of ours."""
    for code in codes:
        if code in _QUESTIONS:
            return _QUESTIONS[code]
    return None


def _neither(found: Found[Observation], codes: list[str], notes: Notes) -> None:
    if _states_a_result(found.resource.value_codeable_concept) or any(map(_is_mistaken, codes)):
        coded(found.resource.code, our_test, system=loinc.URI, where=f"{found.label}.code", notes=notes)
    else:
        leave_out(found, notes)


def leave_out(found: Found[Observation], notes: Notes) -> None:
    """Notes an observation that is nothing of ours, by its code."""
    code = found.resource.code
    notes.leave_out("Observation.code", *(coding.code for coding in code.coding) if code else ())


def _states_a_result(value: CodeableConcept | None) -> bool:
    with suppress(BadCode):
        return any(read_result(code) for code in codes_of(value, snomed.URI))
    return False


def _is_mistaken(code: str) -> bool:
    try:
        Loinc(code)
    except BadCode as bad:
        return bad.reason == "check_digit"
    return False


def read_finding(found: Found[Observation], notes: Notes, *, cancelled: bool) -> Finding | None:
    """The result, or None with every problem noted."""
    label, observation = found
    if observation.status not in _TRUE and not (cancelled and observation.status == "entered-in-error"):
        notes.refuse(Trouble.UNKNOWN_VALUE, f"{label}.status", observation.status if observation.status in _PENDING else "")
    test = coded(observation.code, our_test, system=loinc.URI, where=f"{label}.code", notes=notes)
    result = _result(found, notes)
    return Finding(test, result) if test is not None and result is not None else None


def _result(found: Found[Observation], notes: Notes) -> Result | None:
    where = f"{found.label}.valueCodeableConcept"
    value = found.resource.value_codeable_concept
    if value is None or not value.coding:
        notes.refuse(Trouble.RESULT_MISSING, where)
        return None
    return coded(value, read_result, system=snomed.URI, where=where, notes=notes)


def read_answers(asked: Asked, notes: Notes) -> Answers:
    """The answers given; one that is not understood is left out."""
    return Answers(_symptomatic(asked, notes), _onset(asked, notes), _pregnancy(asked, notes))


def _symptomatic(asked: Asked, notes: Notes) -> bool | None:
    found = asked.get(Question.SYMPTOMATIC)
    if found is None:
        return None
    if found.resource.value_boolean is not None:
        return found.resource.value_boolean
    for coding in _codings(found):
        if coding.system in profile.YES_NO_SYSTEMS and coding.code in profile.YES_NO_CODES:
            return profile.YES_NO_CODES[coding.code]
        if coding.system == snomed.URI and coding.code in profile.SNOMED_YES_NO:
            return profile.SNOMED_YES_NO[coding.code]
    notes.leave_out("Observation.value", Question.SYMPTOMATIC)
    return None


def _onset(asked: Asked, notes: Notes) -> date | None:
    found = asked.get(Question.ONSET)
    if found is None:
        return None
    if found.resource.value_date_time:
        return day(found.resource.value_date_time, where=f"{found.label}.valueDateTime", notes=notes)
    notes.leave_out("Observation.value", Question.ONSET)
    return None


def _pregnancy(asked: Asked, notes: Notes) -> Pregnancy | None:
    found = asked.get(Question.PREGNANT)
    if found is None:
        return None
    for code in codes_of(found.resource.value_codeable_concept, snomed.URI):
        if code in profile.SNOMED_PREGNANCY:
            return profile.SNOMED_PREGNANCY[code]
    notes.leave_out("Observation.value", Question.PREGNANT)
    return None


def _codings(found: Found[Observation]) -> tuple[Coding, ...]:
    value = found.resource.value_codeable_concept
    return value.coding if value else ()
