"""What anybody may read: the registry's public keys, and the list of approved software as data."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sceau.core.problems import ProblemType
from sceau.registry.api.auth import answer, endpoint, problem
from sceau.registry.approvals.listing import listed, public_list, with_keys
from sceau.registry.approvals.models import Software
from sceau.registry.config.keyholder import keyholder


@endpoint("GET")
def keys(request: HttpRequest) -> HttpResponse:
    return HttpResponse(keyholder().keys()[0], content_type="application/json")


@endpoint("GET")
def software(request: HttpRequest) -> HttpResponse:
    """Every product that was approved once, with its history; `?id=` one product, listed or not, with its public keys."""
    asked = request.GET.get("id", "")
    if not asked:
        return answer({"software": [listed(one) for one in public_list()]})
    try:
        return answer({"software": [with_keys(one, at=timezone.now()) for one in Software.objects.filter(id=UUID(asked))]})
    except ValueError:
        return problem(ProblemType.BAD_REQUEST)


@endpoint("GET")
def alive(request: HttpRequest) -> HttpResponse:
    """For whoever starts the service: it answers."""
    return HttpResponse("ok", content_type="text/plain")
