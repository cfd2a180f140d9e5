"""Who is before the registry's pages: agents, and the publisher of a module's own `publisher`."""

import pytest
from django.test import Client
from tests.registry.tracing import HUGO, Tracer, case_of, come
from tests.registry.world import Publisher, Sender, gaelle, signed_in

from sceau.core.regime import DEMO, REGIMES
from sceau.registry.approvals.models import Software
from sceau.registry.cases.models import Case


@pytest.fixture
def tracing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A regime under which contacts are traced."""
    monkeypatch.setitem(REGIMES, "law", DEMO)


@pytest.fixture
def driss(db: None, tracing: None) -> Tracer:
    return Tracer.enrolled("driss", "69")


@pytest.fixture
def elise(db: None, tracing: None) -> Tracer:
    return Tracer.enrolled("elise", "59")


@pytest.fixture
def case(lilas: Sender, tracing: None) -> Case:
    """Hugo's."""
    return case_of(come(lilas, HUGO)[0])


@pytest.fixture
def her(publisher: Publisher) -> Client:
    """Gaëlle, whose product this is."""
    user = gaelle()
    Software.objects.filter(pk=publisher.software.pk).update(publisher=user.publishes.publisher)
    return signed_in(user)
