"""What every page is looked at for, once it is there: in dark what depends on colours, in light all."""

import os
import re
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page

SHOTS = Path(__file__).parents[2] / "docs" / "screenshots"
_NAMELESS = re.compile(r"^\s*- (?:button|link|textbox|combobox|radio|checkbox|option)(?: \[[^\]]*\])*:?\s*$", re.MULTILINE)
_REST = "for (const moving of document.getAnimations()) moving.finish()"  # a colour half way is none of ours


_TALLEST, _COLOURS_OF_A_PICTURE = 1_600, 128
_ALL: dict[str, Any] = {"resultTypes": ["violations"]}
_COLOURS = _ALL | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""What of a page changes with its colours: its elements, names and order are the same in both."""


def look(page: Page, name: str = "") -> None:
    """No accessibility violation, in dark neither, no control without a name, no sideways scrolling, at twice the size neither; a
    picture for the docs when asked for, of what has a name. Leaves the page light.
    """
    _nothing_wrong(page, "dark", _COLOURS)
    _nothing_wrong(page, "light", _ALL)
    assert _NAMELESS.findall(page.locator("body").aria_snapshot()) == []
    assert fits(page)
    if name and "SCREENSHOTS" in os.environ:
        _picture(page, SHOTS / f"{name}.png")
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": size["width"] // 2, "height": size["height"] // 2})
    assert fits(page)
    page.set_viewport_size(size)


def _picture(page: Page, file: Path) -> None:
    """Of the page's beginning, in as many colours as it takes: a fifth of the bytes."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    whole = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    shown = whole.crop((0, 0, whole.width, min(whole.height, _TALLEST)))
    shown.quantize(_COLOURS_OF_A_PICTURE, dither=Image.Dither.NONE).save(file, optimize=True)


def _nothing_wrong(page: Page, scheme: Literal["light", "dark"], options: dict[str, Any]) -> None:
    page.emulate_media(color_scheme=scheme)
    assert page.evaluate(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
    page.evaluate(_REST)
    found = Axe().run(page, options=options)
    assert found.violations_count == 0, f"in {scheme}: {found.generate_report()}"


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
