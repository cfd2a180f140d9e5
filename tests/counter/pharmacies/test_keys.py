"""A pharmacy's keys: handed on, renewed, and never swapped unseen (drills 26 and 28)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.counter.world import AT, Place, file, signed_in

from sceau.core.accounts import slots
from sceau.core.accounts.actions import Account
from sceau.core.keyholder.credential_verbs import CredentialKind
from sceau.core.sealing import epochs, signing, suite
from sceau.counter.pharmacies import actions
from sceau.counter.pharmacies import keys as keyring
from sceau.counter.pharmacies.errors import KeysNotTrusted, LastMember
from sceau.counter.pharmacies.models import BoxKey, Enrolment, Epoch, Member, MemberKey, Role
from sceau.counter.screenings.models import Screening
from sceau.counter.screenings.unseal import open_copy


@pytest.fixture
def amina_account(lilas: Place) -> Account:
    return lilas.join("amina@example.org", Role.PHARMACIST)


def member(account: Account) -> Member:
    return Member.objects.select_related("pharmacy", "user").get(user=account.user)


def test_somebody_new_opens_what_was_sealed_before_they_came(lilas: Place, amina_account: Account) -> None:
    lilas.imports(file(1), at=timezone.now())
    keys = keyring.open_keys(member(amina_account), amina_account.opened)
    report = open_copy(Screening.objects.get(), keys)
    assert report.screening is not None
    assert report.screening.patient.given == ("Hugo",)


def test_another_pharmacys_keys_do_not_open_it(lilas: Place, other: Place) -> None:
    lilas.imports(file(1), at=timezone.now())
    with pytest.raises(Exception, match="cannot-open"):
        open_copy(Screening.objects.get(), other.keys)


def leave(lilas: Place, who: Account) -> str:
    found = Member.objects.select_related("user", "pharmacy").get(user=who.user)
    return actions.leave(found, by=lilas.bruno, keys=lilas.keys, at=AT)


def test_whoever_left_opens_nothing_any_more_and_who_stays_opens_all(lilas: Place, amina_account: Account) -> None:
    lilas.imports(file(1), at=timezone.now())
    password = amina_account.sign_in.password
    old, backup = amina_account.user, list(amina_account.user.slots.all())
    assert slots.open_with_password(old, password) is not None
    leave(lilas, amina_account)
    for slot in backup:
        slot.save(force_insert=True)
    assert slots.open_with_password(old, password) is None
    keys = keyring.open_keys(member(lilas.owner), lilas.owner.opened)
    assert open_copy(Screening.objects.get(), keys).screening is not None


def test_what_comes_afterwards_is_sealed_and_signed_with_keys_that_the_leaver_never_had(
    lilas: Place, amina_account: Account
) -> None:
    before = keyring.open_keys(member(amina_account), amina_account.opened)
    fingerprint = leave(lilas, amina_account)
    renewed = keyring.open_keys(member(lilas.owner), lilas.owner.opened)
    today = timezone.now().date()
    assert renewed.day_key(today) != before.day_key(today)
    assert renewed.signing_seed != before.signing_seed
    assert fingerprint == signing.fingerprint(bytes(Enrolment.objects.get().public_key))
    assert renewed.import_key() == before.import_key()


def test_her_session_ends_with_her(lilas: Place, amina_account: Account) -> None:
    browser = signed_in(amina_account)
    assert browser.get("/").status_code == 200
    leave(lilas, amina_account)
    assert browser.get("/").headers["Location"].startswith("/accounts/login/")


def test_the_last_one_stays(lilas: Place) -> None:
    with pytest.raises(LastMember):
        actions.leave(lilas.bruno, by=lilas.bruno, keys=lilas.keys, at=AT)
    assert slots.open_with_password(lilas.owner.user, lilas.owner.sign_in.password) is not None


def swapped_epoch(lilas: Place) -> None:
    """A superuser's own keys, wrapped to Bruno's public key in place of the pharmacy's."""
    own = epochs.new(lilas.pharmacy.id, 0)
    Epoch.objects.filter(pharmacy=lilas.pharmacy).update(signing_public=signing.public_bytes(own.signing_seed))
    wrapped = epochs.wrap_to(bytes(lilas.owner.user.public_key), own)
    MemberKey.objects.filter(member=lilas.bruno).update(wrapped=wrapped)


def added_epoch(lilas: Place) -> None:
    """The same, as a later epoch that the first did not sign."""
    own = epochs.new(lilas.pharmacy.id, 1)
    public = signing.public_bytes(own.signing_seed)
    row = Epoch.objects.create(pharmacy=lilas.pharmacy, number=1, signing_public=public, endorsement=bytes(64))
    keyring.hand_on([(row, own)], [lilas.bruno])


def swapped_secret(lilas: Place) -> None:
    """The pharmacy's own signing key's public half, with a secret of the superuser's."""
    own = epochs.new(lilas.pharmacy.id, 0)
    MemberKey.objects.filter(member=lilas.bruno).update(wrapped=epochs.wrap_to(bytes(lilas.owner.user.public_key), own))


@pytest.mark.parametrize("swap", [swapped_epoch, added_epoch, swapped_secret])
def test_keys_put_into_the_database_behind_our_back_are_not_trusted(lilas: Place, swap: object) -> None:
    browser = signed_in(lilas.owner)
    assert browser.get("/").status_code == 200
    assert callable(swap)
    swap(lilas)
    with pytest.raises(KeysNotTrusted):
        keyring.open_keys(member(lilas.owner), lilas.owner.opened)
    page = browser.get("/", headers={"Accept-Language": "en"})
    assert (page.status_code, "not your pharmacy" in page.content.decode()) == (403, True)


def test_no_new_key_is_wrapped_to_a_public_key_that_was_swapped(lilas: Place, amina_account: Account) -> None:
    chloe = lilas.join("chloe@example.org", Role.PHARMACIST)
    chloe.user.public_key = suite.public_bytes(bytes(32))
    chloe.user.save(update_fields=["public_key"])
    with pytest.raises(KeysNotTrusted):
        leave(lilas, amina_account)
    assert Epoch.objects.filter(pharmacy=lilas.pharmacy).count() == 1


def test_a_fortnight_of_box_keys_is_made_ahead_and_signed(lilas: Place) -> None:
    today = timezone.now().date()
    keyring.make_ahead(lilas.pharmacy, lilas.keys, today)
    made = {row.day: row for row in BoxKey.objects.filter(pharmacy=lilas.pharmacy)}
    assert set(made) == {today + timedelta(days=ahead) for ahead in range(15)}
    for day, row in made.items():
        statement = epochs.box_statement(lilas.pharmacy.id, day, bytes(row.public))
        signing.check(signing.public_bytes(lilas.keys.signing_seed), bytes(row.signature), statement)


def test_a_day_whose_secret_is_gone_is_shown_as_shut_and_breaks_no_page(lilas: Place) -> None:
    lilas.imports(file(2), at=timezone.now())
    browser = signed_in(lilas.owner)
    Screening.objects.update(day=date(2020, 1, 1))
    page = browser.get("/?day=2020-01-01", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert {row["patient"] for row in page.context["rows"]} == {"cannot be opened"}


def test_each_member_has_a_password_and_a_recovery_code_of_their_own(amina_account: Account) -> None:
    kinds = set(amina_account.user.slots.values_list("kind", flat=True))
    assert kinds == {CredentialKind.PASSWORD, CredentialKind.RECOVERY}
