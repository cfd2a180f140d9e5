"""`sceau doctor` says why no invoice could be made, before the month is over."""

import sys
from types import ModuleType

import pytest
from pytest_django import Settings
from tests.counter.billing.books import ISSUER

from sceau.core.doctor import of_the_service
from sceau.counter.billing import pdf


class Without(ModuleType):
    """WeasyPrint as it is imported where Pango cannot be loaded."""

    def __getattr__(self, name: str) -> object:
        raise OSError(name)


def said() -> str:
    return " ".join(one.what for one in of_the_service())


def test_nothing_is_found_where_nothing_is_missing(settings: Settings) -> None:
    settings.BILLING = ISSUER
    assert said() == ""


def test_an_issuer_that_is_not_set_is_named(settings: Settings) -> None:
    settings.BILLING = ISSUER | {"IBAN": ""}
    assert "BILLING_IBAN" in said()


def test_a_machine_without_pango_is_told_what_to_install(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.BILLING = ISSUER
    monkeypatch.setitem(sys.modules, "weasyprint", Without("weasyprint"))
    assert "libpango" in said()


def test_a_machine_without_the_font_is_told_which(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.BILLING = ISSUER
    monkeypatch.setattr(pdf, "_FONT", b"+No-Such-Font")
    assert "fonts-dejavu-core" in said()
