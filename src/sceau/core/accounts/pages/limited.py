"""What somebody reads who tried too often: why, and until when. django-allauth finds it as `handler429` beside the addresses."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from sceau.core.accounts import limits


def page(request: HttpRequest) -> HttpResponse:
    end = limits.page_until(request)
    return _later(render(request, "429.html", {"why": limits.why(end)}, status=429), end)


def told(request: HttpRequest) -> HttpResponse:
    """The same for a script."""
    end = limits.until(request, limits.PASSKEY)
    return _later(JsonResponse({"why": limits.why(end)}, status=429), end)


def _later(response: HttpResponse, end: datetime | None) -> HttpResponse:
    if end:
        response["Retry-After"] = str(max(1, round((end - timezone.now()).total_seconds())))
    return response
