"""What the plain doors have in common: who sends for whom, the body in memory, one submission a call, each door's own words."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from threading import BoundedSemaphore
from typing import NamedTuple

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from sceau.core.keyholder.errors import KeyholderError
from sceau.core.problems import ProblemDetails, ProblemType
from sceau.core.report.errors import Language, ReportError
from sceau.core.sealing.framing import MOST_BYTES
from sceau.registry.api.auth import View, bearer, details, endpoint
from sceau.registry.api.callers import calling
from sceau.registry.approvals.enums import Format
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.quota import Quota
from sceau.registry.config.keys import registry_keys
from sceau.registry.submissions import senders
from sceau.registry.submissions.actions import Submitted, submit
from sceau.registry.submissions.models import Sender

_log = structlog.get_logger("sceau.door")
LARGE = 1024 * 1024
_LARGE = BoundedSemaphore(2)
"""Larger bodies are read by so many calls at once, whatever the number of threads."""


class Door(NamedTuple):
    """One form: its name for the readers, the content types it comes as, and how its senders are answered: what was taken of the
    body, why nobody is heard, why nothing could be read.
    """

    form: str
    types: tuple[str, ...]
    tell: Callable[[bytes, Submitted], HttpResponse]
    refuse: Callable[[ProblemDetails], HttpResponse]
    unread: Callable[[bytes, ReportError], HttpResponse]
    together: Callable[[bytes], Sequence[range]] = lambda data: ()

    def view(self) -> View:
        """`POST …?finess=`: the establishment for which the software speaks."""

        @endpoint("POST")
        def view(request: HttpRequest) -> HttpResponse:
            try:
                return self._heard(request)
            except SoftwareRefused as refused:
                return self.refuse(details(refused.kind, refused.reason, again=refused.again))
            except (OperationalError, InterfaceError, KeyholderError) as error:
                _log.error("a body could not be taken", error=type(error).__name__)
                return self.refuse(details(ProblemType.UNAVAILABLE))

        return view

    def _heard(self, request: HttpRequest) -> HttpResponse:
        """What the caller, if he may send, is answered. Raises `SoftwareRefused`; a database that is away raises its own."""
        sender, left = sender_of(request, through=Format(self.form))
        if found := self._fault(request):
            return self.refuse(found)
        with _LARGE if _length(request) > LARGE else nullcontext():
            return self._answer(request.body, sender, left)

    def _answer(self, data: bytes, sender: Sender, left: Quota) -> HttpResponse:
        together, at = self.together(data), timezone.now()
        try:
            told = submit(data, form=self.form, sender=sender, registry=registry_keys(), at=at, together=together, left=left)
        except ReportError as error:
            return self.unread(data, error)
        response = self.tell(data, told)
        response["Content-Location"] = f"{settings.PUBLIC_URL}/v1/submissions/{told.id}"
        return response

    def _fault(self, request: HttpRequest) -> ProblemDetails | None:
        """Said before a byte of the body is read."""
        if _length(request) > MOST_BYTES:
            return details(ProblemType.TOO_LARGE, f"Content-Length: {MOST_BYTES}")
        if request.content_type not in self.types:
            return details(ProblemType.BAD_REQUEST, f"Content-Type: {', '.join(self.types)}")
        return None


def _length(request: HttpRequest) -> int:
    stated = request.headers.get("Content-Length", "")
    return int(stated) if stated.isdigit() else 0


def sender_of(request: HttpRequest, *, through: Format) -> tuple[Sender, Quota]:
    """For whom the caller sends, if it may send in this form, and what is left of its quota; raises `SoftwareRefused`."""
    caller = calling(bearer(request), (), at=timezone.now(), through=through)
    return senders.speaking(caller.software, request.GET.get("finess", "")), caller.left


def language() -> Language:
    """That of the call."""
    return "en" if (get_language() or "").startswith("en") else "fr"
