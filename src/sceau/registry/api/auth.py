"""Who is calling: bearer tokens (RFC 6750), checked with the software's approval at every request. And how refusals are told."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

import msgspec
import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.problems import CONTENT_TYPE, PREFIX, ProblemDetails, ProblemType
from sceau.registry.api.callers import calling
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.models import Software

STATUS = {
    ProblemType.TOKEN_REFUSED: 401,
    ProblemType.ASSERTION_REFUSED: 401,
    ProblemType.SOFTWARE_UNKNOWN: 403,
    ProblemType.SOFTWARE_NOT_APPROVED: 403,
    ProblemType.SOFTWARE_SUSPENDED: 403,
    ProblemType.SOFTWARE_WITHDRAWN: 403,
    ProblemType.OUT_OF_SCOPE: 403,
    ProblemType.OTHER_SOFTWARE: 403,
    ProblemType.PHARMACY_NOT_ENROLLED: 403,
    ProblemType.SENDER_UNKNOWN: 403,
    ProblemType.SUBMISSION_UNKNOWN: 404,
    ProblemType.ENROLMENT_REFUSED: 403,
    ProblemType.BAD_ENVELOPE: 422,
    ProblemType.ENVELOPE_REUSED: 409,
    ProblemType.BAD_REQUEST: 400,
    ProblemType.TOO_LARGE: 413,
    ProblemType.TOO_MANY_REQUESTS: 429,
    ProblemType.UNAVAILABLE: 503,
}
_log = structlog.get_logger("sceau.door")
PAGES = "sceau.registry.config.urls"
"""Where the list lies, also for a process that shows no page."""
_ABOUT_SOFTWARE = {
    ProblemType.SOFTWARE_UNKNOWN,
    ProblemType.SOFTWARE_NOT_APPROVED,
    ProblemType.SOFTWARE_SUSPENDED,
    ProblemType.SOFTWARE_WITHDRAWN,
    ProblemType.OUT_OF_SCOPE,
}

View = Callable[Concatenate[HttpRequest, ...], HttpResponse]


def titles() -> dict[ProblemType, str]:
    return {
        ProblemType.TOKEN_REFUSED: _("The access token is unknown or has expired: ask for a new one."),
        ProblemType.ASSERTION_REFUSED: _("The client assertion is wrong, too old or was used before: sign a new one."),
        ProblemType.SOFTWARE_UNKNOWN: _("This software is not on the list of approved software."),
        ProblemType.SOFTWARE_NOT_APPROVED: _(
            "This software is known here, and not approved. Keep what you have: send it once it is."
        ),
        ProblemType.SOFTWARE_SUSPENDED: _("The approval of this software is suspended. Keep what you have: send it again later."),
        ProblemType.SOFTWARE_WITHDRAWN: _("The approval of this software has been withdrawn."),
        ProblemType.OUT_OF_SCOPE: _("The approval of this software does not cover this format or this day. Keep what you have."),
        ProblemType.OTHER_SOFTWARE: _("The envelope names another software than the one that sends it."),
        ProblemType.PHARMACY_NOT_ENROLLED: _("The owner of this pharmacy has not confirmed a key at the registry yet."),
        ProblemType.SENDER_UNKNOWN: _(
            "This software is not registered to send for this establishment: name it, or ask the authority."
        ),
        ProblemType.SUBMISSION_UNKNOWN: _("This software sent nothing under this id."),
        ProblemType.ENROLMENT_REFUSED: _("The key's proof is wrong, or the clock that asks is: ask again with the key itself."),
        ProblemType.BAD_ENVELOPE: _("The envelope is not well formed, or its signature is not the pharmacy's."),
        ProblemType.ENVELOPE_REUSED: _("Another envelope was received under this id: seal the reports again."),
        ProblemType.BAD_REQUEST: _("The request is not well formed."),
        ProblemType.TOO_LARGE: _("Too much in one request: send less at once."),
        ProblemType.TOO_MANY_REQUESTS: _("Too many requests: wait."),
        ProblemType.UNAVAILABLE: _("The registry cannot answer now: send again later."),
    }


def details(kind: ProblemType, detail: str = "", *, again: int = 0) -> ProblemDetails:
    see = settings.PUBLIC_URL + reverse("software_list", PAGES) if kind in _ABOUT_SOFTWARE else ""
    return ProblemDetails(
        type=PREFIX + kind, title=titles()[kind], status=STATUS[kind], detail=detail, see=see, retry_after=again
    )


def problem(kind: ProblemType, detail: str = "") -> HttpResponse:
    """An RFC 9457 answer; `detail` is never about a person."""
    return refusal(details(kind, detail))


def refusal(told: ProblemDetails) -> HttpResponse:
    response = HttpResponse(msgspec.json.encode(told), content_type=CONTENT_TYPE, status=told.status)
    return headed(response, told)


def headed(response: HttpResponse, told: ProblemDetails) -> HttpResponse:
    """With the headers that go with a problem."""
    if told.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="sceau"'
    if told.retry_after:
        response["Retry-After"] = str(told.retry_after)
    return response


def answer(body: object) -> HttpResponse:
    response = HttpResponse(msgspec.json.encode(body), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def endpoint(method: str) -> Callable[[View], View]:
    """An address for machines: no session, no cookie, one method."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != method:
                return HttpResponse(status=405, headers={"Allow": method})
            try:
                return view(request, *args, **kwargs)
            except SoftwareRefused as refused:
                return refusal(details(refused.kind, refused.reason, again=refused.again))
            except KeyholderError as error:
                return _away(error)

        return inner

    return wrap


def _away(error: KeyholderError) -> HttpResponse:
    """The sender keeps what it has; whose clock is wrong is this side's to mend, and the sender's people may tell it so."""
    if error.refusal is Refusal.CLOCK:
        _log.error("the door cannot sign: this clock and the keyholder's differ by more than five minutes", problem="clock")
        return problem(ProblemType.UNAVAILABLE, _("Two of its clocks differ: its operator has to set them."))
    _log.error("the door cannot sign: the keyholder does not answer", problem=error.refusal.value)
    return problem(ProblemType.UNAVAILABLE)


def bearer(request: HttpRequest) -> str:
    """The token that the request carries; raises `SoftwareRefused` when it carries none."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise SoftwareRefused(ProblemType.TOKEN_REFUSED)
    return token


def approved_software(request: HttpRequest) -> Software:
    """The software whose token the request carries, if it is approved now; raises `SoftwareRefused`."""
    return calling(bearer(request), (), at=timezone.now()).software
