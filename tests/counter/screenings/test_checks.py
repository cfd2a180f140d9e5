"""What a counter shows, edited behind its back: outcomes, answers, people. Named; what the application wrote is not."""

import pytest
from django.db import connection
from tests.counter.world import AT, FakeRegistry, Place, file
from tests.plugins.services import acting

from sceau.core.accounts.keyholder import keyholder
from sceau.core.audit.checks import CHECKS
from sceau.counter.pharmacies import actions as pharmacies
from sceau.counter.pharmacies import staff
from sceau.counter.pharmacies.models import Member, Role
from sceau.counter.relay import actions


def faults(*names: str) -> list[str]:
    return [fault for name in names or CHECKS for fault in CHECKS[name].faults(keyholder(), lambda done: None)]


def superuser(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def answered(lilas: Place, registry: FakeRegistry) -> Place:
    """Two envelopes acknowledged and one on its way; a colleague whose role changed, and an invitation withdrawn."""
    for nth in range(2):
        lilas.imports(file(2, start=2 * nth))
        actions.deliver(registry, at=AT)
        actions.collect(registry, at=AT)
    lilas.imports(file(1, start=9))
    colleague = lilas.present("amina@example.org", Role.ASSISTANT).member
    staff.change_role(colleague, Role.PHARMACIST, by=lilas.bruno)
    invited, _code = lilas.invite("zoe@example.org", Role.ASSISTANT)
    pharmacies.withdraw(Member.objects.get(user=invited), by=lilas.bruno)
    return lilas


def test_what_nobody_edited_is_as_it_was_told(answered: Place) -> None:
    assert set(CHECKS) == {"outcomes", "member", "user"}
    assert faults() == []
    with acting("counter_worker"):
        assert faults() == []


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        (
            "update screenings_screening set outcome = 'refused' where outcome = 'recorded' and position = 1",
            "its outcome is not the one that was acknowledged",
        ),
        (
            "update screenings_screening set outcome = 'recorded' where outcome = ''",
            "its outcome is not the one that was acknowledged",
        ),
        ("update screenings_screening set outcome = ''", "its outcome is not the one that was acknowledged"),
        (
            "update relay_envelope set outcomes = '{refused,recorded}' where outcomes is not null",
            "no acknowledgement that the registry",
        ),
        ("update relay_envelope set told_at = told_at + interval '1 second'", "no acknowledgement that the registry"),
        ("update relay_envelope set flaw = 'cannot-open'", "no acknowledgement that the registry"),
        ("update relay_envelope set signature = null where state = 'acknowledged'", "no acknowledgement that the registry"),
        ("update relay_envelope set state = 'acknowledged'", "no acknowledgement that the registry"),
        ("update relay_envelope set state = 'waiting'", "its outcome is not the one that was acknowledged"),
        ("update pharmacies_member set role = 'owner'", "changed"),
        (
            "insert into pharmacies_member (pharmacy_id, user_id, role, endorsement) select m.pharmacy_id, u.id, 'owner', '' "
            "from pharmacies_member m, accounts_user u where u.id not in (select user_id from pharmacies_member) limit 1",
            "1 inserted",
        ),
        (
            "insert into accounts_user (email_token, sealed, is_active, public_key, stamp) "
            "select 'mallory', sealed, true, public_key, '' from accounts_user limit 1",
            "1 inserted",
        ),
    ],
)
def test_an_edit_is_named(answered: Place, act: str, fault: str) -> None:
    superuser(act)
    assert any(fault in one for one in faults()), faults()
