"""A door that a page of the registry may knock at from the browser: the registry's own origin and no other (Fetch, CORS protocol).

So that a table goes from the browser to the door, and the process that has the pages never holds a row of it (ADR 0024).
"""

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sceau.registry.api.auth import View
from sceau.registry.web.origins import origin

_ASKED = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Max-Age": "600",
}


def from_pages(view: View) -> View:
    """Without cookies: whoever sends has a token in a header, as everybody at this door."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        theirs = request.headers.get("Origin") == origin(settings.PUBLIC_URL)
        if theirs and request.method == "OPTIONS":
            return _allowed(HttpResponse(status=204, headers=_ASKED))
        response = view(request, *args, **kwargs)
        return _allowed(response) if theirs else response

    return inner


def _allowed(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = origin(settings.PUBLIC_URL)
    response["Vary"] = "Origin"
    return response
