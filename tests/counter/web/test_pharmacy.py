"""The owner's page of the pharmacy: its key at the registry, and the workstations. The others read a banner while the key waits."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from tests.counter.world import Place, file, signed_in
from tests.plugins.services import acting

from sceau.core.accounts.models import Slot
from sceau.core.audit.models import Entry
from sceau.core.sealing import signing
from sceau.core.wire import KeyState
from sceau.counter.pharmacies import actions, enrolment, unlocked, workstations
from sceau.counter.pharmacies.models import Enrolment, Member, Role, Workstation
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
    workstations.write(tmp_path / "workstation.json", lilas.bruno, lilas.owner.opened, at=timezone.now())
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
    ((found, _),) = bruno.get("/pharmacy/").context["workstations"]
    with acting("counter_web"):
        bruno.post(f"/pharmacy/workstations/{found.pk}/end")
    with pytest.raises(WorkstationRefused):
        unlocked.at_workstation(workstation)
    assert Entry.objects.filter(event="workstation-ended", subject=f"slot:{found.pk}").count() == 1


def made(bruno: Client, lilas: Place, **told: str) -> Any:
    with acting("counter_web"):
        return bruno.post("/pharmacy/workstations/add", {"name": "Poste 2", "password": lilas.owner.sign_in.password} | told)


def test_a_credential_made_on_the_page_opens_the_pharmacy_and_is_shown_once(bruno: Client, lilas: Place, tmp_path: Path) -> None:
    sheet = made(bruno, lilas)
    (file := tmp_path / sheet.context["file"]).write_text(sheet.context["text"])
    assert file.name == "sceau-poste-2.json"
    assert unlocked.at_workstation(file).keys.import_key() == lilas.keys.import_key()
    assert "no-store" in sheet.headers["Cache-Control"]
    page = bruno.get("/pharmacy/")
    ((found, name),) = page.context["workstations"]
    assert (name, found.slot.user.name) == ("Poste 2", "Bruno")
    assert json.loads(sheet.context["text"])["secret"] not in page.content.decode()
    assert Entry.objects.filter(event="workstation-added", subject=f"slot:{found.pk}").count() == 1


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"name": ""}, {"name": "x" * 41}])
def test_what_is_wrong_makes_no_credential_and_keeps_the_name(bruno: Client, lilas: Place, wrong: dict[str, str]) -> None:
    page = made(bruno, lilas, **wrong)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == list(wrong)
    assert page.context["form"]["name"].value() == wrong.get("name", "Poste 2")
    assert not Slot.objects.filter(kind="workstation").exists()


def test_if_the_log_cannot_say_so_there_is_no_credential(bruno: Client, lilas: Place) -> None:
    with patch.object(workstations, "record", side_effect=DatabaseError), pytest.raises(DatabaseError):
        made(bruno, lilas)
    assert not Slot.objects.filter(kind="workstation").exists()
    assert not Workstation.objects.exists()


def test_the_name_lies_sealed(bruno: Client, lilas: Place) -> None:
    made(bruno, lilas, name="Poste de Zoé")
    assert "Zoé".encode() not in bytes(Workstation.objects.get().sealed_name)


def test_who_leaves_takes_no_credential_along(lilas: Place, tmp_path: Path) -> None:
    account = lilas.join("odile@example.org", Role.OWNER)
    odile = Member.objects.get(user=account.user)
    workstations.write(tmp_path / "poste.json", odile, account.opened, at=timezone.now())
    actions.leave(odile, by=lilas.bruno, keys=lilas.keys, at=timezone.now())
    with pytest.raises(WorkstationRefused):
        unlocked.at_workstation(tmp_path / "poste.json")


@pytest.mark.parametrize(("rule", "said"), [("never", ""), ("lot", "lot without a control"), ("day", "no control today")])
def test_the_counter_reminds_of_controls_as_the_owner_says(bruno: Client, lilas: Place, rule: str, said: str) -> None:
    kit = lilas.kit()
    with acting("counter_web"):
        bruno.post("/pharmacy/controls", {"controls": rule})
        page = bruno.get("/desk/", headers=ENGLISH)
    assert page.context["in_hand"]["untried"] == said
    assert said in page.content.decode()
    told = {"kit": kit.id, "lot": kit.lot, "found": "+-"}
    assert bruno.post("/desk/control", told, headers=ENGLISH).context["in_hand"]["untried"] == ""


def test_a_rule_that_is_none_changes_nothing(bruno: Client, lilas: Place) -> None:
    bruno.post("/pharmacy/controls", {"controls": "sometimes"})
    lilas.pharmacy.refresh_from_db()
    assert lilas.pharmacy.controls == "never"


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
    for path in ("look", "ask", "workstations/add", f"workstations/{slot.pk}/end"):
        assert browser.post(f"/pharmacy/{path}").status_code == 403


def test_acts_are_posted_and_strangers_sent_to_sign_in(bruno: Client, client: Client, asked: str) -> None:
    assert [bruno.get(f"/pharmacy/{path}").status_code for path in ("look", "ask")] == [405, 405]
    assert client.get("/pharmacy/").headers["Location"].startswith("/accounts/login/")
