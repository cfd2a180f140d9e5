"""The owner's pages about money: the month so far, invoices as issued, and to whom they go. Counts, and nobody's name."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sceau.counter.billing import actions, ledger, queries
from sceau.counter.billing.accounts import table
from sceau.counter.billing.document import PARIS, month_of
from sceau.counter.billing.models import Invoice
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.web.billing.forms import CustomerForm
from sceau.counter.web.billing.shown import shown
from sceau.counter.web.presence import for_owner


@never_cache
@require_safe
@for_owner
def billing(request: HttpRequest, present: Present) -> HttpResponse:
    pharmacy, now = present.pharmacy, today()
    month = month_of(now)
    page = {
        "pharmacy": pharmacy,
        "month": month,
        "so_far": ledger.so_far(pharmacy, month),
        "not_charged": queries.not_charged(pharmacy, month),
        "waiting": queries.waiting(pharmacy, month),
        "customer": queries.customer_of(pharmacy),
        "invoices": [shown(one, now) for one in queries.of_pharmacy(pharmacy)],
    }
    return render(request, "billing/billing.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def customer(request: HttpRequest, present: Present) -> HttpResponse:
    pharmacy = present.pharmacy
    form = CustomerForm(request.POST) if request.method == "POST" else CustomerForm.of(queries.customer_of(pharmacy))
    if form.is_bound and form.is_valid():
        actions.identify(pharmacy, form.party(), by=present.member, at=timezone.now())
        messages.success(request, _("Invoices go there from now on. Those that were issued stay as they are."))
        return redirect("billing")
    status = 422 if form.is_bound else 200
    return render(request, "billing/customer.html", {"pharmacy": pharmacy, "form": form}, status=status)


@never_cache
@require_safe
@for_owner
def invoice(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    row = get_object_or_404(queries.of_pharmacy(present.pharmacy).prefetch_related(queries.credit_notes()), pk=pk)
    return render(request, "billing/one.html", {"pharmacy": present.pharmacy, "row": row, "shown": shown(row, today())})


@never_cache
@require_safe
@for_owner
def file(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    row = get_object_or_404(Invoice.objects.filter(pharmacy=present.pharmacy), pk=pk)
    answer = HttpResponse(bytes(row.pdf), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{row.number}.pdf"'
    return answer


@never_cache
@require_safe
@for_owner
def accounts(request: HttpRequest, present: Present) -> HttpResponseBase:
    lines = (line.encode() for line in table(queries.of_pharmacy(present.pharmacy).iterator(500)))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="sceau-{present.pharmacy.finess}.csv"'
    return answer


def today() -> date:
    """In Paris, where the books are kept."""
    return timezone.now().astimezone(PARIS).date()
