"""The owner's page at the registry: the key that waits is compared, confirmed or refused; what became of the earlier ones."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sceau.core.sealing.signing import fingerprint, key_digest
from sceau.core.wire import KeyState
from sceau.registry.pharmacies import keys
from sceau.registry.pharmacies.errors import FingerprintDiffers, NoSuchRequest
from sceau.registry.pharmacies.models import Key
from sceau.registry.pharmacies.queries import history
from sceau.registry.web.confined import after_signing_in_again, owner
from sceau.registry.web.mine.forms import ConfirmForm, DecisionForm

_MOST = 50
_HIDDEN = 4
"""Groups of the fingerprint that the page keeps to itself: they are read at the counter, or nowhere."""


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    return _page(request)


@never_cache
@require_POST
@after_signing_in_again("my_pharmacy")
def confirm(request: HttpRequest) -> HttpResponse:
    form, mine = ConfirmForm(request.POST), owner(request)
    if not form.is_valid():
        return _page(request, form, status=422)
    told = form.cleaned_data
    try:
        keys.confirm(mine.finess, digest=told["key"], read=told["read"], by=f"user:{mine.user_id}", at=timezone.now())
    except NoSuchRequest:
        messages.error(request, _changed())
    except FingerprintDiffers:
        form.add_error(
            "read", _("These are not this key's last four groups. Read them again; if they stay different, refuse the key.")
        )
        return _page(request, form, status=422)
    else:
        messages.success(request, _("The key is confirmed: what your counter signs with it is taken from now on."))
    return redirect("my_pharmacy")


@require_POST
@after_signing_in_again("my_pharmacy")
def refuse(request: HttpRequest) -> HttpResponse:
    form, mine = DecisionForm(request.POST), owner(request)
    try:
        keys.refuse(mine.finess, digest=form.data.get("key", ""), by=f"user:{mine.user_id}", at=timezone.now())
    except NoSuchRequest:
        messages.error(request, _changed())
    else:
        messages.success(
            request,
            _(
                "The key is refused. If your counter had not asked for it, tell the registry's authority: somebody used its software."
            ),
        )
    return redirect("my_pharmacy")


def _changed() -> str:
    return _("Another key was asked for meanwhile, or this one was decided: nothing was done. Compare what the page shows now.")


def _page(request: HttpRequest, form: ConfirmForm | None = None, *, status: int = 200) -> HttpResponse:
    found = list(history(owner(request).finess)[:_MOST])
    waiting = next((_shown(one) for one in found if one.state == KeyState.REQUESTED), None)
    page = {
        "owner": owner(request),
        "waiting": waiting,
        "enrolled": next((_shown(one) for one in found if one.state == KeyState.ENROLLED), None),
        "earlier": [_shown(one) for one in found if one.state not in (KeyState.REQUESTED, KeyState.ENROLLED)],
        "form": form or ConfirmForm(),
    }
    return render(request, "mine/mine.html", page, status=status)


def _shown(key: Key) -> dict[str, Any]:
    groups = fingerprint(bytes(key.public_key)).split()
    return {
        "name": key.name,
        "software": str(key.software),
        "digest": key_digest(bytes(key.public_key)),
        "fingerprint": " ".join(groups),
        "open": " ".join(groups[:-_HIDDEN]),
        "label": _label(KeyState(key.state)),
        "received_at": key.received_at,
        "decided_at": key.decided_at,
        "ended_at": key.ended_at,
    }


def _label(state: KeyState) -> str:
    return {
        KeyState.REQUESTED: _("waits for you"),
        KeyState.ENROLLED: _("confirmed"),
        KeyState.REFUSED: _("refused"),
        KeyState.REPLACED: _("replaced by a later request"),
        KeyState.ENDED: _("ended"),
    }[state]
