"""Signing in through an OpenID Connect provider, whose answer names somebody; then a passkey or password and code unlock, as ever.

The way to the provider is a page rather than a redirection of the form: so `form-action` stays with this site, wherever the provider
sends its visitors on to. The way back is a GET, since the session's cookie comes with no other request from elsewhere.
"""

import hmac
from collections.abc import Callable
from functools import wraps

from allauth.account.decorators import reauthentication_required
from allauth.core.ratelimit import consume, consume_or_429
from django.contrib import messages
from django.contrib.auth import user_login_failed
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sceau.core.accounts import entering, limits, links
from sceau.core.accounts.forms import UnlockForm
from sceau.core.accounts.models import User
from sceau.core.accounts.oidc import pending
from sceau.core.accounts.oidc.errors import ProviderAway, ProviderRefused
from sceau.core.accounts.oidc.pending import Asked, Named
from sceau.core.accounts.oidc.provider import Provider, provider
from sceau.core.accounts.oidc.registration import registration
from sceau.core.accounts.pages import limited, passkeys

View = Callable[[HttpRequest, Provider], HttpResponse]


def _configured(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """Absent without a provider; counted; says so when the provider is away."""

    @wraps(view)
    def handle(request: HttpRequest) -> HttpResponse:
        if (told := registration()) is None:
            raise Http404
        limit: HttpResponse | None = consume_or_429(request, action=limits.PROVIDER)
        try:
            return limit or view(request, provider(told))
        except ProviderAway:
            why = _("%(name)s does not answer. Sign in with a passkey, or with password and code; try it again later.")
            return _told(request, why % {"name": told.name})
        except ProviderRefused:
            why = _("What %(name)s answered does not hold, or it took too long. Nothing was changed: begin again.")
            return _told(request, why % {"name": told.name})

    return handle


@require_POST
@never_cache
@login_not_required
@_configured
def begin(request: HttpRequest, provider: Provider) -> HttpResponse:
    """On the way to sign in."""
    question = pending.ask(request, next_page=entering.next_page(request, request.POST.get("next", "")))
    return _onward(request, provider.address(question, back=_back(request)), provider)


@require_POST
@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]
@_configured
def link(request: HttpRequest, provider: Provider) -> HttpResponse:
    """On the way to say who one is there."""
    question = pending.ask(request, links=_user(request).pk)
    return _onward(request, provider.address(question, back=_back(request)), provider)


@require_POST
@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]
@_configured
def unlink(request: HttpRequest, provider: Provider) -> HttpResponse:
    links.remove(_user(request), at=timezone.now())
    messages.success(request, _("%(name)s signs you in no more.") % {"name": provider.registration.name})
    return redirect("mfa_index")


@require_GET
@never_cache
@login_not_required
@_configured
def back(request: HttpRequest, provider: Provider) -> HttpResponse:
    """What the browser brings from the provider."""
    asked = _answered(request, provider)
    if "error" in request.GET:
        return _told(request, _("%(name)s signed nobody in.") % {"name": provider.registration.name})
    subject = provider.subject(request.GET.get("code", ""), asked.question, back=_back(request))
    token = links.token(provider.registration.issuer, subject)
    return _linked(request, provider, token) if asked.links else _named(request, provider, asked, token)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@never_cache
@login_not_required
def unlock(request: HttpRequest) -> HttpResponse:
    """By password and code; the page offers the touch of a passkey first."""
    named, user = _whoever(request)
    if named is None or user is None:
        return redirect("account_login")
    form = UnlockForm(request.POST or None, user=user)
    limit: HttpResponse | None = consume_or_429(request, action="login") if request.method == "POST" else None
    if limit:
        return limit
    if form.is_valid() and form.opened:
        entering.with_password(request, user, form.opened)
        form.save()
        pending.done(request)
        return redirect(named.next)
    return render(request, "accounts/oidc_unlock.html", {"form": form, "next": named.next})


@require_POST
@never_cache
@login_not_required
def touch(request: HttpRequest) -> HttpResponse:
    """By a passkey of the person whom the provider named, of nobody else."""
    if not consume(request, action=limits.PASSKEY):
        return limited.told(request)
    if (named := pending.named(request)) is None:
        return JsonResponse({"why": _("It took too long: sign in again.")}, status=403)
    answer = passkeys.entered(request, only=named.user)
    if answer.status_code == 200:
        pending.done(request)
    return answer


def _answered(request: HttpRequest, provider: Provider) -> Asked:
    """The question that this is the answer to, asked by this browser; raises `ProviderRefused`."""
    asked, state = pending.asked(request), request.GET.get("state", "")
    if asked is None or not hmac.compare_digest(asked.question.state.encode(), state.encode()):
        raise ProviderRefused
    if asked.links not in (0, request.user.pk):
        raise ProviderRefused
    provider.check_origin(request.GET.get("iss"))
    return asked


def _linked(request: HttpRequest, provider: Provider, token: bytes) -> HttpResponse:
    name = {"name": provider.registration.name}
    try:
        links.add(_user(request), token, at=timezone.now())
    except links.Taken:
        why = _("Somebody else here is linked to this account of %(name)s. Sign in there as yourself, then link again.")
        return _told(request, why % name)
    messages.success(request, _("Linked: %(name)s signs you in from now on; your passkey or password unlocks.") % name)
    return redirect("mfa_index")


def _named(request: HttpRequest, provider: Provider, asked: Asked, token: bytes) -> HttpResponse:
    user = links.answered(token, at=timezone.now())
    if user is None:
        user_login_failed.send(__name__, credentials={}, request=None)
        why = _(
            "No account here is linked to you at %(name)s. Sign in with a passkey or password, then link it on the page My sign-in."
        )
        return _told(request, why % {"name": provider.registration.name})
    pending.name(request, user.pk, next_page=asked.next)
    return redirect("oidc_unlock")


def _whoever(request: HttpRequest) -> tuple[Named | None, User | None]:
    """Whom the provider named a moment ago, while they work here."""
    named = pending.named(request)
    return named, named and User.objects.filter(pk=named.user, is_active=True).first()


def _onward(request: HttpRequest, address: str, provider: Provider) -> HttpResponse:
    return render(request, "accounts/oidc_onward.html", {"address": address, "name": provider.registration.name})


def _told(request: HttpRequest, why: str) -> HttpResponse:
    """On the page where the other ways are; the code of the answer stays in no address bar."""
    messages.error(request, why)
    return redirect("mfa_index" if request.user.is_authenticated else "account_login")


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("oidc_back"))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
