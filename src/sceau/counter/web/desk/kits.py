"""Taking a kit in hand at the desk: scanned, chosen, or described once."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sceau.counter.kits import actions, box
from sceau.counter.kits.errors import KitExpired, UnknownKit
from sceau.counter.kits.models import Kit
from sceau.counter.pharmacies.policies import NotAllowed, can_sign_off
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.web.desk import answers, shown
from sceau.counter.web.desk.forms import KitForm
from sceau.counter.web.presence import for_member


@require_POST
@for_member
def scan(request: HttpRequest, present: Present) -> HttpResponse:
    """What a scanner read, wherever on the page."""
    now = timezone.now()
    try:
        read = box.read(request.POST.get("text", "")[:200])
        kit = actions.take(read, pharmacy=present.pharmacy, at=now)
    except box.NotABox:
        return answer(request, present, None, _("This code is not that of a test kit's box"), status=answers.WRONG)
    except KitExpired:
        said = _("This kit has expired: do not use it, take another box")
        return answer(request, present, None, said, status=answers.WRONG, expired=read)
    except UnknownKit:
        form = KitForm(initial={"gtin": read.gtin, "lot": read.lot, "expiry": read.expiry})
        return render(request, "desk/_kit_form.html", {"kit_form": form}, status=answers.CHANGED)
    if kit.failed:
        said = _("This lot failed its control: do not use it, take another box")
        return answer(request, present, kit, said, status=answers.WRONG)
    return answer(request, present, kit, _("Kit in hand"))


@require_POST
@for_member
def override(request: HttpRequest, present: Present) -> HttpResponse:
    """The box that has just been scanned, past its date, for a reason."""
    now, reason = timezone.now(), request.POST.get("reason", "").strip()[:100]
    try:
        read = box.read(request.POST.get("text", "")[:200])
    except box.NotABox:
        return answer(request, present, None, _("This code is not that of a test kit's box"), status=answers.WRONG)
    kit = get_object_or_404(Kit, pharmacy=present.pharmacy, gtin=read.gtin)
    if not reason:
        return answer(request, present, None, _("Say why it is used all the same"), status=answers.WRONG, expired=read)
    try:
        actions.use_expired(kit, read, reason, by=present.member, at=now)
    except NotAllowed:
        return answer(request, present, None, _("A pharmacist decides on a kit that has expired"), status=403)
    return answer(request, present, kit, _("Kit in hand"))


@require_POST
@for_member
def choose(request: HttpRequest, present: Present) -> HttpResponse:
    try:
        chosen = UUID(request.POST.get("kit", ""))
    except ValueError:
        chosen = UUID(int=0)
    kit = get_object_or_404(Kit, pk=chosen, pharmacy=present.pharmacy)
    return answer(request, present, actions.choose(kit, at=timezone.now()), _("Kit in hand"))


@require_POST
@for_member
def describe(request: HttpRequest, present: Present) -> HttpResponse:
    """A kit that this pharmacy had not used: described once, in hand from now on."""
    form = KitForm(request.POST, instance=Kit(pharmacy=present.pharmacy, used_at=timezone.now()))
    if not form.is_valid():
        return render(request, "desk/_kit_form.html", {"kit_form": form}, status=answers.WRONG)
    return answer(request, present, form.save(), _("Kit in hand"))


def answer(
    request: HttpRequest,
    present: Present,
    kit: Kit | None,
    say: str,
    *,
    status: int = answers.DONE,
    expired: box.Box | None = None,
) -> HttpResponse:
    """The line of the kit in hand, as it is now, and what to say."""
    pharmacy = present.pharmacy
    in_hand = kit or pharmacy.kits.order_by("-used_at").first()
    page = {
        "in_hand": shown.kit(in_hand, pharmacy, pharmacy.day(timezone.now())),
        "signs_off": can_sign_off(present.member),
        "kits": list(pharmacy.kits.order_by("name")),
        "say": say,
        "expired": request.POST.get("text", "")[:200] if expired and can_sign_off(present.member) else "",
    }
    return render(request, "desk/_kit.html", page, status=status)
