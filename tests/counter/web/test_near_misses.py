"""Every address of the counter, asked by those who almost may: same role elsewhere, a lower role, let go, a session without keys.

A new address fails the first test until it is in a table here: it says for itself whose it is.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from tests.counter.accounts.authenticator import Authenticator
from tests.counter.accounts.test_passkeys import added
from tests.counter.checkins.test_checkins import arrive
from tests.counter.web.test_desk import running
from tests.counter.world import AT, Place, file, signed_in

from sceau.core.accounts.models import Passkey, User
from sceau.counter.imports.models import Import
from sceau.counter.kits.models import Kit
from sceau.counter.pharmacies.keys import make_ahead
from sceau.counter.pharmacies.models import Member, Role
from sceau.counter.relay.models import Envelope
from sceau.counter.screenings.models import Screening

PUBLIC = {"alive", "checkin", "checkpoint", "opening", "recover", "set_language", "passkey_enter", "passkey_touch"}
PUBLIC |= {"desk_away", "desk_worker", "desk_deposit"}  # the last with a ticket of its own: test_away.py
PUBLIC |= {"oidc_begin", "oidc_back", "oidc_unlock", "oidc_touch"}
ANYBODY_OF_THE_STAFF = {
    "today", "relay:requeue", "desk", "desk_queue", "desk_prepare", "desk_search", "desk_again", "desk_new", "desk_alike",
    "desk_start", "desk_consent", "desk_undo", "desk_leave", "desk_return", "desk_verify", "desk_dismiss", "desk_call_back",
    "desk_kit", "desk_scan", "desk_describe", "checkin_poster", "import_new", "export", "import_returned", "import_progress", "result",
    "result_proof", "desk_kept", "desk_take", "desk_confirm", "desk_confirm_all", "desk_dismiss_kept", "desk_mend",
    "desk_control", "kit_history",
}  # fmt: skip
WHO_SIGNS_OFF = {
    "imports:undo", "desk_result", "desk_override", "import_preview", "import_take", "export_csv", "result_correct",
    "result_cancel", "desk_control_override",
}  # fmt: skip
OWNER = {
    "activity", "billing", "billing_customer", "billing_accounts", "billing_invoice", "billing_file", "staff", "staff_invite",
    "staff_role", "staff_second_factor", "staff_withdraw", "staff_leave", "pharmacy", "pharmacy_look", "pharmacy_ask",
    "pharmacy_controls", "workstation_add", "workstation_end",
}  # fmt: skip
ONES_OWN = {"recovery_renew", "passkey_options", "passkey_add", "passkey_remove", "design", "oidc_link", "oidc_unlink"}
LIBRARYS = ("account_", "mfa_", "absent")
READ = {"today", "desk", "desk_queue", "checkin_poster", "import_new", "export", "export_csv", "activity", "billing"}
READ |= {"pharmacy", "desk_kept", "design"}
READ |= {
    "billing_accounts",
    "billing_invoice",
    "billing_file",
    "staff",
    "staff_leave",
    "result",
    "result_proof",
    "import_progress",
    "kit_history",
}
MEMBERS = sorted(ANYBODY_OF_THE_STAFF | WHO_SIGNS_OFF | OWNER)
WITH_A_KEY: dict[str, Any] = {
    "relay:requeue": Envelope, "imports:undo": Import, "result": Screening, "result_proof": Screening,
    "result_correct": Screening, "result_cancel": Screening, "kit_history": Kit,
}  # fmt: skip
AT_THE_DESK = ("desk_start", "desk_consent", "desk_result", "desk_undo", "desk_leave", "desk_return")
OF_A_CHECKIN = ("desk_verify", "desk_dismiss", "desk_call_back")


def names(patterns: Any, space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from names(pattern.url_patterns, space + (f"{pattern.namespace}:" if pattern.namespace else ""))
        else:
            yield space + (pattern.name or str(pattern.pattern))


def key_of(name: str, place: Place) -> dict[str, Any]:
    """What the address of that name needs, and is this pharmacy's."""
    if name in WITH_A_KEY:
        place.kit()
        place.imports(file(1), at=timezone.now())
        return {"pk": WITH_A_KEY[name].objects.get(pharmacy=place.pharmacy).pk}
    if name in AT_THE_DESK:
        return {"pk": running(place).pk}
    if name in OF_A_CHECKIN:
        make_ahead(place.pharmacy, place.keys, place.pharmacy.day(AT))
        return {"pk": arrive(place)}
    if name.startswith("staff_") and name != "staff_invite":
        return {"pk": Member.objects.get(user=place.invite("zoe@example.org", Role.ASSISTANT)[0]).pk}
    if name == "workstation_end":
        return {"slot": UUID(int=1)}
    if name in ("billing_invoice", "billing_file", "desk_confirm", "desk_dismiss_kept", "desk_mend"):
        return {"pk": UUID(int=1)}
    return {}


def ask(client: Client, name: str, key: dict[str, Any]) -> Any:
    address = reverse(name, kwargs=key)
    return client.get(address) if name in READ else client.post(address)


def to_the_door(answer: Any) -> bool:
    return bool(answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/"))


def test_every_address_is_in_one_table() -> None:
    there = {name for name in names(get_resolver().url_patterns) if not name.startswith(LIBRARYS)}
    tables = [PUBLIC, ANYBODY_OF_THE_STAFF, WHO_SIGNS_OFF, OWNER, ONES_OWN]
    assert there == set().union(*tables)
    assert sum(map(len, tables)) == len(there)


@pytest.mark.parametrize("name", MEMBERS)
def test_the_owner_is_let_in(name: str, lilas: Place) -> None:
    """The control: what is refused below is refused for who asks, not for what is asked."""
    owner = lilas.sign_in("odile@example.org", Role.OWNER)
    answer = ask(owner, name, key_of(name, lilas))
    assert not to_the_door(answer)
    assert answer.status_code not in (403, 405)


@pytest.mark.parametrize("name", [*MEMBERS, *sorted(ONES_OWN - {"passkey_remove"})])
def test_a_stranger_is_sent_to_the_door(name: str, lilas: Place) -> None:
    assert to_the_door(ask(Client(), name, key_of(name, lilas)))


@pytest.mark.parametrize("name", MEMBERS)
def test_a_session_without_its_keys_is_sent_to_the_door(name: str, lilas: Place) -> None:
    browser = lilas.sign_in("odile@example.org", Role.OWNER)
    del browser.cookies[settings.UNLOCK_COOKIE_NAME]
    assert to_the_door(ask(browser, name, key_of(name, lilas)))


@pytest.mark.parametrize("name", MEMBERS)
def test_somebody_let_go_is_sent_to_the_door(name: str, lilas: Place) -> None:
    account = lilas.join("odile@example.org", Role.OWNER)
    browser, key = signed_in(account), key_of(name, lilas)
    Member.objects.get(user=account.user).delete()
    User.objects.filter(pk=account.user.pk).update(is_active=False)
    assert to_the_door(ask(browser, name, key))


# Two forms are read before the role is looked at (filled in: test_result.py, test_kits.py); a cancellation says why on the page.
TOLD_OTHERWISE = {"result_correct": 422, "desk_override": 422, "desk_control_override": 404, "result_cancel": 302}


@pytest.mark.parametrize("name", sorted(WHO_SIGNS_OFF))
def test_an_assistant_signs_nothing_off(name: str, lilas: Place) -> None:
    key, before = key_of(name, lilas), list(Screening.objects.values_list("pk", "undone"))
    answer = ask(lilas.sign_in("zack@example.org", Role.ASSISTANT), name, key)
    assert answer.status_code == TOLD_OTHERWISE.get(name, 403)
    assert list(Screening.objects.values_list("pk", "undone")) == before


@pytest.mark.parametrize("role", [Role.PHARMACIST, Role.ASSISTANT])
@pytest.mark.parametrize("name", sorted(OWNER))
def test_nobody_but_an_owner_is_let_into_the_owners_pages(name: str, role: Role, lilas: Place) -> None:
    assert ask(lilas.sign_in("amina@example.org", role), name, key_of(name, lilas)).status_code == 403


@pytest.mark.parametrize("name", sorted({*WITH_A_KEY, *AT_THE_DESK, *OF_A_CHECKIN, *(one for one in OWNER if "staff_" in one)}))
def test_an_owner_elsewhere_finds_nothing_of_this_pharmacy(name: str, lilas: Place, other: Place) -> None:
    if not (key := key_of(name, lilas)):
        return
    before = list(Screening.objects.values_list("pk", "outcome", "undone"))
    other.kit()
    chloe = other.sign_in("chloe@example.org", Role.OWNER)
    assert ask(chloe, name, key).status_code in (404, 409)
    assert list(Screening.objects.values_list("pk", "outcome", "undone")) == before


def test_a_colleagues_passkey_is_not_ones_own_to_remove(lilas: Place) -> None:
    account = lilas.join("amina@example.org", Role.PHARMACIST)
    added(signed_in(account), account, Authenticator())
    owner = lilas.sign_in("odile@example.org", Role.OWNER)
    key = {"slot": Passkey.objects.get().pk}
    assert to_the_door(Client().post(reverse("passkey_remove", kwargs=key)))
    assert owner.post(reverse("passkey_remove", kwargs=key)).status_code == 404
    assert Passkey.objects.count() == 1
