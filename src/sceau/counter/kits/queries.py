from sceau.counter.kits.models import Kit
from sceau.counter.pharmacies.models import Pharmacy


def in_hand(pharmacy: Pharmacy) -> Kit | None:
    """The kit that was used last, in whichever workstation's hands."""
    return Kit.objects.filter(pharmacy=pharmacy).order_by("-used_at").first()
