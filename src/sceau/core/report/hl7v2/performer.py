"""Who tested: the organisation of OBX-23, or else the filler of OBR-3 or ORC-3, the facility of ORC-21, the sender of MSH-4.

Follows HL7 v2.5.1 chapters 7 and 4, and the French tables for FINESS and RPPS. A number without its system is no number.
"""

from collections.abc import Iterator

from sceau.core.codes.identifiers import Finess, ForeignIdentifier, Rpps
from sceau.core.report.errors import Trouble
from sceau.core.report.hl7v2.syntax import Message, Segment, Value
from sceau.core.report.hl7v2.values import Numbered, authority, checked, organisation, refuse, universal
from sceau.core.report.model import Performer

_FINESS_KINDS = frozenset({"FINEG", "FINEJ", "FINESS"})
_RPPS_LONG = 12  # the RPPS with the digit of its kind in front, as the French identifier of professionals has it


def read_performer(message: Message, result: Segment) -> Performer:
    """The first organisation that has a number; raises `ReportError` where none has."""
    named = list(_organisations(message, result))
    chosen = next((one for one in named if one.number and _is_numbered(one)), named[0])
    finess, foreign = _finess(chosen), _foreign(chosen)
    return Performer(
        name=chosen.name or next((one.name for one in named if one.name), ""),
        finess=finess,
        foreign=foreign or (_producer(result.value(15)) if finess else None),
        rpps=_rpps(result.value(16)),
    )


def _organisations(message: Message, result: Segment) -> Iterator[Numbered]:
    obr, orc = message.first("OBR"), message.first("ORC")
    yield organisation(result.value(23))
    yield universal(obr.value(3), first=2)
    yield universal(orc.value(3), first=2)
    yield organisation(orc.value(21))
    yield universal(message.header.value(4), first=1)


def _is_numbered(one: Numbered) -> bool:
    return bool(one.system) or one.kind in _FINESS_KINDS


def _finess(one: Numbered) -> Finess | None:
    if not (one.number and (one.system in (Finess.URI, "FINESS") or one.kind in _FINESS_KINDS)):
        return None
    return checked(Finess, one.number, where=one.where)


def _foreign(one: Numbered) -> ForeignIdentifier | None:
    if not (one.number and one.system) or one.system in (Finess.URI, "FINESS") or one.kind in _FINESS_KINDS:
        return None
    if not (one.number + one.system).isprintable():
        raise refuse(Trouble.CONTROL_CHARACTER, one.where)
    return checked(lambda number: ForeignIdentifier(one.system, number), one.number, where=one.where)


def _producer(value: Value) -> ForeignIdentifier | None:
    """OBX-15: the same establishment's number elsewhere, where its system is named."""
    if not (value.text(1) and value.text(3)):
        return None
    return _foreign(Numbered("", value.text(3), value.text(1), "", value.at(1)))


def _rpps(value: Value) -> Rpps | None:
    number = value.code(1)
    if not number or (authority(value, 9) != Rpps.URI and value.code(13) != "RPPS"):
        return None
    if len(number) == _RPPS_LONG and number.startswith("8"):
        number = number[1:]
    return checked(Rpps, number, where=value.at(1), secret=True)
