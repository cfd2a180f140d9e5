"""What a software may send a day and a minute is kept to at every door, by what is stored; who is over it hears when to come again."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.plugins.services import acting
from tests.registry.doors.plain import CSV, FHIR, HL7, bundle, message, registered, table
from tests.registry.world import LILAS, Publisher, Sender, arrive, final, send

from sceau.core.audit.models import Entry
from sceau.core.problems import HEALS, ProblemDetails, ProblemType
from sceau.core.sealing.framing import join
from sceau.registry.api.auth import refusal
from sceau.registry.api.callers import calling
from sceau.registry.api.envelopes import UNASKED
from sceau.registry.approvals import actions
from sceau.registry.approvals.enums import Format
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.models import Software
from sceau.registry.approvals.quota import Quota
from sceau.registry.approvals.scope import Scope
from sceau.registry.doors.mllp import answer
from sceau.registry.intake.models import InboxEnvelope, Sent
from sceau.registry.submissions.models import Submission

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2023, 3, 1, 12, 0, 30, tzinfo=PARIS)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
DOORS = {"/fhir": (FHIR, bundle), "/hl7v2": (HL7, message), "/csv": (CSV, table)}


@pytest.fixture
def publisher(db: None) -> Publisher:
    """Gaëlle's software, approved for every form."""
    return Publisher.approved("Sceau Comptoir", Scope(tuple(Format)))


@pytest.fixture
def other(db: None) -> Publisher:
    """Another publisher's, approved for the same."""
    return Publisher.approved("Autre Comptoir", Scope(tuple(Format)))


def limit(publisher: Publisher, **told: int) -> None:
    actions.limit(publisher.software, quota=Quota(**told), by="operator", at=timezone.now())


def heard(token: str, at: datetime) -> int:
    """Seconds to wait at that moment; 0: it is heard."""
    try:
        calling(token, (), at=at, through=Format.SEALED)
    except SoftwareRefused as refused:
        return refused.again
    return 0


def test_a_minute_that_is_full_ends_and_the_next_one_opens(client: Client, publisher: Publisher, lilas: Sender) -> None:
    limit(publisher, reports_a_minute=3)
    token = publisher.token(client)
    arrive(lilas.envelope(final(), final()), at=NOON)
    assert heard(token, NOON) == 0
    arrive(lilas.envelope(final(), final()), at=NOON + SECOND)
    assert [heard(token, NOON + SECOND), heard(token, NOON + 29 * SECOND), heard(token, NOON + 30 * SECOND)] == [29, 1, 0]


def test_a_day_that_is_full_ends_at_midnight_in_paris(client: Client, publisher: Publisher, lilas: Sender) -> None:
    limit(publisher, reports_a_day=2)
    token, evening = publisher.token(client), datetime(2023, 3, 1, 22, 0, tzinfo=UTC)
    arrive(lilas.envelope(final(), final()), at=NOON)
    assert [heard(token, NOON + HOUR), heard(token, evening)] == [int((11 * HOUR - 30 * SECOND).total_seconds()), 3600]
    assert heard(token, evening + HOUR) == 0


@pytest.mark.parametrize("window", ["bytes_a_minute", "bytes_a_day"])
def test_bytes_are_counted_as_reports_are(client: Client, publisher: Publisher, lilas: Sender, window: str) -> None:
    one = lilas.envelope(final())
    token = publisher.token(client)
    limit(publisher, **{window: len(one) + 1})
    arrive(one, at=NOON)
    assert heard(token, NOON) == 0
    arrive(lilas.envelope(final()), at=NOON)
    assert heard(token, NOON) > 0


def test_another_software_is_not_touched(client: Client, publisher: Publisher, other: Publisher, lilas: Sender) -> None:
    for one in (publisher, other):
        limit(one, reports_a_day=1)
    arrive(lilas.envelope(final()), at=NOON)
    assert [bool(heard(one.token(client), NOON)) for one in (publisher, other)] == [True, False]


def test_what_is_sent_again_counts_once(client: Client, publisher: Publisher, lilas: Sender) -> None:
    limit(publisher, reports_a_day=2)
    one = lilas.envelope(final())
    for _ in range(3):
        arrive(one, at=NOON)
    assert heard(publisher.token(client), NOON) == 0
    assert list(Sent.objects.values_list("envelopes", "reports", "bytes")) == [(1, 1, len(one))]


def test_whoever_is_over_may_still_ask_what_became_of_it(client: Client, publisher: Publisher, lilas: Sender) -> None:
    limit(publisher, reports_a_day=1)
    arrive(lilas.envelope(final()), at=timezone.now())
    post = publisher.poster(client)
    assert send(post, [lilas.envelope(final())]).status_code == 429
    assert post("/v1/acknowledgements/search", b'{"envelopes": []}').status_code == 200


def test_the_door_for_envelopes_says_when_to_come_again(client: Client, publisher: Publisher, lilas: Sender) -> None:
    limit(publisher, reports_a_day=2)
    post = publisher.poster(client)
    with acting("registry_web"):
        assert send(post, [lilas.envelope(final(), final())]).status_code == 200
        told = send(post, [lilas.envelope(final())])
    assert told.status_code == 429
    assert told.json()["type"] == "urn:sceau:problem:too-many-requests"
    assert int(told.headers["Retry-After"]) == told.json()["retry_after"] > 0
    assert ProblemType.TOO_MANY_REQUESTS in HEALS
    assert InboxEnvelope.objects.count() == 1


def test_a_call_that_would_exceed_is_not_taken_and_one_that_has_just_room_is(
    client: Client, publisher: Publisher, lilas: Sender
) -> None:
    """Whole or not at all: of two envelopes that have no room together, each has."""
    limit(publisher, reports_a_day=3)
    post, two = publisher.poster(client), [lilas.envelope(final(), final()) for _ in range(2)]
    with acting("registry_web"):
        over = send(post, [two[0], lilas.envelope(final(), final())])
        assert (over.status_code, over.json()["type"]) == (413, "urn:sceau:problem:too-large")
        assert send(post, [two[0]]).status_code == 200
        told = send(post, [two[1]])
        assert (told.status_code, int(told.headers["Retry-After"]) > 0) == (429, True)
        assert "comptes rendus 1," in told.json()["detail"]
        assert send(post, [lilas.envelope(final())]).status_code == 200
    assert [one.reports for one in InboxEnvelope.objects.order_by("received_at")] == [2, 1]


@pytest.mark.parametrize(("spare", "status"), [(0, 200), (-1, 413)], ids=["just room", "a byte too much"])
def test_so_are_its_bytes(client: Client, publisher: Publisher, lilas: Sender, spare: int, status: int) -> None:
    data = [lilas.envelope(final()), lilas.envelope(final())]
    limit(publisher, bytes_a_minute=sum(map(len, data)) + spare)
    assert send(publisher.poster(client), data).status_code == status
    assert InboxEnvelope.objects.count() == (2 if status == 200 else 0)


def test_what_no_window_could_take_is_told_to_be_divided_and_not_to_come_again(
    client: Client, publisher: Publisher, lilas: Sender
) -> None:
    """A large body too, which is read after its caller is known."""
    limit(publisher, reports_a_minute=24, reports_a_day=1000)
    post, large = publisher.poster(client), [lilas.envelope(final()) for _ in range(25)]
    assert len(join(large[1:])) > UNASKED
    told = send(post, large)
    assert (told.status_code, "Retry-After" in told.headers) == (413, False)
    assert "comptes rendus 24," in told.json()["detail"]
    assert ProblemType.TOO_LARGE not in HEALS
    assert send(post, large[1:]).status_code == 200


@pytest.mark.parametrize("path", DOORS)
def test_a_plain_door_takes_a_body_whole_or_not_at_all(client: Client, publisher: Publisher, path: str) -> None:
    """Sealed, it weighs more than what may be sent at once; the near miss: as much as may."""
    registered(publisher, LILAS)
    kind, body = DOORS[path]
    headers = {"Authorization": f"Bearer {publisher.token(client)}"}

    def knock() -> Any:
        with override_settings(ROOT_URLCONF="sceau.registry.doors.urls"), acting("registry_doors"):
            return client.post(f"{path}?finess={LILAS}", body(), content_type=kind, headers=headers)

    limit(publisher, bytes_a_day=100)
    told = knock()
    assert (told.status_code, "Retry-After" in told.headers) == (413, False)
    assert not InboxEnvelope.objects.exists()
    assert not Submission.objects.exists()
    limit(publisher)
    assert knock().status_code == 200
    limit(publisher, bytes_a_day=Sent.objects.get().bytes + 100)
    assert knock().status_code == 429
    limit(publisher, bytes_a_day=2 * Sent.objects.get().bytes)
    assert knock().status_code == 200
    assert Submission.objects.count() == 2


def test_a_block_of_mllp_that_has_no_room_is_rejected_whole(publisher: Publisher) -> None:
    registered(publisher, LILAS, certificate=bytes(32))
    limit(publisher, bytes_a_day=100)
    with acting("registry_doors"):
        assert b"MSA|AR" in answer(message(), bytes(32))
    assert not InboxEnvelope.objects.exists()
    limit(publisher)
    assert b"MSA|AA" in answer(message(), bytes(32))


@pytest.mark.parametrize("path", DOORS)
def test_every_plain_door_does_too(client: Client, publisher: Publisher, path: str) -> None:
    """The near miss beside it: one short of the quota, the same call is taken."""
    registered(publisher, LILAS)
    limit(publisher, reports_a_day=1)
    kind, body = DOORS[path]
    headers = {"Authorization": f"Bearer {publisher.token(client)}"}

    def knock() -> Any:
        with override_settings(ROOT_URLCONF="sceau.registry.doors.urls"), acting("registry_doors"):
            return client.post(f"{path}?finess={LILAS}", body(), content_type=kind, headers=headers)

    assert knock().status_code == 200
    told = knock()
    assert (told.status_code, int(told.headers["Retry-After"]) > 0) == (429, True)
    assert InboxEnvelope.objects.count() == 1


def test_a_block_of_mllp_is_rejected_and_says_when_to_come_again(publisher: Publisher) -> None:
    registered(publisher, LILAS, certificate=bytes(32))
    limit(publisher, reports_a_day=1)
    with acting("registry_doors"):
        assert b"MSA|AA" in answer(message(), bytes(32))
        told = answer(message(), bytes(32))
    assert b"MSA|AR" in told
    assert b"00:00" in told


def test_who_calls_and_how_much_they_sent_is_one_statement(client: Client, publisher: Publisher, lilas: Sender) -> None:
    token = publisher.token(client)
    with CaptureQueriesContext(connection) as asked:
        calling(token, {str(LILAS)}, at=NOON, through=Format.SEALED)
    assert len(asked) == 1


def test_the_log_is_told_of_a_quota_and_verifies_it(publisher: Publisher) -> None:
    limit(publisher, reports_a_minute=5)
    assert Software.objects.get().quota == Quota(reports_a_minute=5)
    assert Entry.objects.get(event="software-quota-set").subject == f"software:{publisher.software.pk}"


def test_a_quota_of_nothing_is_none(publisher: Publisher) -> None:
    """Whoever shall send nothing is suspended, with a reason."""
    with pytest.raises(IntegrityError), transaction.atomic():
        limit(publisher, bytes_a_day=0)


def test_only_a_refusal_that_knows_a_moment_names_one() -> None:
    told = ProblemDetails(type="urn:sceau:problem:unavailable", title="", status=503)
    assert "Retry-After" not in refusal(told).headers
