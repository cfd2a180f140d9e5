"""The owner's page of the pharmacy: its key at the registry, and the workstations. The others read a banner while the key waits."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.counter.world import Place, file, signed_in
from tests.plugins.services import acting

from sceau.core.accounts.models import Slot
from sceau.core.audit.models import Entry
from sceau.core.sealing import signing
from sceau.core.wire import KeyState
from sceau.counter.pharmacies import actions, enrolment, unlocked
from sceau.counter.pharmacies.models import Enrolment, Role
from sceau.counter.pharmacies.unlocked import WorkstationRefused

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def bruno(lilas: Place) -> Client:
    return signed_in(lilas.owner)


@pytest.fixture
def asked(lilas: Place) -> str:
    return enrolment.ask(lilas.pharmacy, lilas.keys, at=timezone.now())


@pytest.fixture
def workstation(lilas: Place, tmp_path: Path) -> Path:
    actions.write_workstation(lilas.bruno, lilas.owner.opened, tmp_path / "workstation.json")
    return tmp_path / "workstation.json"


def test_the_whole_fingerprint_is_read_here(bruno: Client, asked: str, lilas: Place) -> None:
    with acting("counter_web"):
        page = bruno.get("/pharmacy/")
    assert asked == signing.fingerprint(signing.public_bytes(lilas.keys.signing_seed))
    assert asked in page.content.decode()


@pytest.mark.parametrize("state", list(KeyState))
def test_each_state_is_told_in_words(bruno: Client, asked: str, state: KeyState) -> None:
    Enrolment.objects.update(state=state, answered_at=timezone.now())
    page = bruno.get("/pharmacy/", headers=ENGLISH)
    assert page.context["key"]["label"] in page.content.decode().replace("&#x27;", "'").lower()


@pytest.mark.parametrize("path", ["/", "/desk/"])
def test_while_the_key_waits_working_pages_say_so_and_what_to_do(lilas: Place, asked: str, path: str) -> None:
    lilas.imports(file(2), at=timezone.now())
    amina = lilas.sign_in("amina@example.org", Role.PHARMACIST)
    assert "2 results wait here, sealed" in amina.get(path, headers=ENGLISH).content.decode()
    Enrolment.objects.update(state=KeyState.ENROLLED)
    assert "wait here, sealed" not in amina.get(path, headers=ENGLISH).content.decode()


def test_a_key_refused_by_mistake_is_asked_for_again(bruno: Client, asked: str) -> None:
    Enrolment.objects.update(state=KeyState.REFUSED, answered_at=timezone.now())
    with acting("counter_web"):
        bruno.post("/pharmacy/ask")
    again = Enrolment.objects.get()
    assert (again.state, again.answered_at) == (KeyState.REQUESTED, None)


def test_looking_now_makes_the_question_due(bruno: Client, asked: str) -> None:
    Enrolment.objects.update(next_at=timezone.now() + timedelta(hours=1))
    with acting("counter_web"):
        bruno.post("/pharmacy/look")
    assert Enrolment.objects.get().next_at <= timezone.now()


def test_a_workstation_whose_credential_was_ended_opens_nothing(bruno: Client, workstation: Path) -> None:
    assert unlocked.at_workstation(workstation)
    (slot,) = bruno.get("/pharmacy/").context["workstations"]
    with acting("counter_web"):
        bruno.post(f"/pharmacy/workstations/{slot.pk}/end")
    with pytest.raises(WorkstationRefused):
        unlocked.at_workstation(workstation)
    assert Entry.objects.filter(event="workstation-ended", subject=f"slot:{slot.pk}").count() == 1


def test_no_other_credential_is_ended_here(bruno: Client, lilas: Place, workstation: Path) -> None:
    password = lilas.owner.user.slots.exclude(kind="workstation").values_list("pk", flat=True)
    for slot in (*password, uuid4()):
        assert bruno.post(f"/pharmacy/workstations/{slot}/end").status_code == 404


def test_another_pharmacys_owner_ends_no_workstation_here(other: Place, workstation: Path) -> None:
    slot = Slot.objects.get(kind="workstation")
    assert signed_in(other.owner).post(f"/pharmacy/workstations/{slot.pk}/end").status_code == 404
    assert unlocked.at_workstation(workstation)


@pytest.mark.parametrize("role", [Role.PHARMACIST, Role.ASSISTANT])
def test_the_owner_alone_does_it(lilas: Place, asked: str, workstation: Path, role: Role) -> None:
    browser, slot = lilas.sign_in("sam@example.org", role), Slot.objects.get(kind="workstation")
    assert browser.get("/pharmacy/").status_code == 403
    for path in ("look", "ask", f"workstations/{slot.pk}/end"):
        assert browser.post(f"/pharmacy/{path}").status_code == 403


def test_acts_are_posted_and_strangers_sent_to_sign_in(bruno: Client, client: Client, asked: str) -> None:
    assert [bruno.get(f"/pharmacy/{path}").status_code for path in ("look", "ask")] == [405, 405]
    assert client.get("/pharmacy/").headers["Location"].startswith("/accounts/login/")
