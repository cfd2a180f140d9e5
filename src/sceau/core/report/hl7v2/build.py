"""HL7 v2.5.1 segments from Python values: fields by number, escaped, empty ends left out. Never knows what a field means.

Follows HL7 v2.5.1 chapter 2 (2.5 construction, 2A.2 TS). Times keep their offset and a tenth of a millisecond, all that TS holds.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from sceau.core.report.hl7v2.syntax import STANDARD, escape
from sceau.core.report.hl7v2.values import is_oid

Part = str | tuple[str | None, ...] | None
_OID_URI = "urn:oid:"


def field(*components: Part) -> str:
    """A field of components; one that is a tuple is made of subcomponents."""
    return STANDARD.component.join(_component(part) for part in components).rstrip(STANDARD.component)


def _component(part: Part) -> str:
    subs = part if isinstance(part, tuple) else (part,)
    return STANDARD.sub.join(escape(sub or "") for sub in subs).rstrip(STANDARD.sub)


def repeat(*fields: str) -> str:
    return STANDARD.repetition.join(one for one in fields if one)


def segment(name: str, fields: Mapping[int, str]) -> str:
    """A segment of fields by number, its terminator included; MSH-1, FHS-1 and BHS-1 are the separator itself."""
    marks = STANDARD.component + STANDARD.repetition + STANDARD.escape + STANDARD.sub
    headed = name in ("MSH", "FHS", "BHS")
    texts = [marks if headed and number == 2 else fields.get(number, "") for number in range(2 if headed else 1, max(fields) + 1)]
    return STANDARD.field.join([name, *texts]).rstrip(STANDARD.field) + "\r"


def time(moment: datetime) -> str:
    offset = moment.utcoffset()
    if offset is None or offset % timedelta(minutes=1):
        moment = moment.astimezone(UTC)  # TS has no seconds in an offset, as zones had before 1911
    fraction = f".{moment.microsecond // 100:04}" if moment.microsecond else ""
    return f"{day(moment)}{moment:%H%M%S}{fraction}{moment:%z}"


def day(moment: date) -> str:
    return f"{moment.year:04}{moment.month:02}{moment.day:02}"


def authority(system: str) -> tuple[str, ...]:
    """An HD, as subcomponents, that is read back as the same system."""
    oid = system.removeprefix(_OID_URI)
    if oid != system and is_oid(oid):
        return ("", oid, "ISO")
    return ("", system, "URI") if system.startswith(("http://", "https://")) else (system,)
