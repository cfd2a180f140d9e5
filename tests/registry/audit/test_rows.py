"""Keys, approvals and users that the log does not know are named; what the application wrote is not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests.plugins.services import acting
from tests.registry.world import LILAS, Publisher

from sceau.core.accounts import actions as accounts
from sceau.core.audit import states
from sceau.core.audit.checks import CHECKS
from sceau.core.audit.models import Entry, Verification
from sceau.core.audit.whole import look
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.sealing import signing
from sceau.registry.approvals.enums import Act
from sceau.registry.pharmacies import keys as pharmacies
from sceau.registry.pharmacies.models import Pharmacy

pytestmark = pytest.mark.django_db
SEED, NEXT = bytes(range(32)), bytes(range(1, 33))


def enrolled(seed: bytes = SEED) -> None:
    """The Pharmacie des Lilas, by its owner's word."""
    public = signing.public_bytes(seed)
    pharmacies.enrol(LILAS, name="Pharmacie des Lilas", public_key=public, by="user:1", at=timezone.now())


def superuser(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def faults(keys: RegistryClient) -> list[str]:
    return [
        fault
        for name in ("user", "pharmacy", "software", "software-key")
        for fault in CHECKS[name].faults(keys, lambda done: None)
    ]


@pytest.fixture
def told(publisher: Publisher) -> Publisher:
    """A pharmacy that changed its key once, software that was suspended once, two users."""
    enrolled()
    enrolled(NEXT)
    now = timezone.now()
    for act in (Act.SUSPEND, Act.APPROVE):
        publisher.decided(act, at=now)
        now += timedelta(seconds=1)
    accounts.create(email="driss@ars.example", name="Driss")
    accounts.create(email="elise@ars.example", name="Élise")
    return publisher


def test_what_was_decided_is_as_the_log_says(told: Publisher, keys: RegistryClient) -> None:
    assert faults(keys) == []
    with acting("registry_worker"):
        assert look(keys, at=timezone.now()).faults == []
    assert Verification.objects.get().faults == 0


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        ("update pharmacies_pharmacy set public_key = sha256('x')", "pharmacy:750123457: changed"),
        ("delete from pharmacies_pharmacy", "pharmacy:750123457: 1 deleted"),
        (
            "insert into pharmacies_pharmacy select '690000005', name, public_key, enrolled_at from pharmacies_pharmacy",
            "pharmacy:690000005: 1 inserted",
        ),
        ("update approvals_key set jwk = '{}'", "changed"),
        ("update approvals_key set ends_at = now()", "changed"),
        (
            "insert into approvals_key (thumbprint, software_id, jwk, added_at, ends_at) "
            "select 'x', software_id, jwk, added_at, now() from approvals_key",
            "inserted",
        ),
        ("update approvals_software set formats = '{sealed,csv}'", "changed"),
        ("update approvals_software set ends_on = '2099-12-31'", "changed"),
        ("update approvals_software set state = 'suspended'", "changed"),
        (
            "insert into approvals_software (id, name, version, publisher_id, formats, diseases, state, since) "
            "select gen_random_uuid(), 'x', version, publisher_id, formats, diseases, state, since from approvals_software",
            "inserted",
        ),
        (
            "insert into accounts_user (email_token, sealed, is_active, public_key, stamp) "
            "select 'mallory', sealed, true, public_key, '' from accounts_user limit 1",
            "inserted",
        ),
        ("update accounts_user set public_key = 'x' where id = (select min(id) from accounts_user)", "changed"),
    ],
)
def test_an_edit_is_named(told: Publisher, keys: RegistryClient, act: str, fault: str) -> None:
    superuser(act)
    assert [fault in one for one in faults(keys)] == [True]
    assert look(keys, at=timezone.now()).faults
    assert Verification.objects.get().faults == 1


def test_a_key_put_back_to_an_older_one_is_noticed(told: Publisher, keys: RegistryClient) -> None:
    Pharmacy.objects.update(public_key=signing.public_bytes(SEED))
    assert faults(keys) == ["pharmacy:750123457: changed since the log was told of it"]


@pytest.mark.parametrize("when", [lambda at: at, lambda at: at - timedelta(days=1)], ids=["of this minute", "of yesterday"])
def test_before_the_log_loses_an_entry_it_is_told_anew(
    told: Publisher, keys: RegistryClient, when: Callable[..., object]
) -> None:
    at, later = timezone.now(), timezone.now() + timedelta(days=1)
    before = Entry.objects.count()
    states.carry(before=when(later), keyholder=keys, at=later)  # type: ignore[arg-type]
    carried = Entry.objects.filter(event="state-carried", at=later)
    assert Entry.objects.count() == before + carried.count()
    if when(later) == later:
        superuser("set session_replication_role = replica")
        Entry.objects.filter(at__lte=at).delete()
        superuser("set session_replication_role = default")
        assert carried.count() == 5
    assert faults(keys) == []
