"""The owner's page: what was done today, this week, this month."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.web import labels
from sceau.counter.web.activity import figures
from sceau.counter.web.presence import for_owner


@never_cache
@require_safe
@for_owner
def activity(request: HttpRequest, present: Present) -> HttpResponse:
    pharmacy, today = present.pharmacy, present.pharmacy.day(timezone.now())
    period = request.GET.get("period", "week")
    period = period if period in figures.PERIODS else "week"
    days = figures.days(pharmacy, today, period)
    page = {
        "pharmacy": pharmacy,
        "period": period,
        "days": days,
        "totals": figures.totals(days),
        "kits": figures.kits(pharmacy, today, period),
        "refused": figures.refused(pharmacy, today, period, present.keys, labels.language()),
        "staff": figures.staff(pharmacy, today, period),
    }
    return render(request, "activity/activity.html", page)
