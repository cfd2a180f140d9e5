"""`GET /v1/bench?id=`: in a sandbox, what the conformance bench saw of a software, signed. Elsewhere there is none."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from sceau.core.problems import ProblemType
from sceau.registry.api.auth import answer, endpoint, problem
from sceau.registry.approvals.models import Software
from sceau.registry.bench import evidence, mirror


@endpoint("GET")
def bench(request: HttpRequest) -> HttpResponse:
    try:
        asked = UUID(request.GET.get("id", ""))
    except ValueError:
        return problem(ProblemType.BAD_REQUEST)
    if not settings.SANDBOX_OF:
        raise Http404
    mirror.bring(asked, at=timezone.now())
    return answer(evidence.signed(get_object_or_404(Software, pk=asked), at=timezone.now()))
