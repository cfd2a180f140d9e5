"""A table (CSV) by page: for whom a product sends plain, and what became of each row. The rows themselves go from the browser to the
door of its own process (`registry/doors`); this one gives the token to knock with, and never holds a row (ADR 0024).
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from uuid import UUID

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.sealing.framing import MOST_BYTES
from sceau.registry.approvals import tokens
from sceau.registry.approvals.enums import ApprovalState, Format
from sceau.registry.approvals.models import Software
from sceau.registry.intake.enums import Outcome
from sceau.registry.submissions import queries
from sceau.registry.submissions.models import Sender
from sceau.registry.submissions.reading import MOST_ROWS
from sceau.registry.submissions.told import SubmissionWhole
from sceau.registry.web.confined import after_signing_in_again
from sceau.registry.web.origins import origin
from sceau.registry.web.publishing.views import own
from sceau.registry.web.words import outcome_labels


@csp_update({"connect-src": [origin(settings.DOORS_URL)]})  # type: ignore[arg-type]  # its types know views without arguments
@never_cache
@require_safe
def table(request: HttpRequest, pk: UUID) -> HttpResponse:
    software = own(request, pk)
    page = {
        "software": software,
        "may": _may(software),
        "senders": software.senders.order_by("name", "finess") if _may(software) else (),
        "most_bytes": MOST_BYTES,
        "most_rows": MOST_ROWS,
    }
    return render(request, "publishing/table.html", page)


@require_POST
@after_signing_in_again("product_table")
def knock(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A token of this product for the browser, and the door's address for one of its establishments."""
    software = own(request, pk)
    if not _may(software):
        raise Http404
    sender = get_object_or_404(Sender, software=software, finess=request.POST.get("finess", ""))
    try:
        token = tokens.lend(software, by=f"user:{request.user.pk}", at=timezone.now())
    except KeyholderError as error:
        if error.refusal not in (Refusal.METERED, Refusal.NOT_ALLOWED):
            raise
        return HttpResponse(status=403)
    return JsonResponse({"address": f"{settings.DOORS_URL}/csv?finess={sender.finess}", "token": token})


@never_cache
@require_safe
def one(request: HttpRequest, pk: UUID, submission: UUID) -> HttpResponse:
    """What became of the rows of one table."""
    software = own(request, pk)
    found = queries.one(submission, software=software.pk)
    if found is None:
        raise Http404
    return render(request, "publishing/table_one.html", {"software": software, "told": found, "outcomes": list(_outcomes(found))})


def _may(software: Software) -> bool:
    return software.state == ApprovalState.APPROVED and Format.CSV in software.formats


def _outcomes(found: SubmissionWhole) -> Iterator[dict[str, object]]:
    """Each outcome with the numbers of its rows."""
    for outcome, label in outcome_labels().items():
        rows = [number for number, one in enumerate(found.outcomes, 1) if one == outcome]
        if rows:
            tone = "refused" if outcome is Outcome.REFUSED else "recorded"
            yield {"label": label, "count": len(rows), "rows": ", ".join(ranges(rows)), "tone": tone}


def ranges(numbers: Sequence[int]) -> Iterator[str]:
    """Ascending numbers as one reads them: `1–3`, `7`."""
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        yield str(members[0]) if len(members) == 1 else f"{members[0]}–{members[-1]}"
