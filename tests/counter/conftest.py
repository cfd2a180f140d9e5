"""The counter alone: an embedded database, two pharmacies with keys, and who works there."""

from tests.plugins import services

services.use("counter")

import pytest  # noqa: E402 - the settings exist from here on
from django.test import Client  # noqa: E402
from pytest_django import DjangoDbBlocker  # noqa: E402
from tests.counter.world import FakeRegistry, Place  # noqa: E402

from sceau.core import grants  # noqa: E402
from sceau.counter.config.grants import ROLES  # noqa: E402
from sceau.counter.pharmacies.models import Role  # noqa: E402


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database, with the rights that each process has."""
    with django_db_blocker.unblock():
        grants.apply(ROLES)


@pytest.fixture
def lilas(db: None) -> Place:
    return Place.opened("750123457", "Pharmacie des Lilas")


@pytest.fixture
def other(db: None) -> Place:
    """Chloé's pharmacy."""
    return Place.opened("690000005", "Pharmacie du Pont")


@pytest.fixture
def registry() -> FakeRegistry:
    return FakeRegistry()


@pytest.fixture
def amina(lilas: Place) -> Client:
    return lilas.sign_in("amina@example.org", Role.PHARMACIST)


@pytest.fixture
def chloe(other: Place) -> Client:
    return other.sign_in("chloe@example.org", Role.PHARMACIST)
