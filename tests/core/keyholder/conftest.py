"""A registry's keyholder that runs, with two of the authority enrolled."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.keyholder.world import FARID, GAELLE, Running

from sceau.core.keyholder.agent_verbs import EnrolAgent


@pytest.fixture
def regime() -> str:
    """The one it runs under; a module with another overrides this."""
    return "law"


@pytest.fixture
def registry(tmp_path: Path, regime: str) -> Iterator[Running]:
    with Running("registry", tmp_path).up(regime) as running:
        for member in (FARID, GAELLE):
            running.ask("operator", EnrolAgent(member.record("authority", ()), []))
        yield running
