"""What every page is looked at for, in light and dark."""

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SHOTS = Path(__file__).parents[2] / "docs" / "screenshots"
_NAMELESS = re.compile(r"^\s*- (?:button|link|textbox|combobox|radio|checkbox|option)(?: \[[^\]]*\])*:?\s*$", re.MULTILINE)
_RESTED = "Promise.all(document.getAnimations().map(moving => moving.finished))"  # a colour half way is none of ours


def look(page: Page, name: str = "") -> None:
    """No accessibility violation, no control without a name, no sideways scrolling, at twice the size neither; a picture for the docs
    when asked for, of what has a name.
    """
    page.evaluate(_RESTED)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert _NAMELESS.findall(page.locator("body").aria_snapshot()) == []
    assert fits(page)
    if name and "SCREENSHOTS" in os.environ and page.evaluate("matchMedia('(prefers-color-scheme: light)').matches"):
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": size["width"] // 2, "height": size["height"] // 2})
    assert fits(page)
    page.set_viewport_size(size)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
