"""OBX: which observations are results, and what those that are questions say.

Follows HL7 v2.5.1 chapter 7; the questions are those of `codes.loinc.Question` and our own of table 99SCEAU. Any other one that
states no result is left out, with one warning that names them all.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeVar

from sceau.core.codes.errors import BadCode
from sceau.core.codes.loinc import ASSAYS, Question
from sceau.core.codes.snomed import read_result
from sceau.core.codes.territory import Department
from sceau.core.report.errors import ReportError, Trouble
from sceau.core.report.hl7v2.syntax import Segment, Value
from sceau.core.report.hl7v2.values import LOINC, OURS, SNOMED, Ledger, checked, coded, pairs, read_date, token
from sceau.core.report.model import Consent, Pregnancy, Reason

YES, NO = ("HL70136", "Y"), ("HL70136", "N")
PREGNANCIES = {
    (SNOMED, "77386006"): Pregnancy.PREGNANT,
    (SNOMED, "60001007"): Pregnancy.NOT_PREGNANT,
    (SNOMED, "261665006"): Pregnancy.UNKNOWN,
    YES: Pregnancy.PREGNANT,
    NO: Pregnancy.NOT_PREGNANT,
    ("HL70136", "UNK"): Pregnancy.UNKNOWN,
}
_ANSWERS = {
    YES: True,
    NO: False,
    ("HL70136", "UNK"): None,
    (SNOMED, "373066001"): True,
    (SNOMED, "373067005"): False,
    (SNOMED, "261665006"): None,
}
_REASONS = {(OURS, reason.value): reason for reason in Reason}
_QUESTION = "QST"  # OBX-29, which senders take from later versions


class Own(StrEnum):
    """What no table of the standard says; coding system 99SCEAU."""

    CONSENT = "consent"
    DEPARTMENT = "department"
    KIT_EXPIRY = "kit-expiry"


T = TypeVar("T")
NOWHERE_KNOWN = "unknown"  # the department, where even the address would tell one


class Observations(NamedTuple):
    results: list[Segment]
    questions: dict[tuple[str, str], Segment]


class Answers(NamedTuple):
    symptomatic: bool | None
    onset: date | None
    pregnancy: Pregnancy | None
    consent: Consent
    department: Department | None
    department_unknown: bool
    kit_expiry: date | None


_QUESTIONS = frozenset([*((LOINC, question.value) for question in Question), *((OURS, own.value) for own in Own)])


def sort(observations: list[Segment], *, ledger: Ledger) -> Observations:
    """Results and known questions apart; where nothing states a result, whatever is no question should have."""
    questions: dict[tuple[str, str], Segment] = {}
    results, others = [], []
    for segment in observations:
        names = pairs(segment.value(3))
        name = next((pair for pair in names if pair in _QUESTIONS), None)
        if name is not None:
            questions.setdefault(name, segment)
        elif any(code in ASSAYS for _, code in names) or _states_result(segment):
            results.append(segment)
        else:
            others.append(segment)
    if not results:
        results = [segment for segment in others if segment.value(29).code() != _QUESTION]
        others = [segment for segment in others if segment.value(29).code() == _QUESTION]
    _leave_out(others, ledger)
    return Observations(results, questions)


def _states_result(segment: Segment) -> bool:
    return segment.value(29).code() != _QUESTION and any(_is_result(code) for _, code in pairs(segment.value(5)))


def _is_result(code: str) -> bool:
    try:
        read_result(code)
    except BadCode:
        return False
    return True


def _leave_out(others: list[Segment], ledger: Ledger) -> None:
    if others:
        codes = dict.fromkeys(token(segment.value(3).code()) or "?" for segment in others)
        ledger.warn(Trouble.LEFT_OUT, "OBX-3", ", ".join(codes))


def read_answers(questions: dict[tuple[str, str], Segment], *, ledger: Ledger) -> Answers:
    """What is answered; an answer not understood is left out, save where it is about consent."""

    def answer(system: str, code: str) -> Value | None:
        segment = questions.get((system, code))
        return segment.value(5) if segment else None

    department = answer(OURS, Own.DEPARTMENT)
    unknown = department is not None and department.code() == NOWHERE_KNOWN
    return Answers(
        symptomatic=_chosen(answer(LOINC, Question.SYMPTOMATIC), _ANSWERS, Question.SYMPTOMATIC, ledger),
        onset=_day(answer(LOINC, Question.ONSET), Question.ONSET, ledger),
        pregnancy=_chosen(answer(LOINC, Question.PREGNANT), PREGNANCIES, Question.PREGNANT, ledger),
        consent=_consent(answer(OURS, Own.CONSENT), ledger),
        department=None if unknown else ledger.attempt(lambda: _department(department)),
        department_unknown=unknown,
        kit_expiry=_day(answer(OURS, Own.KIT_EXPIRY), Own.KIT_EXPIRY, ledger),
    )


def _chosen(value: Value | None, choices: dict[tuple[str, str], T], name: str, ledger: Ledger) -> T | None:
    if value is None or not pairs(value):
        return None
    for pair in pairs(value):
        if pair in choices:
            return choices[pair]
    ledger.warn(Trouble.LEFT_OUT, value.where, name)
    return None


def _day(value: Value | None, name: str, ledger: Ledger) -> date | None:
    try:
        return read_date(value) if value else None
    except ReportError:
        assert value is not None
        ledger.warn(Trouble.LEFT_OUT, value.where, name)
        return None


def _consent(value: Value | None, ledger: Ledger) -> Consent:
    """Consent that is not understood refuses the message: nothing may be kept on a guess."""
    if value is None:
        return Consent.NOT_NEEDED
    given = {(OURS, consent.value): consent for consent in Consent}
    for pair in pairs(value):
        if pair in given:
            return given[pair]
    ledger.refuse(Trouble.UNKNOWN_VALUE, value.where, token(value.code()))
    return Consent.NOT_ANSWERED


def _department(value: Value | None) -> Department | None:
    if value is None:
        return None
    code = coded(value, system=OURS)
    return checked(Department, code.text, where=code.where)


def read_reason(value: Value, *, ledger: Ledger) -> Reason | None:
    """OBR-31 in our own table; the reasons of others' tables are left out."""
    return _chosen(value, _REASONS, "", ledger)
