"""A product's keys, as its publisher sets them: another one with an overlap, or the end of one."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from sceau.registry.approvals import keys
from sceau.registry.approvals.errors import KeyRefused
from sceau.registry.web.confined import after_signing_in_again
from sceau.registry.web.publishing.forms import KeyForm
from sceau.registry.web.publishing.views import own, page
from sceau.registry.web.words import flaw_text


@sensitive_post_parameters("jwk")
@never_cache
@require_POST
@after_signing_in_again("product")
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was pasted is never shown again: it might be a private key."""
    software, form = own(request, pk), KeyForm(request.POST)
    if not form.is_valid():
        return page(request, software, _blank(form), status=422)
    told = form.cleaned_data
    try:
        overlap = timedelta(days=told["overlap"])
        key = keys.add(software, told["jwk"], by=f"user:{request.user.pk}", at=timezone.now(), overlap=overlap)
    except KeyRefused as refused:
        form.add_error(None, flaw_text(refused.flaw))
        return page(request, software, _blank(form), status=422)
    if key.waits:
        messages.info(
            request, _("The key waits: read its thumbprint out to the authority, which takes it. The one before stays.")
        )
    else:
        messages.success(request, _("The key is taken. What it signs is heard from now on."))
    return redirect("product", pk=pk)


@require_POST
@after_signing_in_again("product")
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    software = own(request, pk)
    key = get_object_or_404(software.keys, pk=request.POST.get("key", ""))
    keys.end(key, by=f"user:{request.user.pk}", at=timezone.now())
    messages.success(request, _("The key has ended, with every access token of this product."))
    return redirect("product", pk=pk)


def _blank(form: KeyForm) -> KeyForm:
    """With its errors, without what was pasted."""
    form.data = {name: value for name, value in form.data.items() if name != "jwk"}
    return form
