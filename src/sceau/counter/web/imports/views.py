"""Importing a file by the page: looked at first, then taken, and what is wrong given back as a file. Nothing of it touches a disk."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sceau.core.report import files
from sceau.core.report.errors import ReportError
from sceau.core.report.reading import Reading
from sceau.counter.imports import actions
from sceau.counter.imports.actions import AlreadyRunning
from sceau.counter.imports.models import Import, ImportState
from sceau.counter.pharmacies.policies import can_sign_off
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.web.imports import shown
from sceau.counter.web.presence import for_member

MOST_ROWS = 10_000
WRONG = 422

FileView = Callable[[HttpRequest, Present, "UploadedFile[bytes]"], HttpResponseBase]


@never_cache
@require_safe
@for_member
def new(request: HttpRequest, present: Present) -> HttpResponse:
    return render(request, "imports/new.html", {"pharmacy": present.pharmacy, "allowed": can_sign_off(present.member)})


def _with_file(view: FileView) -> Callable[..., HttpResponseBase]:
    """Gives the view the uploaded file, if there is one that is not too long and may be imported by whoever is there."""

    @wraps(view)
    def inner(request: HttpRequest, present: Present) -> HttpResponseBase:
        if not can_sign_off(present.member):
            return _page(request, present, error=_("A pharmacist imports results"), status=403)
        file = request.FILES.get("file")
        if not isinstance(file, UploadedFile):
            return _page(request, present, error=_("Choose a file first"), status=WRONG)
        try:
            return view(request, present, file)
        except ReportError as error:
            return _page(request, present, error="\n".join(shown.texts(error.problems)), status=WRONG)

    return inner


@require_POST
@for_member
@_with_file
def preview(request: HttpRequest, present: Present, file: "UploadedFile[bytes]") -> HttpResponse:
    reading, data = _read(present, file)
    why, right = dict[int, list[str]](), 0
    for row in reading.rows:
        right += not row.problems
        why |= shown.wrong([row])
    told = {"form": reading.form, "right": right, "remarks": shown.texts(reading.warnings), **shown.listed(why)}
    return render(request, "imports/_preview.html", told | {"csv": reading.form.startswith("csv"), "size": len(data)})


@require_POST
@for_member
@_with_file
def take(request: HttpRequest, present: Present, file: "UploadedFile[bytes]") -> HttpResponse:
    data = _read(present, file)[1]
    name = (file.name or "")[:100]
    source, reading = actions.start(data, name=name, pharmacy=present.pharmacy, keys=present.keys, at=timezone.now())
    try:
        done = actions.run(source, reading, keys=present.keys, clock=timezone.now)
    except AlreadyRunning:
        return _page(request, present, error=_("This file is being imported at this moment, by a colleague or in another window"))
    told = {"source": done.source, "remarks": shown.texts(done.warnings), **shown.listed(shown.wrong(done.rows))}
    return _page(request, present, done=told)


@require_POST
@for_member
@_with_file
def returned(request: HttpRequest, present: Present, file: "UploadedFile[bytes]") -> StreamingHttpResponse:
    """The rows to be corrected, with the reasons in a last column."""
    reading, data = _read(present, file)
    why = {number: " | ".join(told) for number, told in shown.wrong(reading.rows).items()}
    lines = files.returned(data, why)
    answer = StreamingHttpResponse((line.encode() for line in lines), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_("to-correct")}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@never_cache
@require_safe
@for_member
def progress(request: HttpRequest, present: Present) -> JsonResponse:
    """How far the import goes that runs now."""
    running = Import.objects.filter(pharmacy=present.pharmacy, state=ImportState.RUNNING).order_by("-at")
    rows, done = running.values_list("rows", "rows_done").first() or (0, 0)
    return JsonResponse({"rows": rows, "done": done})


def _read(present: Present, file: "UploadedFile[bytes]") -> tuple[Reading, bytes]:
    """Raises `ReportError`; a file of more rows than a page waits for is for the command line."""
    files.check_size(file.size or 0)
    data = file.read()
    reading = files.read(data, ZoneInfo(present.pharmacy.time_zone))
    files.check_rows(reading.total, MOST_ROWS)
    return reading, data


def _page(request: HttpRequest, present: Present, *, status: int = 200, **told: Any) -> HttpResponse:
    if request.headers.get("X-Part") == "preview":
        return render(request, "imports/_error.html", told, status=status)
    page = {"pharmacy": present.pharmacy, "allowed": can_sign_off(present.member), **told}
    return render(request, "imports/new.html", page, status=status)
