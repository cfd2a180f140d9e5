"""What a workstation keeps to show the counter screen without a network: files, and a page that names nobody."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from sceau.counter.web.desk.forms import PatientForm

_FOLDERS = ("desk", "away")
_SHARED = ("tokens.css", "frame.css", "parts.css", "print.css", "mark.svg", "icons.svg", "box.js")
_WORKER = Path(__file__).with_name("worker.js")


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The same for everybody, so that it may be stored: whose computer it is, the browser knows from what it has stored itself."""
    with translation.override(_language(request)):
        return HttpResponse(_page())


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the list of what it stores; another version of any of them makes it another script."""
    told = {
        "version": _version(_language(request)),
        "page": f"{reverse('desk_away')}?language={_language(request)}",
        "desk": reverse("desk"),
        "files": [static(name) for name in files()],
    }
    script = f"const SHELL = {json.dumps(told)};\n{_WORKER.read_text()}"
    return HttpResponse(script, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@lru_cache(maxsize=1)
def files() -> list[str]:
    """The static files of the counter screen, by name."""
    found = [f"sceau/{name}" for name in _SHARED]
    for folder in _FOLDERS:
        place = Path(str(finders.find(folder)))
        found += sorted(f"{folder}/{each.name}" for each in place.iterdir() if each.suffix in (".js", ".css"))
    return found


@lru_cache(maxsize=4)
def _version(language: str) -> str:
    digest = hashlib.sha256()
    for name in files():
        digest.update(Path(str(finders.find(name))).read_bytes())
    with translation.override(language):
        digest.update(_page().encode())
    return digest.hexdigest()[:16]


def _page() -> str:
    """Without a request: no session, no token and no name can get into it."""
    page = {"form": PatientForm(today=timezone.localdate()), "service": settings.SERVICE, "alone": True}
    return render_to_string("away/away.html", page)


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
