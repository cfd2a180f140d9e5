"""How a page shows the pharmacy's signing key and what the registry says of it."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from sceau.core.sealing.signing import fingerprint
from sceau.core.wire import KeyState
from sceau.counter.pharmacies.models import Enrolment, Pharmacy
from sceau.counter.relay.queries import waiting_for_key


def shown(key: Enrolment | None) -> dict[str, Any] | None:
    """Fingerprint, state and what to do; None for a pharmacy that never asked."""
    if key is None:
        return None
    told = {"fingerprint": fingerprint(bytes(key.public_key)), "asked_at": key.asked_at, "answered_at": key.answered_at}
    state = KeyState(key.state)
    return told | {"state": state, "label": _label(key), "tone": _TONES[state], "registry": settings.REGISTRY_URL}


def banner(pharmacy: Pharmacy) -> dict[str, Any] | None:
    """What every working page says while the key is not confirmed; None when it is."""
    key = Enrolment.objects.filter(pharmacy=pharmacy).exclude(state=KeyState.ENROLLED).first()
    told = shown(key)
    return told and told | {"waiting": waiting_for_key(pharmacy)}


_TONES = {
    KeyState.REQUESTED: "waiting",
    KeyState.ENROLLED: "recorded",
    KeyState.REFUSED: "refused",
    KeyState.REPLACED: "stopped",
    KeyState.ENDED: "stopped",
}


def _label(key: Enrolment) -> str:
    if key.state == KeyState.REQUESTED and key.answered_at is None:
        return _("not asked yet: the registry does not answer")
    return {
        KeyState.REQUESTED: _("waits for the owner's confirmation at the registry"),
        KeyState.ENROLLED: _("confirmed at the registry"),
        KeyState.REFUSED: _("refused by the owner at the registry"),
        KeyState.REPLACED: _("another key was asked for after this one"),
        KeyState.ENDED: _("ended: another key was confirmed after it"),
    }[KeyState(key.state)]
