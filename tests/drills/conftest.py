"""One world for all drills of a session: they are played in order, each once."""

import pytest

from sceau.exposure.drills.drill import Outcome
from sceau.exposure.drills.every import DRILLS, run


@pytest.fixture(scope="session")
def outcomes() -> dict[int, Outcome]:
    """What came of each drill, by number."""
    return {outcome.number: outcome for outcome in run(DRILLS)}
