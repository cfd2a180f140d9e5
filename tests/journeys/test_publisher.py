"""Gaëlle at the registry, from an empty page to a request; Fanta, who looks at what the bench saw, approves, and suspends: each with a
touch of her passkey.
"""

import json

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from playwright.sync_api import Page, StorageState, expect
from tests.journeys.conftest import Opener
from tests.journeys.look import look

from sceau.demo.stage import Stage

SCENARIOS = ("detected", "multiplex", "corrected", "out-of-scope", "replay")
EVIDENCE = """insert into approvals_evidence (software_id, at, document, signature, passed)
select id, now(), %s, '', true from approvals_software where name = %s"""


def shown(stage: Stage, product: str) -> None:
    """As if the bench had been passed; the bench itself has its test in `tests/wire`."""
    document = {"scenarios": [{"name": name, "passed": True} for name in SCENARIOS], "calls": 9, "envelopes": 1, "reports": 11}
    with psycopg.connect(stage.postgres.superuser_url("registry"), autocommit=True) as connection:
        connection.execute(EVIDENCE, (json.dumps(document), product))


def test_from_a_description_to_a_decision_and_its_end(
    open_page: Opener, stage: Stage, gaelle_in: StorageState, fanta: Page, request: pytest.FixtureRequest
) -> None:
    page, product = open_page(gaelle_in), f"GaëllePharma {request.node.name[-6:-1]}"
    page.goto(stage.url("registry"))
    describes(page, product)
    brings_a_key(page)
    page.get_by_role("link", name="Aller au banc d’essai").click()
    look(page, "registry-bench")
    shown(stage, product)
    page.goto(page.url.removesuffix("bench/"))
    look(page, "registry-product")
    page.get_by_role("link", name="Jour par jour, et ce qui a été refusé").click()
    expect(page.get_by_text("Rien n’a été envoyé au cours du dernier mois")).to_be_visible()
    look(page)
    page.go_back()
    page.get_by_role("button", name="Demander l’agrément à l’autorité").click()
    expect(page.get_by_text("L’autorité a votre demande")).to_be_visible()
    decides(fanta, stage, product)
    page.reload()
    expect(page.get_by_text("perd des résultats")).to_be_visible()
    listed(open_page(), stage, product)


def describes(page: Page, product: str) -> None:
    look(page, "registry-products")
    page.locator("[name=name]").fill(product)
    page.locator("[name=version]").fill("1.0")
    page.get_by_role("button", name="La décrire").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{product} 1.0")


def brings_a_key(page: Page) -> None:
    """The private one by mistake, then a public one; two hours later another takes over."""
    pair, heir = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    page.locator("[name=jwk]").fill(ECAlgorithm.to_jwk(pair))
    page.get_by_role("button", name="Déposer la clé publique").click()
    expect(page.get_by_role("alert")).to_contain_text("STOP")
    look(page, "registry-private-key")
    for button, key in (("Déposer la clé publique", heir), ("Passer à cette clé", ec.generate_private_key(ec.SECP384R1()))):
        page.locator("[name=jwk]").fill(ECAlgorithm.to_jwk(key.public_key()))
        page.get_by_role("button", name=button).click()
        expect(page.get_by_text("La clé est acceptée")).to_be_visible()


def decides(page: Page, stage: Stage, product: str) -> None:
    page.goto(stage.url("registry") + "/approvals/")
    look(page, "registry-approvals")
    page.get_by_role("link", name=f"{product} 1.0").click()
    look(page, "registry-approval")
    page.locator("[name=diseases][value=covid-19]").check()
    page.locator("section[aria-labelledby=approve] [name=reason]").fill("essais concluants")
    page.get_by_text("L’agréer", exact=True).click()
    page.get_by_role("button", name="Toucher : oui, dans ce périmètre").click()
    expect(page.get_by_text("Il est agréé dans ce périmètre")).to_be_visible()
    look(page, "registry-approved")
    page.locator("#reason_suspend").fill("perd des résultats")
    page.get_by_text("Le suspendre", exact=True).click()
    page.get_by_role("button", name="Toucher : oui, pour ce motif").first.click()
    expect(page.get_by_text("C’est fait, dès la prochaine requête")).to_be_visible()


def listed(page: Page, stage: Stage, product: str) -> None:
    """A stranger asks about it, with a slip."""
    page.goto(stage.url("registry") + "/software/?q=" + product.replace("lle", "le").replace(" ", "+"))
    look(page, "registry-software-asked")
    page.get_by_role("link", name=product).first.click()
    expect(page.get_by_text("perd des résultats")).to_be_visible()
    look(page, "registry-software-history")
