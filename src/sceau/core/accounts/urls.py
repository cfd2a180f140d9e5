"""Signing in and the language, the same at both sites. Nobody signs up, and no e-mail opens an account: what django-allauth
offers for that is taken out, in front of its own addresses (whose names it needs).
"""

from typing import NoReturn

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.urls import include, path
from django.views.i18n import set_language

from sceau.core.accounts.pages import passkeys, recovery

ABSENT = ("signup/", "email/", "confirm-email/", "password/set/", "password/reset/", "login/code/confirm/")


def absent(request: HttpRequest, rest: str = "") -> NoReturn:
    """Closed to strangers like every page that is not listed as public, and not there for the others."""
    raise Http404


urlpatterns = [
    *(path(f"accounts/{page}", absent, name="absent") for page in ABSENT),
    *(path(f"accounts/{page}<path:rest>", absent, name="absent") for page in ABSENT),
    path("accounts/recover/", recovery.recover, name="recover"),
    path("accounts/recovery-code/", recovery.renew, name="recovery_renew"),
    path("accounts/passkeys/options", passkeys.options, name="passkey_options"),
    path("accounts/passkeys/add", passkeys.add, name="passkey_add"),
    path("accounts/passkeys/touch", passkeys.touch, name="passkey_touch"),
    path("accounts/passkeys/enter", passkeys.enter, name="passkey_enter"),
    path("accounts/passkeys/<uuid:slot>/remove", passkeys.remove, name="passkey_remove"),
    path("accounts/", include("allauth.urls")),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
]
