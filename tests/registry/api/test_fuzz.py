"""Seeded: whatever comes to the sealed door, it answers in its own words, and what it stores is an envelope that was signed."""

import random
from collections.abc import Callable
from typing import Any

from benchmarks.mutations import mutated
from tests.registry.world import Sender, final

from sceau.core.sealing.framing import CONTENT_TYPE, join
from sceau.registry.intake.models import InboxEnvelope

MANY = 15_000
"""Half a minute, about, of an idle processor."""


def test_the_sealed_door_answers_whatever_comes(post: Callable[..., Any], lilas: Sender) -> None:
    dice, sealed = random.Random("sealed"), [lilas.envelope(final()) for _ in range(3)]  # noqa: S311 - seeded
    seeds = [join(sealed[:1]), join(sealed)]
    statuses = [post("/v1/envelopes", mutated(dice, seeds), CONTENT_TYPE).status_code for _ in range(MANY)]
    assert set(statuses) == {200, 400}, "both what is framed well and what is not was tried"
    assert {bytes(one.body or b"") for one in InboxEnvelope.objects.all()} <= set(sealed)
