"""A door's own envelopes: nobody else may send one, and the keyholder names what is in them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from tests.registry.doors.conftest import Knock
from tests.registry.doors.plain import HL7, MESSAGE, outcomes
from tests.registry.world import LILAS, final, key_list, send

from sceau.core.keyholder.clients import RegistryClient
from sceau.core.report.naming import renamed
from sceau.core.sealing import signing
from sceau.core.sealing.errors import Flaw, SealingError
from sceau.core.sealing.header import Header
from sceau.registry.intake.actions import take_in
from sceau.registry.intake.models import InboxEnvelope
from sceau.registry.intake.stamping import stamp
from sceau.registry.results.models import Report
from sceau.registry.submissions.models import Sender
from sceau.registry.submissions.reading import read
from sceau.registry.submissions.sealing import seal


def test_the_door_for_envelopes_takes_none_signed_or_not(post: Callable[..., Any], sender: Sender) -> None:
    (made,) = seal([final()], sender=sender, registry=key_list(), at=timezone.now())
    signed = made.data + signing.signer(bytes(32)).sign(made.data)
    told = send(post, [made.data, signed]).json()["envelopes"]
    assert [one["problem"]["type"] for one in told] == ["urn:sceau:problem:bad-envelope"] * 2
    assert not InboxEnvelope.objects.exists()


def test_what_says_that_it_is_a_doors_is_bound_to_its_body(knock: Knock, keys: RegistryClient) -> None:
    knock("/hl7v2", MESSAGE, HL7)
    row = InboxEnvelope.objects.get()
    assert Header.parse(bytes(row.body or b"")).door
    changed = bytes(row.body or b"").replace(b"SCEAD", b"SCEAU", 1)
    InboxEnvelope.objects.update(body=changed, stamp=stamp(changed, plain=False, at=timezone.now()))
    assert outcomes(keys) == {"refused": 1}
    assert InboxEnvelope.objects.get().flaw == Flaw.CANNOT_OPEN


def test_what_a_superuser_writes_into_the_inbox_is_set_aside(knock: Knock, sender: Sender, keys: RegistryClient) -> None:
    """Under a door's name, with no stamp, one of the other door, or one of another envelope. The near miss: the door's own."""
    (made,) = seal([final()], sender=sender, registry=key_list(), at=timezone.now())
    knock("/hl7v2", MESSAGE, HL7)
    own, told = InboxEnvelope.objects.get(), {"software_id": sender.software_id, "finess": sender.finess, "reports": 1}
    for forged in (b"", stamp(made.data, plain=False, at=timezone.now()), bytes(own.stamp)):
        InboxEnvelope.objects.exclude(pk=own.pk).delete()
        row = {"id": made.header.envelope, "digest": b"", "received_at": timezone.now(), "body": made.data}
        InboxEnvelope.objects.create(**told, **row, stamp=forged)
        take_in(keys, limit=10, at=timezone.now())
        states = dict(InboxEnvelope.objects.values_list("pk", "state"))
        assert states == {own.pk: "done", made.header.envelope: "set-aside"}


def test_more_than_an_envelope_holds_lie_in_several(sender: Sender) -> None:
    made = seal([final()] * 501, sender=sender, registry=key_list(), at=timezone.now())
    assert [one.header.reports for one in made] == [500, 1]


def test_a_name_is_neither_the_sealed_one_nor_without_the_key_to_be_had(
    knock: Knock, sender: Sender, keys: RegistryClient
) -> None:
    """Who knows all that a row says cannot tell which report it is."""
    knock("/hl7v2", MESSAGE, HL7)
    outcomes(keys)
    (known,) = read(MESSAGE, form="hl7v2", sender=sender, at=timezone.now()).reports
    stored = Report.objects.get()
    guesses = {known.id, known.lineage, *(renamed(key, known, finess=LILAS).id for key in (b"", bytes(32), LILAS.encode()))}
    assert stored.id not in guesses
    assert stored.lineage not in guesses


@pytest.mark.parametrize("cut", [0, 72, 73, 200])
def test_a_cut_one_is_refused(sender: Sender, cut: int) -> None:
    (made,) = seal([final()], sender=sender, registry=key_list(), at=timezone.now())
    if cut < 73:
        with pytest.raises(SealingError):
            Header.parse(made.data[:cut])
    else:
        assert isinstance(Header.parse(made.data[:cut]).envelope, UUID)
