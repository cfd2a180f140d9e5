"""`POST /hl7v2`: a message or a batch of them, answered by as many ACKs with ERR segments."""

from collections.abc import Sequence
from itertools import repeat

from django.http import HttpResponse
from django.utils import timezone
from uuid_utils.compat import uuid7

from sceau.core.report.errors import Language, Problem, ReportError
from sceau.core.report.hl7v2.acknowledge import Code, Verdict, acknowledge
from sceau.registry.api.auth import refusal
from sceau.registry.doors.door import Door, language
from sceau.registry.submissions.actions import Submitted
from sceau.registry.submissions.reading import Told

TYPE = "application/hl7-v2"
TYPES = (TYPE, "x-application/hl7-v2+er7")


def acks(data: bytes, rows: Sequence[Told], *, speaking: Language) -> bytes:
    """AA for what was taken, AE with every problem for what was not."""
    verdicts = [Verdict(row.problems, row.warnings, Code.ERROR if row.problems else Code.ACCEPT) for row in rows]
    return acknowledge(data, verdicts, at=timezone.now(), language=speaking, name=uuid7)


def reject(data: bytes, problems: Sequence[Problem] = (), *, text: str = "", speaking: Language) -> bytes:
    """AR to every message, where nothing could be read, or nobody is heard."""
    verdict = Verdict(tuple(problems), code=Code.REJECT, text=text)
    return acknowledge(data, repeat(verdict), at=timezone.now(), language=speaking, name=uuid7)


def tell(data: bytes, submitted: Submitted) -> HttpResponse:
    """422 where nothing was taken; the ACKs say more."""
    return _hl7(acks(data, submitted.read.rows, speaking=language()), status=200 if submitted.taken else 422)


def unread(data: bytes, error: ReportError) -> HttpResponse:
    return _hl7(reject(data, error.problems, speaking=language()), status=422)


def _hl7(text: bytes, *, status: int) -> HttpResponse:
    return HttpResponse(text, content_type=f"{TYPE}; charset=utf-8", status=status)


HL7V2 = Door("hl7v2", TYPES, tell, refusal, unread)
