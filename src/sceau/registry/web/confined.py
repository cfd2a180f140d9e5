"""Whose account this is. A pharmacy's owner, a publisher and a tracing agent each reach the pages of their own below and no other that
needs a sign-in, whatever pages are added; the staff reach all but those. What the authority alone may do, `for_authority` keeps from
the other staff.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, NamedTuple
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from sceau.core.accounts.models import User
from sceau.registry.approvals.models import Publisher
from sceau.registry.pharmacies.models import Owner


class Kind(StrEnum):
    """`nobody`: nobody is signed in."""

    NOBODY = "nobody"
    STAFF = "staff"
    AUTHORITY = "authority"
    OPERATOR = "operator"
    OWNER = "owner"
    PUBLISHER = "publisher"
    AGENT = "agent"


PAGES = {
    Kind.OWNER: frozenset({"my_pharmacy", "my_pharmacy_confirm", "my_pharmacy_refuse"}),
    Kind.PUBLISHER: frozenset(
        {
            "products",
            "product",
            "product_key",
            "product_key_end",
            "product_submit",
            "product_take_back",
            "bench",
            "bench_begin",
            "bench_look",
            *("product_table", "product_table_knock", "product_table_one"),
            "product_sent",
            "product_sent_data",
        }
    ),
    Kind.AGENT: frozenset(
        {
            *("cases", "case", "case_claim", "case_release", "case_finish", "case_touch", "case_open", "case_call"),
            *("contact_add", "contact_touch", "contact_open", "contact_call"),
            *("doubts", "doubt_touch", "doubt_open", "doubt_settle", "doubt_undo"),
        }
    ),
}
"""What each confined kind reaches, the first being where the site's first page leads it."""
_FIRST = {Kind.OWNER: "my_pharmacy", Kind.PUBLISHER: "products", Kind.AGENT: "cases"}
_CONFINED = frozenset().union(*PAGES.values())
_ANYBODYS = ("/accounts/", "/i18n/")
"""One's own sign-in, and the language."""
_WHO = """
select 'owner', finess::text from pharmacies_owner where user_id = %(user)s
union all select 'publisher', publisher_id::text from approvals_member where user_id = %(user)s
union all select 'authority', title from approvals_officer where user_id = %(user)s
union all select 'operator', '' from intake_operator where user_id = %(user)s
union all select case role when 'authority' then 'member' else 'agent' end, '' from agents_appointment where user_id = %(user)s
"""
_MEMBER = "member"
"""Who enrols agents; what they may do, and an agent, the keyholder says. One may be an officer or of the staff as well."""


class Account(NamedTuple):
    """`of`: the pharmacy's FINESS, the publisher's id, the authority's title. `member`: one who is to enrol agents."""

    kind: Kind
    of: str = ""
    member: bool = False


class Confined:
    """`request.account` says whose account is signed in; asked once, if a page wants to know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.account = SimpleLazyObject(lambda: _account(request))  # type: ignore[attr-defined]
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *given: Any) -> HttpResponseBase | None:
        if not request.user.is_authenticated or not getattr(view, "login_required", True) or request.path.startswith(_ANYBODYS):
            return None
        page = request.resolver_match.url_name if request.resolver_match else None
        kind = account(request).kind
        if page in PAGES[kind] if kind in PAGES else page not in _CONFINED:
            return None
        if page == "counts" and request.method == "GET":
            return redirect(_FIRST[kind])
        raise PermissionDenied


def account(request: HttpRequest) -> Account:
    """Whose account is signed in."""
    found: Account = request.account  # type: ignore[attr-defined]
    return found


def owner(request: HttpRequest) -> Owner:
    """The signed-in owner, on an owner's page."""
    assert account(request).kind is Kind.OWNER
    assert isinstance(request.user, User)
    return Owner(user=request.user, finess=account(request).of)


def publisher(request: HttpRequest) -> Publisher:
    """Whom the signed-in publisher speaks for, on a publisher's page."""
    assert account(request).kind is Kind.PUBLISHER
    return Publisher.objects.get(pk=UUID(account(request).of))


View = Callable[Concatenate[HttpRequest, ...], HttpResponse]
AnyView = Callable[..., HttpResponseBase]


def only_for(*kinds: Kind) -> Callable[[AnyView], AnyView]:
    """A page of these alone."""

    def wrap(view: AnyView) -> AnyView:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if account(request).kind not in kinds:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return inner

    return wrap


for_authority = only_for(Kind.AUTHORITY)
"""A page of the authority's officers alone."""


def after_signing_in_again(page: str) -> Callable[[View], View]:
    """A decision is a person's, not that of a browser left open: within five minutes of the sign-in, or after another. `page` is where
    it is taken from.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not get_adapter(request).is_reauthentication_required():
                return view(request, *args, **kwargs)
            messages.info(request, _("Nothing was decided yet: this page was open for a while. Compare and confirm now."))
            return redirect(reverse("account_reauthenticate", query={"next": reverse(page, kwargs=kwargs)}))

        return inner

    return wrap


def _account(request: HttpRequest) -> Account:
    if not isinstance(request.user, User):
        return Account(Kind.NOBODY)
    with connection.cursor() as cursor:
        cursor.execute(_WHO, {"user": request.user.pk})
        rows = cursor.fetchall()
    member = any(kind == _MEMBER for kind, _of in rows)
    parts = [Account(Kind(kind), of, member) for kind, of in rows if kind != _MEMBER]
    return parts[0] if parts else Account(Kind.STAFF, member=member)
