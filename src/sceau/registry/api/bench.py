"""`GET /v1/bench?id=`: in a sandbox, what the conformance bench saw of a software, signed. Elsewhere there is none."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from sceau.registry.api.auth import answer, endpoint
from sceau.registry.approvals.models import Software
from sceau.registry.bench import evidence


@endpoint("GET")
def bench(request: HttpRequest) -> HttpResponse:
    found = _software(request.GET.get("id", "")) if settings.SANDBOX_OF else None
    if found is None:
        raise Http404
    return answer(evidence.signed(found, at=timezone.now()))


def _software(told: str) -> Software | None:
    try:
        return Software.objects.filter(pk=UUID(told)).first()
    except ValueError:
        return None
