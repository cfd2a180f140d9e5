"""An account at the registry is either of its staff or a pharmacy owner's. An owner reaches the pages below and no other that needs a
sign-in, whatever pages are added; the staff reach all but those.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from sceau.core.accounts.models import User
from sceau.registry.pharmacies.models import Owner
from sceau.registry.pharmacies.queries import owner_of

OWNERS = frozenset({"my_pharmacy", "my_pharmacy_confirm", "my_pharmacy_refuse"})
_ANYBODYS = ("/accounts/", "/i18n/")
"""One's own sign-in, and the language."""


class OwnersConfined:
    """`request.owner` is the signed-in owner, or None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.owner = SimpleLazyObject(lambda: _owner(request))  # type: ignore[attr-defined]
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *given: Any) -> HttpResponseBase | None:
        if not request.user.is_authenticated or not getattr(view, "login_required", True) or request.path.startswith(_ANYBODYS):
            return None
        page = request.resolver_match.url_name if request.resolver_match else None
        if bool(owner(request)) == (page in OWNERS):
            return None
        if page == "counts" and request.method == "GET":
            return redirect("my_pharmacy")
        raise PermissionDenied


def owner(request: HttpRequest) -> Owner:
    """The signed-in owner; false for the registry's staff."""
    found: Owner = request.owner  # type: ignore[attr-defined]
    return found


def _owner(request: HttpRequest) -> Owner | None:
    return owner_of(request.user) if isinstance(request.user, User) else None
