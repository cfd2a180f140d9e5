"""What anybody may read: the registry's public keys, and the list of approved software as data."""

from django.http import HttpRequest, HttpResponse

from sceau.registry.api.auth import answer, endpoint
from sceau.registry.approvals.models import Software
from sceau.registry.config.keyholder import keyholder


@endpoint("GET")
def keys(request: HttpRequest) -> HttpResponse:
    return HttpResponse(keyholder().keys()[0], content_type="application/json")


@endpoint("GET")
def software(request: HttpRequest) -> HttpResponse:
    rows = Software.objects.order_by("publisher", "name", "version")
    return answer({"software": list(rows.values("id", "publisher", "name", "version", "scope", "state", "since"))})


@endpoint("GET")
def alive(request: HttpRequest) -> HttpResponse:
    """For whoever starts the service: it answers."""
    return HttpResponse("ok", content_type="text/plain")
