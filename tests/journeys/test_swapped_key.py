"""A counter that serves another key to seal to, as an intruder there would: a computer that knows the pharmacy keeps nothing for it.

What cannot be noticed is tried too, and said in ADR 0011 and 0015: the first page that a computer ever sees can name any key as the
pharmacy's.
"""

import base64
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, StorageState, expect

from sceau.core.sealing import signing, suite
from sceau.core.sealing.epochs import box_statement, succession
from sceau.demo.stage import Stage

INTRUDER = b"sceau test key of an intruder..."
Told = dict[str, Any]
TRUSTED = """async ([told, pin]) => {
  const { trusted } = await import("/static/away/trust.js");
  return trusted(told, pin).then((pin) => pin, (error) => `refused: ${error.message}`);
}"""
KNOWN = """async () => {
  const { lastPlace } = await import("/static/away/store.js");
  return (await lastPlace())?.boxes.map((box) => box.public);
}"""
BLOCK = re.compile(r'(<script id="away_told"[^>]*>)(.*?)(</script>)', re.DOTALL)


@pytest.fixture
def context(browser: Browser, amina_in: StorageState) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="fr-FR", storage_state=amina_in, service_workers="block")
    yield context
    context.close()


@pytest.fixture
def desk(context: BrowserContext, stage: Stage) -> Page:
    """Amina's counter on a computer that has learnt the pharmacy's keys."""
    page = context.new_page()
    page.goto(stage.url("counter") + "/desk/")
    expect(page.locator("#box")).to_be_focused()
    page.wait_for_function(KNOWN)
    return page


def told(page: Page) -> Told:
    """What the page was told to seal to."""
    found: Told = json.loads(page.locator("#away_told").evaluate("one => one.textContent"))
    return found


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def link(number: int, endorsement: bytes = b"") -> Told:
    return {"number": number, "public": text(signing.public_bytes(INTRUDER)), "endorsement": text(endorsement)}


def swapped(told: Told) -> Told:
    """The intruder's box for today, which the intruder signed."""
    box, public = told["boxes"][0], suite.public_bytes(INTRUDER)
    statement = box_statement(UUID(told["pharmacy"]), date.fromisoformat(box["day"]), public)
    signature = text(signing.signer(INTRUDER).sign(statement))
    return told | {"boxes": [box | {"public": text(public), "signature": signature}, *told["boxes"][1:]]}


def wholly(told: Told) -> Told:
    """Everything is the intruder's: today's box, and the chain that leads to it."""
    return swapped(told) | {"boxes": swapped(told)["boxes"][:1], "chain": [link(0)]}


def endorsing_themselves(told: Told) -> Told:
    """The intruder's key as the pharmacy's next one."""
    number = told["chain"][-1]["number"] + 1
    statement = succession(UUID(told["pharmacy"]), number, signing.public_bytes(INTRUDER))
    return wholly(told) | {"chain": [*told["chain"], link(number, signing.signer(INTRUDER).sign(statement))]}


def with_the_old_signature(told: Told) -> Told:
    """The intruder's box under the signature that the pharmacy gave to its own."""
    return told | {"boxes": [told["boxes"][0] | {"public": swapped(told)["boxes"][0]["public"]}]}


def tomorrows(told: Told) -> Told:
    return told | {"boxes": [told["boxes"][1] | {"day": told["boxes"][0]["day"]}]}


def anothers(told: Told) -> Told:
    return told | {"pharmacy": str(uuid4())}


FOREIGN, UNSIGNED = "refused: another pharmacy's key", "refused: not signed by the pharmacy"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (swapped, UNSIGNED),
        (with_the_old_signature, UNSIGNED),
        (tomorrows, UNSIGNED),
        (anothers, UNSIGNED),
        (endorsing_themselves, UNSIGNED),
        (wholly, FOREIGN),
    ],
)
def test_no_key_but_the_pharmacys_is_trusted(desk: Page, change: Any, said: str) -> None:
    right = told(desk)
    pin = desk.evaluate(TRUSTED, [right, None])
    assert desk.evaluate(TRUSTED, [right, pin]) == pin  # the control
    assert desk.evaluate(TRUSTED, [change(right), pin]) == said


def test_a_computer_that_knows_nobody_believes_the_first_page(desk: Page) -> None:
    """The residual, as the decision says it: nothing but the page names the pharmacy's key to a browser that never saw it."""
    assert not desk.evaluate(TRUSTED, [wholly(told(desk)), None]).startswith("refused")


def test_the_page_says_so_at_once_and_keeps_nothing_for_the_intruder(desk: Page, context: BrowserContext) -> None:
    right = told(desk)

    def lie(route: Route) -> None:
        answer = route.fetch()
        body = BLOCK.sub(lambda found: found[1] + json.dumps(wholly(json.loads(found[2]))) + found[3], answer.text())
        route.fulfill(response=answer, body=body)

    context.route("**/desk/", lie)
    desk.reload()
    expect(desk.locator("#say")).to_contain_text("ne sont pas celles de votre pharmacie")
    assert desk.evaluate(KNOWN) == [box["public"] for box in right["boxes"]]
    context.set_offline(True)
    expect(desk.locator("#away_band")).to_be_visible(timeout=30_000)
    desk.locator("#box").fill("PIEGE Zoé")
    desk.keyboard.press("Enter")
    expect(desk.locator("[name=born]")).to_be_focused()
    desk.keyboard.type("12031985f")
    desk.keyboard.press("Enter")
    expect(desk.locator("#say")).to_contain_text("ne sont pas celles de votre pharmacie")
    assert desk.evaluate("async () => (await import('/static/away/store.js')).entries()") == []
