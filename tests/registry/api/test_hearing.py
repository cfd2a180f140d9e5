"""Calls that come at once are heard in one go, and none of them notices the others."""

from datetime import datetime

from django.test import Client
from django.utils import timezone
from tests.registry.world import Publisher, Sender, final

from sceau.core.audit.models import Entry
from sceau.core.problems import ProblemType
from sceau.core.sealing.header import Header
from sceau.registry.api.callers import asked
from sceau.registry.api.hearing import Checked, _hear, _Known, _Posted, _Signed
from sceau.registry.approvals import actions
from sceau.registry.approvals.enums import Act, Format
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.quota import Quota
from sceau.registry.intake.models import InboxEnvelope


def posted(client: Client, publisher: Publisher, *data: bytes, language: str = "fr", at: datetime | None = None) -> _Posted:
    read = [Checked(one, Header.parse(one)) for one in data]
    finess = {str(one.header.finess) for one in read if one.header}
    return _Posted(asked(publisher.token(client), finess, at=at or timezone.now(), through=Format.SEALED), read, language)


def problems(told: _Signed | SoftwareRefused) -> list[ProblemType | None]:
    assert isinstance(told, _Signed)
    return [one.problem for one in told.call.envelopes]


def test_whose_approval_is_suspended_is_refused_and_the_others_are_taken(
    client: Client, publisher: Publisher, lilas: Sender
) -> None:
    other = Publisher.approved("Autre")
    good = posted(client, publisher, lilas.envelope(final()))
    own = lilas._replace(software=other.software.id)
    before, after = (posted(client, other, own.envelope(final())) for _ in range(2))
    assert problems(_hear([before, good])[0]) == [None]
    other.decided(Act.SUSPEND, reason="fuite")
    refused, taken = _hear([after, good])
    assert isinstance(refused, SoftwareRefused)
    assert (refused.kind, refused.reason, problems(taken)) == (ProblemType.SOFTWARE_SUSPENDED, "fuite", [None])
    assert set(InboxEnvelope.objects.values_list("software_id", flat=True)) == {publisher.software.id, other.software.id}
    assert InboxEnvelope.objects.filter(software_id=other.software.id).count() == 1


def test_of_who_is_refused_the_log_says_nothing(client: Client, publisher: Publisher, lilas: Sender) -> None:
    publisher.decided(Act.SUSPEND)
    _hear([posted(client, publisher, lilas.envelope(final()))])
    assert not Entry.objects.filter(event="envelopes-received").exists()


def test_each_is_refused_in_its_own_language(client: Client, publisher: Publisher, lilas: Sender) -> None:
    data = lilas.envelope(final())
    _hear([posted(client, publisher, data)])
    actions.limit(publisher.software, quota=Quota(reports_a_day=1), by="operator", at=timezone.now())
    told = _hear([posted(client, publisher, data, language=one) for one in ("fr", "en")])
    assert [one.reason.split()[0] for one in told if isinstance(one, SoftwareRefused)] == ["Le", "The"]


def test_each_gets_the_receipt_of_its_own_envelopes(client: Client, publisher: Publisher, lilas: Sender) -> None:
    one, other = lilas.envelope(final()), lilas.envelope(final(), final())
    forged = other[:-1] + bytes([other[-1] ^ 1])
    told = _hear([posted(client, publisher, one), posted(client, publisher, forged, other)])
    assert [problems(each) for each in told] == [[None], [ProblemType.BAD_ENVELOPE, None]]
    now = timezone.now()
    roots = [_Known(lilas.software, now, [Checked(data, None)]).root()[0] for data in (one, other)]
    assert [each.root for each in told if isinstance(each, _Signed)] == roots
