"""Quality control of the lot in hand: what its two controls showed, and using it although they failed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sceau.core.codes.snomed import Result
from sceau.counter.kits import controls
from sceau.counter.kits.errors import NothingFailed
from sceau.counter.kits.models import Kit
from sceau.counter.pharmacies.policies import NotAllowed
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.web.desk import answers
from sceau.counter.web.desk.kits import answer
from sceau.counter.web.presence import for_member

SHOWN = {"+": Result.DETECTED, "-": Result.NOT_DETECTED, "−": Result.NOT_DETECTED, "?": Result.INCONCLUSIVE}


@require_POST
@for_member
def run(request: HttpRequest, present: Present) -> HttpResponse:
    """One key for the positive control and one for the negative, as with results."""
    kit, lot, keys = _kit(request, present), _lot(request), request.POST.get("found", "").strip()
    if len(keys) != 2 or not set(keys) <= set(SHOWN):
        why = _("Give what the positive control showed, then the negative one: +- when the lot is good")
        return answer(request, present, None, why, status=answers.WRONG)
    positive, negative = (SHOWN[key] for key in keys)
    ran = controls.run(kit, lot, positive=positive, negative=negative, by=present.member, at=timezone.now())
    if not ran.passed:
        return answer(
            request, present, None, _("The control failed: do not use this lot, take another box"), status=answers.WRONG
        )
    return answer(request, present, None, _("Control passed and noted"))


@require_POST
@for_member
def override(request: HttpRequest, present: Present) -> HttpResponse:
    """The lot whose control failed, for a reason, until its next control."""
    kit, lot, reason = _kit(request, present), _lot(request), request.POST.get("reason", "").strip()[:100]
    if not reason:
        return answer(request, present, None, _("Say why it is used all the same"), status=answers.WRONG)
    try:
        controls.use_all_the_same(kit, lot, reason, by=present.member, at=timezone.now())
    except NotAllowed:
        return answer(request, present, None, _("A pharmacist decides on a lot whose control failed"), status=403)
    except NothingFailed:
        return answer(request, present, None, _("The last control of this lot passed meanwhile"), status=answers.CHANGED)
    return answer(request, present, None, _("Used all the same; the reason is kept with the control"))


def _kit(request: HttpRequest, present: Present) -> Kit:
    try:
        told = UUID(request.POST.get("kit", ""))
    except ValueError:
        told = UUID(int=0)
    return get_object_or_404(Kit, pk=told, pharmacy=present.pharmacy)


def _lot(request: HttpRequest) -> str:
    """The one that was in hand on the page; another workstation may have another by now."""
    return request.POST.get("lot", "")[:20]
