"""`GET /v1/submissions` and `GET /v1/submissions/{id}`: what a software sent plain, and what became of each row."""

from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse

from sceau.core.problems import ProblemType
from sceau.registry.api.auth import answer, approved_software, endpoint, problem
from sceau.registry.submissions import queries
from sceau.registry.submissions.queries import Filter


@endpoint("GET")
def submissions(request: HttpRequest) -> HttpResponse:
    software = approved_software(request)
    try:
        asked = msgspec.convert(request.GET.dict(), Filter, strict=False)
        return answer(queries.several(asked, software=software.id))
    except (msgspec.ValidationError, OverflowError) as error:
        return problem(ProblemType.BAD_REQUEST, str(error))


@endpoint("GET")
def submission(request: HttpRequest, submission: UUID) -> HttpResponse:
    software = approved_software(request)
    found = queries.one(submission, software=software.id)
    return answer(found) if found else problem(ProblemType.SUBMISSION_UNKNOWN)
