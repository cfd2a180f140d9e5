import pytest
from pytest_django import Settings
from tests.counter.billing.books import ISSUER, Books
from tests.counter.world import Place


@pytest.fixture(autouse=True)
def issuer(settings: Settings) -> None:
    settings.BILLING = ISSUER


@pytest.fixture
def books(lilas: Place) -> Books:
    return Books(lilas).identified()
