"""Seeded: whatever comes, each door answers in its own words, and says nothing of what went wrong inside."""

import random

import pytest
from benchmarks.mutations import mutated
from tests.registry.doors.conftest import Knock
from tests.registry.doors.plain import BATCH, COLLECTION, CSV, FHIR, HL7, MESSAGE, TABLE, VECTORS, bundle
from tests.registry.doors.test_mllp import PINNED, codes

from sceau.registry.doors.mllp import answer
from sceau.registry.submissions.models import Sender

MANY = {"/fhir": 3_000, "/hl7v2": 3_000, "/csv": 2_000, "mllp": 4_000}
"""Half a minute each, about, of an idle processor."""
SEEDS = {
    "/fhir": [COLLECTION, bundle(kind="batch"), bundle(kind="message"), (VECTORS / "fhir" / "panel.json").read_bytes()],
    "/hl7v2": [MESSAGE, BATCH, (VECTORS / "hl7v2" / "panel.hl7").read_bytes()],
    "/csv": [TABLE],
}
KINDS = {"/fhir": FHIR, "/hl7v2": HL7, "/csv": CSV}


@pytest.mark.parametrize("path", SEEDS)
def test_a_door_answers_whatever_comes(knock: Knock, path: str) -> None:
    dice = random.Random(path)  # noqa: S311 - seeded
    statuses = [knock(path, mutated(dice, SEEDS[path]), KINDS[path]).status_code for _ in range(MANY[path])]
    assert set(statuses) <= {200, 400, 422}
    assert {200, 422} <= set(statuses), "both what is taken and what is refused was tried"


def test_so_does_the_mllp_door(sender: Sender) -> None:
    dice = random.Random("mllp")  # noqa: S311 - seeded
    told = [codes(answer(mutated(dice, SEEDS["/hl7v2"]), PINNED)) for _ in range(MANY["mllp"])]
    assert all(told)
    assert {"AA", "AE"} <= {code for one in told for code in one} <= {"AA", "AE", "AR"}
