from django.db.models import QuerySet

from sceau.core.wire import KeyState
from sceau.registry.pharmacies.models import Key


def history(finess: str) -> QuerySet[Key]:
    """Every key that was asked for there, the last first, with the software that asked."""
    return Key.objects.filter(finess=finess).select_related("software").order_by("-received_at")


def waiting(finess: str) -> Key | None:
    return history(finess).filter(state=KeyState.REQUESTED).first()
