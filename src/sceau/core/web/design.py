"""`/design/`: what pages are made of, for whoever makes one. Its tokens are read from the sheet, so that it cannot say otherwise."""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

_SHEET = Path(__file__).parent / "static" / "sceau" / "tokens.css"
_DARK = "@media (prefers-color-scheme: dark)"
_TOKEN = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")


class Token(NamedTuple):
    """A custom property. `dark` is empty where it is the same in both themes."""

    name: str
    light: str
    dark: str

    @property
    def is_colour(self) -> bool:
        return self.light.startswith("#")


@never_cache
@require_safe
def design(request: HttpRequest) -> HttpResponse:
    colours = [one for one in tokens() if one.is_colour]
    sizes = [one for one in tokens() if not one.is_colour]
    return render(request, "sceau/design.html", {"colours": colours, "sizes": sizes})


@lru_cache(maxsize=1)
def tokens() -> list[Token]:
    """As both sites have them; a service's own colours stand in the sheet below these."""
    light, _, dark = _SHEET.read_text(encoding="utf-8").partition(_DARK)
    at_night = dict(_TOKEN.findall(_root(dark)))
    return [Token(name, value, at_night.get(name, "")) for name, value in _TOKEN.findall(_root(light))]


def _root(part: str) -> str:
    return part.partition(":root {")[2].partition("}")[0]
