"""A batch costs itself alone: children that loop, eat memory or die leave the next batch to be answered."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from tests.core.keyholder.test_ingest import AT, INDEX_KEY, NAMING, envelope, report
from tests.core.sealing import samples

from sceau.core.keyholder import nobodys
from sceau.core.keyholder.envelope_verbs import Ingested
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.opener import Batch, Opener
from sceau.core.report.fhir.own import rewritten
from sceau.core.report.fhir.read import read_report
from sceau.core.sealing import suite
from sceau.core.sealing.open import open_envelope


def batch(*envelopes: bytes, regime: str = "law") -> Batch:
    keys = {suite.key_id(suite.public_bytes(samples.REGISTRY_SEED)): samples.REGISTRY_SEED}
    return Batch(list(envelopes), keys, {}, {"2023-02": INDEX_KEY}, regime, AT, NAMING)


def offspring(process: int) -> list[int]:
    """Processes whose parent is this one, zombies too."""
    told = (each / "stat" for each in Path("/proc").iterdir() if each.name.isdigit())
    fields = [_fields(each) for each in told]
    return [int(found[0]) for found in fields if found and int(found[2]) == process]


def _fields(stat: Path) -> list[str]:
    """Number, state and parent, of a process that may have ended meanwhile."""
    try:
        number, _, rest = stat.read_text().partition(" (")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [number, *rest.rpartition(") ")[2].split()[:2]]


@pytest.fixture
def opener() -> Iterator[Opener]:
    made = Opener()
    yield made
    made.close()


def test_batch_after_batch_is_answered(opener: Opener) -> None:
    for _ in range(3):
        opened = opener.run(batch(envelope(report()).data))
        (answer,) = opened.answers
        assert isinstance(msgspec.msgpack.decode(answer, type=Ingested), Ingested)
        assert opened.reports == 1


def test_what_nobody_reported_is_read_and_known_from_then_on() -> None:
    data = nobodys.envelope()
    opened = open_envelope(data, suite.private_key(nobodys.SEED))
    for line in opened.reports:
        read_report(line)
    assert all(map(rewritten, opened.reports))
    assert len(opened.reports) == opened.header.reports


def test_a_child_that_dies_costs_its_batch_alone(opener: Opener) -> None:
    with pytest.raises(KeyholderError, match="failed"):
        opener.run(batch(regime="there is none"))
    assert len(opener.run(batch(envelope(report()).data)).answers) == 1


def test_a_child_that_eats_memory_costs_its_batch_alone() -> None:
    with closing(Opener(memory=160 * 1024 * 1024)) as opener:
        with pytest.raises(KeyholderError, match="failed"):
            opener.run(batch(*[bytes(1024 * 1024)] * 60))
        assert len(opener.run(batch(envelope(report()).data)).answers) == 1


def test_a_child_that_loops_is_ended() -> None:
    with closing(Opener(cpu_seconds=1)) as opener:
        with pytest.raises(KeyholderError, match="failed"):
            opener.run(batch(*[envelope(*[report()] * 1_000).data] * 40))
        assert len(opener.run(batch(envelope(report()).data)).answers) == 1


def test_a_batch_that_keeps_its_asker_waiting_is_given_up() -> None:
    with closing(Opener(patience=0.05)) as opener, pytest.raises(KeyholderError, match="failed"):
        opener.run(batch(*[envelope(*[report()] * 1_000).data] * 10))


def test_whatever_becomes_of_a_batch_no_process_is_left_but_the_one_that_forks() -> None:
    before = offspring(os.getpid())
    with closing(Opener()) as opener:
        for regime in ("law", "there is none", "law", "there is none"):
            _try(opener, batch(envelope(report()).data, regime=regime))
        (zygote,) = set(offspring(os.getpid())) - set(before)
        opener.run(batch(envelope(report()).data))
        opener.run(batch(envelope(report()).data))
        assert len(offspring(zygote)) <= 1  # the last child may not have been waited for yet
    assert offspring(os.getpid()) == before
    assert not Path(f"/proc/{zygote}").exists()


def _try(opener: Opener, asked: Batch) -> bool:
    try:
        return bool(opener.run(asked).answers)
    except KeyholderError:
        return False
