"""Where an owner opens a pharmacy: keys are made, the registry is asked to enrol the signing key, and the recovery sheet is shown."""

from allauth.core.ratelimit import consume_or_429
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sceau.core.accounts.backends import explain
from sceau.core.keyholder.errors import KeyholderError
from sceau.counter.pharmacies import actions, enrolment
from sceau.counter.pharmacies.errors import AlreadyHere
from sceau.counter.web.opening.forms import OpeningForm


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def opening(request: HttpRequest) -> HttpResponse:
    """Public: until its owner has confirmed the key at the registry, nothing that is recorded here leaves."""
    form = OpeningForm(request.POST or None)
    limited: HttpResponse | None = consume_or_429(request, action="login")
    if limited:
        return limited
    sheet = _opened(form) if request.method == "POST" and form.is_valid() else None
    if sheet is None:
        return render(request, "opening/opening.html", {"form": form})
    return render(request, "accounts/kit.html", sheet)


def _opened(form: OpeningForm) -> dict[str, object] | None:
    try:
        return _open(form)
    except AlreadyHere:
        return form.add_error(
            None, _("This pharmacy or this e-mail has an account here already: sign in, or open with your code.")
        )
    except KeyholderError as error:
        return form.add_error(None, explain(error))


@transaction.atomic
def _open(form: OpeningForm) -> dict[str, object]:
    told, at = form.cleaned_data, timezone.now()
    who = {"owner_email": told["email"], "owner_name": told["owner"], "password": told["password"]}
    made = actions.found(finess=told["finess"], name=told["name"], **who)
    fingerprint = enrolment.ask(made.pharmacy, made.keys, at=at)
    return {"code": made.account.sign_in.recovery_code, "email": told["email"], "fingerprint": fingerprint, "at": at}
