"""The registry alone: an embedded database, a keyholder in process, approved software and an enrolled pharmacy."""

import pytest
from tests.plugins import services

services.use("registry")

import os  # noqa: E402 - the settings exist from here on
from collections.abc import Callable, Iterator  # noqa: E402
from datetime import timedelta  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from pytest_django import DjangoDbBlocker  # noqa: E402
from tests.registry.world import LILAS, Publisher, Sender  # noqa: E402

from sceau.core import grants  # noqa: E402
from sceau.core.accounts.keyholder import keyholder as accounts_keyholder  # noqa: E402
from sceau.core.keyholder.clients import RegistryClient  # noqa: E402
from sceau.core.sealing import signing  # noqa: E402
from sceau.registry.config.grants import ROLES  # noqa: E402
from sceau.registry.config.keyholder import keyholder  # noqa: E402
from sceau.registry.pharmacies.models import Pharmacy  # noqa: E402


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database, with the rights that each process has."""
    with django_db_blocker.unblock():
        grants.apply(ROLES)


@pytest.fixture
def keys() -> RegistryClient:
    return keyholder()


@pytest.fixture
def as_web(settings: Any) -> Iterator[None]:
    """The keyholder understands what it does of the web process, and no more."""
    settings.KEYHOLDER = str(Path(os.environ["REGISTRY_SOCKETS"]) / "web.sock")
    for cached in (keyholder, accounts_keyholder):
        cached.cache_clear()
    yield
    for cached in (keyholder, accounts_keyholder):
        cached.cache_clear()


@pytest.fixture
def publisher(db: None) -> Publisher:
    """The publisher of the software at the Pharmacie des Lilas, approved by Farid."""
    return Publisher.approved("Sceau Comptoir")


@pytest.fixture
def lilas(publisher: Publisher) -> Sender:
    """Amina's pharmacy, which enrolled its key."""
    sender = Sender(publisher.software.id, LILAS, signing.signer(bytes(range(32))))
    fields = {"name": "Pharmacie des Lilas", "public_key": sender.public, "enrolled_at": timezone.now() - timedelta(days=1)}
    Pharmacy.objects.create(finess=LILAS, **fields)
    return sender


@pytest.fixture
def post(client: Client, publisher: Publisher) -> Callable[..., object]:
    """Posts as the publisher's software."""
    return publisher.poster(client)
