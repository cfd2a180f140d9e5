"""A publisher asks for an account: the code that opens it goes to the address, and nobody is told whether it has an account already."""

from allauth.core.ratelimit import consume_or_429
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from sceau.core import mail
from sceau.core.accounts.recovery import INVITATION
from sceau.registry.approvals import publishers
from sceau.registry.web.publishing.forms import RegisterForm


@never_cache
@login_not_required
def register(request: HttpRequest) -> HttpResponse:
    form = RegisterForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "publishing/register.html", {"form": form}, status=422 if form.is_bound else 200)
    limited: HttpResponse | None = consume_or_429(request, action="register")
    if limited:
        return limited
    if not mail.set_up():
        return render(request, "publishing/registered.html", {"no_mail": True}, status=503)
    told = form.cleaned_data
    code = publishers.register(firm=told["firm"], name=told["name"], email=told["email"], at=timezone.now())
    sent = mail.send(told["email"], subject=_("Your publisher's account at the registry"), text=_text(code))
    return render(request, "publishing/registered.html", {"sent": sent, "days": INVITATION.days})


def _text(code: str) -> str:
    if not code:
        return _(
            "Somebody asked for a publisher's account with this address, which has an account already: sign in, or recover it."
        )
    told = {"address": settings.PUBLIC_URL + reverse("recover"), "code": code, "days": INVITATION.days}
    return (
        _(
            "Open %(address)s, type this address and this code, and choose a password; then sign in and set up the second factor.\n\n"
            "%(code)s\n\nThe code opens once, within %(days)d days. If you did not ask for it, do nothing."
        )
        % told
    )
