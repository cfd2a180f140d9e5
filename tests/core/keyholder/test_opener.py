"""A batch costs itself alone: children that loop, eat memory or die leave the next batch to be answered."""

from collections.abc import Iterator

import pytest
from tests.core.keyholder.test_ingest import AT, INDEX_KEY, envelope, report
from tests.core.sealing import samples

from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.opener import Batch, Opener
from sceau.core.keyholder.verbs import Ingested
from sceau.core.sealing import suite


def batch(*envelopes: bytes, regime: str = "law") -> Batch:
    keys = {suite.key_id(suite.public_bytes(samples.REGISTRY_SEED)): samples.REGISTRY_SEED}
    return Batch(list(envelopes), keys, {}, "2023-02", INDEX_KEY, regime, AT)


@pytest.fixture
def opener() -> Iterator[Opener]:
    made = Opener()
    yield made
    made.close()


def test_batch_after_batch_is_answered(opener: Opener) -> None:
    for _ in range(3):
        (answer,) = opener.run(batch(envelope(report()).data))
        assert isinstance(answer, Ingested)


def test_a_child_that_dies_costs_its_batch_alone(opener: Opener) -> None:
    with pytest.raises(KeyholderError, match="failed"):
        opener.run(batch(regime="there is none"))
    assert len(opener.run(batch(envelope(report()).data))) == 1


def test_a_child_that_eats_memory_costs_its_batch_alone() -> None:
    opener = Opener(memory=160 * 1024 * 1024)
    with pytest.raises(KeyholderError, match="failed"):
        opener.run(batch(*[bytes(1024 * 1024)] * 60))
    assert len(opener.run(batch(envelope(report()).data))) == 1
    opener.close()


def test_a_child_that_takes_too_long_is_ended() -> None:
    opener = Opener(cpu_seconds=1)
    with pytest.raises(KeyholderError, match="failed"):
        opener.run(batch(*[envelope(*[report()] * 1_000).data] * 40))
    assert len(opener.run(batch(envelope(report()).data))) == 1
    opener.close()
