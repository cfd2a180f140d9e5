from sceau.core.accounts.models import open_all
from sceau.counter.kits.models import Control, Kit
from sceau.counter.pharmacies.models import Pharmacy


def in_hand(pharmacy: Pharmacy) -> Kit | None:
    """The kit that was used last, in whichever workstation's hands."""
    return Kit.objects.filter(pharmacy=pharmacy).order_by("-used_at").first()


def controls(kit: Kit, most: int) -> list[Control]:
    """The latest of a kit's controls, whatever the lot, with the names of who ran them. Raises `KeyholderError`."""
    found = list(kit.controls.select_related("by").order_by("-at", "-id")[:most])
    open_all({one.by_id: one.by for one in found}.values())
    return found
