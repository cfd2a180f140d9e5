"""Typing one-time codes, as people do."""

from playwright.sync_api import Page

from sceau.core.totp import code


def types_code(page: Page, seed: str) -> None:
    """Whose half minute ended on the way types the next one."""
    field, told = page.locator("input[name=code]"), code(seed)
    field.fill(told)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    if page.locator("input[name=code][aria-invalid=true]").count() and (following := code(seed)) != told:
        field.fill(following)
        page.keyboard.press("Enter")
