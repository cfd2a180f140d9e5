"""Pages for a member who is there and unlocked; everybody else learns what to do."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from sceau.core.accounts.unlocking import Locked
from sceau.counter.pharmacies import keys as keyring
from sceau.counter.pharmacies.errors import KeysNotTrusted, NotAMember
from sceau.counter.pharmacies.policies import can_manage_staff
from sceau.counter.pharmacies.unlocked import Present, at_page

_AHEAD = "ahead"

MemberView = Callable[Concatenate[HttpRequest, Present, ...], HttpResponseBase]


def for_member(view: MemberView) -> Callable[..., HttpResponseBase]:
    """Gives the view the member and the pharmacy's keys; a locked session signs in again. `request.manages` tells the templates whether
    to show the way to the owner's pages, `request.managing` that this is one.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            present = at_page(request)
        except NotAMember:
            raise PermissionDenied from None
        except Locked:
            logout(request)
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        except KeysNotTrusted:
            return render(request, "sceau/not_trusted.html", status=403)
        _look_ahead(request, present)
        request.manages = can_manage_staff(present.member)  # type: ignore[attr-defined]
        return view(request, present, *args, **kwargs)

    return inner


def for_owner(view: MemberView) -> Callable[..., HttpResponseBase]:
    """As `for_member`, for those who say who works here; the others are told so."""

    @wraps(view)
    def inner(request: HttpRequest, present: Present, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can_manage_staff(present.member):
            return render(request, "sceau/owners_only.html", {"pharmacy": present.pharmacy}, status=403)
        request.managing = True  # type: ignore[attr-defined]
        return view(request, present, *args, **kwargs)

    return for_member(inner)


def _look_ahead(request: HttpRequest, present: Present) -> None:
    """Once a day and session: the public keys of the coming days."""
    today = present.pharmacy.day(timezone.now())
    if request.session.get(_AHEAD) != today.isoformat():
        keyring.make_ahead(present.pharmacy, present.keys, today)
        request.session[_AHEAD] = today.isoformat()
