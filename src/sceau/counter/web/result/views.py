"""One result: whether it arrived, what was told, and what can be done about it."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sceau.core.report.errors import ReportError
from sceau.core.report.model import ScreeningReport
from sceau.core.sealing.epochs import DayShut
from sceau.core.sealing.errors import SealingError
from sceau.counter.patients import memory
from sceau.counter.pharmacies.policies import NotAllowed, can_sign_off
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.relay.models import EnvelopeState
from sceau.counter.screenings.models import Screening
from sceau.counter.screenings.unseal import open_copy, refusals
from sceau.counter.visits import corrections
from sceau.counter.visits.errors import Moved
from sceau.counter.web import labels
from sceau.counter.web.presence import for_member
from sceau.counter.web.result.forms import CorrectionForm


@never_cache
@require_safe
@for_member
def result(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    row = _row(present, pk)
    try:
        report = open_copy(row, present.keys)
    except (DayShut, SealingError):
        return render(request, "result/shut.html", {"pharmacy": present.pharmacy}, status=410)
    return _page(request, present, row, report, _form(present, report))


@never_cache
@require_safe
@for_member
def proof(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    """On paper, for somebody without phone or e-mail; of what stands, and no other."""
    row = _row(present, pk)
    told = _told(present, row, open_copy(row, present.keys)) if present.keys.opens(row.day) else {}
    if "patient" not in told or row.undone or row.corrected:
        return redirect("result", pk=pk)
    return render(request, "result/proof.html", {"pharmacy": present.pharmacy, "told": told, "at": timezone.now()})


@require_POST
@for_member
def correct(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    row = _row(present, pk)
    report = open_copy(row, present.keys)
    form = _form(present, report, request.POST)
    if form is None:
        return redirect("result", pk=pk)
    if not form.is_valid():
        return _page(request, present, row, report, form, status=422)
    if row.outcome != corrections.REFUSED and not form.has_changed():
        messages.warning(request, _("Nothing was changed, so nothing is sent."))
        return redirect("result", pk=pk)
    try:
        standing = corrections.correct(pk, form.screening(), by=present, at=timezone.now())
    except ReportError as error:
        form.add_error(None, error.problems[0].text(labels.language()))
        return _page(request, present, row, report, form, status=422)
    except (Moved, NotAllowed) as error:
        return _refused(request, pk, error)
    messages.success(request, _("Corrected: the registry is told. Both stay in the history."))
    return redirect("result", pk=standing)


@require_POST
@for_member
def cancel(request: HttpRequest, present: Present, pk: UUID) -> HttpResponse:
    _row(present, pk)
    try:
        corrections.cancel(pk, by=present, at=timezone.now())
    except (Moved, NotAllowed) as error:
        return _refused(request, pk, error)
    messages.success(request, _("Cancelled: the registry is told that this result never was."))
    return redirect("result", pk=pk)


def _refused(request: HttpRequest, pk: UUID, error: Exception) -> HttpResponse:
    if isinstance(error, NotAllowed):
        messages.error(request, _("A pharmacist corrects and cancels results"))
    else:
        messages.warning(request, _("It was corrected or cancelled meanwhile: this is how it stands now"))
    return redirect("result", pk=pk)


def _row(present: Present, pk: UUID) -> Screening:
    rows = Screening.objects.select_related("envelope").defer("envelope__data")
    return get_object_or_404(rows, pk=pk, pharmacy=present.pharmacy)


def _form(present: Present, report: ScreeningReport, data: Any = None) -> CorrectionForm | None:
    if report.screening is None:
        return None
    return CorrectionForm(data, told=report.screening, pharmacy=present.pharmacy, at=timezone.now())


def _page(
    request: HttpRequest,
    present: Present,
    row: Screening,
    report: ScreeningReport,
    form: CorrectionForm | None,
    *,
    status: int = 200,
) -> HttpResponse:
    page = {
        "pharmacy": present.pharmacy,
        "row": row,
        "told": _told(present, row, report),
        "history": _history(present, row, report),
        "form": form,
        "refused": row.outcome == corrections.REFUSED,
        "reasons": [one.text(labels.language()) for one in refusals([row], present.keys).get(row.id, [])],
        "can_change": can_sign_off(present.member) and not row.undone and not row.corrected and form is not None,
    }
    return render(request, "result/result.html", page, status=status)


def _history(present: Present, row: Screening, report: ScreeningReport) -> list[dict[str, Any]]:
    """Every report about this screening, the latest first; a single one is no history."""
    numbers = memory.directory(present.pharmacy, present.keys).statements(report.lineage)
    rows = Screening.objects.filter(pharmacy=present.pharmacy, pk__in=numbers - {row.pk}).select_related("envelope")
    others = rows.defer("envelope__data").order_by("-recorded_at")
    return [_told(present, one, open_copy(one, present.keys)) for one in others if present.keys.opens(one.day)]


def _told(present: Present, row: Screening, report: ScreeningReport) -> dict[str, Any]:
    state, tone = labels.state(EnvelopeState(row.envelope.state), row.outcome)
    if row.undone or row.corrected:
        state, tone = (_("cancelled") if row.undone else _("replaced")), "cancelled"
    told: dict[str, Any] = {"id": row.id, "at": row.recorded_at, "state": state, "tone": tone, "envelope": row.envelope}
    if report.screening is None:
        return told | {"what": _("Cancellation")}
    screening = report.screening
    return told | {
        "what": _("Correction") if report.replaces else _("Result"),
        "patient": labels.patient(screening.patient),
        "born": screening.patient.birth_date,
        "test": labels.test(screening),
        "result": labels.result(screening),
        "result_tone": labels.tone(screening.findings),
        "taken_at": screening.specimen.taken_at.astimezone(ZoneInfo(present.pharmacy.time_zone)),
        "kit": screening.kit,
    }
