"""What was tested, on what, with what, and what was found: OBR, OBX and SPM of one screening.

Follows HL7 v2.5.1 chapter 7, tables 0085 and 0123 (status). OBX-3 says which test was done; OBR-4 of which panel
it is a part, where it holds a code that we know. Never takes a result whose code, system or status is not understood.
"""

from datetime import date, datetime

from sceau.core.codes.identifiers import Gtin
from sceau.core.codes.loinc import ASSAYS, Loinc, assay
from sceau.core.codes.snomed import Result, SpecimenType, read_result, read_specimen
from sceau.core.report.errors import Trouble
from sceau.core.report.hl7v2.syntax import Message, Segment, Value
from sceau.core.report.hl7v2.values import LOINC, OURS, SNOMED, Ledger, checked, coded, pairs, read_time, refuse, token
from sceau.core.report.model import Finding, Kit, Specimen, Status

_CODED = ("CWE", "CE", "CNE")
_STATUSES = {"F": Status.FINAL, "C": Status.CORRECTED, "X": Status.ENTERED_IN_ERROR, "W": Status.ENTERED_IN_ERROR}


def read_finding(segment: Segment, *, ledger: Ledger) -> Finding | None:
    """One result; None where something is wrong with it, which the ledger then tells."""
    loinc = ledger.attempt(lambda: _test(segment.value(3)))
    result = ledger.attempt(lambda: _result(segment))
    return None if loinc is None or result is None else Finding(loinc, result)


def _test(value: Value) -> Loinc:
    code = coded(value, system=LOINC)
    loinc = checked(Loinc, code.text, where=code.where)
    checked(lambda _: assay(loinc), code.text, where=code.where)
    return loinc


def _result(segment: Segment) -> Result:
    kind, values = segment.value(2).code(), segment.values(5)
    if not values:
        raise refuse(Trouble.RESULT_MISSING, segment.value(5).where)
    if kind not in _CODED:
        raise refuse(Trouble.UNKNOWN_VALUE, segment.value(2).where, token(kind))
    if len(values) > 1:
        raise refuse(Trouble.RESULT_TWICE, values[0].where)
    code = coded(values[0], system=SNOMED)
    return checked(read_result, code.text, where=code.where)


def read_test(orders: list[Segment], findings: list[Finding]) -> Loinc:
    """The test done: OBR-4 where one known test was ordered, or else what the findings are: one test, or parts of a panel."""
    ordered = {loinc for order in orders for loinc in _ordered(order.value(4))}
    if len(ordered) == 1:
        return ordered.pop()
    found = {finding.loinc for finding in findings}
    if len(found) > 1:
        panels = [code for code, test in ASSAYS.items() if found <= set(test.parts)]
        if panels:
            return Loinc(min(panels, key=lambda code: len(ASSAYS[code].parts)))
    return findings[0].loinc


def _ordered(value: Value) -> list[Loinc]:
    codes = [checked(Loinc, code, where=value.where) for system, code in pairs(value) if system == LOINC]
    return [code for code in codes if code in ASSAYS]


def read_status(orders: list[Segment], results: list[Segment]) -> Status:
    """OBR-25, if given, and every OBX-11: one part corrected makes a correction; one part alone withdrawn is refused."""
    ordered = {_status(order.value(25)) for order in orders if order.value(25).code()}
    found = {_status(result.value(11)) for result in results}
    if Status.ENTERED_IN_ERROR in ordered or found == {Status.ENTERED_IN_ERROR}:
        return Status.ENTERED_IN_ERROR
    if Status.ENTERED_IN_ERROR in found:
        raise refuse(Trouble.UNKNOWN_VALUE, "OBX-11", "X")
    return Status.CORRECTED if Status.CORRECTED in ordered | found else Status.FINAL


def _status(value: Value) -> Status:
    code = value.code()
    if not code:
        raise refuse(Trouble.MISSING, value.where)
    if code not in _STATUSES:
        raise refuse(Trouble.UNKNOWN_VALUE, value.where, token(code))
    return _STATUSES[code]


def read_specimen_taken(message: Message, results: list[Segment], *, ledger: Ledger) -> Specimen | None:
    """SPM-4, or OBR-15 of older senders; taken when OBR-7, SPM-17 or OBX-14 says, the first that is there."""
    kind = ledger.attempt(lambda: _specimen_type(message))
    taken = ledger.attempt(lambda: _taken_at(message, results, ledger))
    return None if kind is None or taken is None else Specimen(type=kind, taken_at=taken)


def _specimen_type(message: Message) -> SpecimenType:
    values = [segment.value(4) for segment in message.all("SPM")]
    values = [value for value in values if pairs(value)] or [message.first("OBR").value(15).inner()]
    if not pairs(values[0]):
        raise refuse(Trouble.MISSING, "SPM-4")
    types = [_specimen(value) for value in values]
    for value, kind in zip(values, types, strict=True):
        if kind is not types[0]:
            raise refuse(Trouble.SPECIMEN_UNFIT, value.where)
    return types[0]


def _specimen(value: Value) -> SpecimenType:
    code = coded(value, system=SNOMED)
    return checked(read_specimen, code.text, where=code.where)


def _taken_at(message: Message, results: list[Segment], ledger: Ledger) -> datetime:
    values = [message.first("OBR").value(7), message.first("SPM").value(17), *(result.value(14) for result in results[:1])]
    for value in values:
        taken = read_time(value, ledger=ledger)
        if taken is not None:
            return taken
    raise refuse(Trouble.MISSING, "OBR-7")


def read_kit(results: list[Segment], *, expiry: date | None) -> Kit | None:
    """OBX-17 and, for our own, OBX-18: lot and manufacturer; the first result that names a kit."""
    for result in results:
        method, instance = result.value(17), result.value(18)
        if method.code(3) == OURS:
            return _own_kit(method, instance, expiry)
        if method.text(1) or method.text(2):
            return _named_kit(method)
    return None


def _own_kit(method: Value, instance: Value, expiry: date | None) -> Kit:
    gtin = method.code(1)
    return Kit(
        name=method.text(2),
        gtin=checked(Gtin, gtin, where=method.at(1)) if gtin else None,
        lot=instance.text(1) or None,
        manufacturer=instance.text(2) or None,
        expiry=expiry,
    )


def _named_kit(method: Value) -> Kit:
    """Others' kits: American senders write `name_manufacturer_EUA` where the code stands."""
    parts = method.text(1).rsplit("_", 2)
    if len(parts) == 3 and parts[2] == "EUA" and parts[0].strip():
        return Kit(name=parts[0], manufacturer=parts[1] or None)
    return Kit(name=method.text(2) or method.text(1))
