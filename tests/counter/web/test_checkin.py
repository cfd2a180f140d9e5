"""The page of the poster, as a phone asks it; and who checked in, at the desk."""

import base64
import os
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.counter.world import Place
from tests.plugins.services import acting

from sceau.core.sealing.seal import BOX_SEALED
from sceau.counter.checkins import actions
from sceau.counter.checkins.actions import AT_ONCE
from sceau.counter.checkins.answers import Answers
from sceau.counter.checkins.models import CheckIn, CheckInState
from sceau.counter.pharmacies import keys
from sceau.counter.pharmacies.models import BoxKey
from sceau.counter.visits.models import Visit, VisitState

ENGLISH = {"Accept-Language": "en"}
TOLD = {"family": "Zygran", "given": "Otto", "born": "12031985", "sex": "male", "symptoms": "yes", "consent": "given"}


@pytest.fixture
def page(lilas: Place) -> str:
    today = lilas.pharmacy.day(timezone.now())
    keys.make_ahead(lilas.pharmacy, lilas.keys, today)
    return f"/checkin/{lilas.pharmacy.id}/"


def post(client: Client, path: str, told: dict[str, str] | None = None) -> Any:
    with acting("counter_web"):
        return client.post(path, told or {}, headers=ENGLISH)


def here() -> CheckIn:
    return CheckIn.objects.get(state=CheckInState.HERE)


def test_anybody_with_the_poster_opens_it_in_their_language(client: Client, page: str) -> None:
    assert "Vos prénoms" in client.get(page, headers={"Accept-Language": "fr"}).content.decode()
    answer = client.get(page, headers=ENGLISH)
    assert "Your first names" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_phone_that_cannot_seal_is_told_so_and_is_sealed_on_arrival(client: Client, page: str) -> None:
    assert "sealed on arrival" in client.get(page, headers=ENGLISH).content.decode()
    assert "knows that you are here" in post(client, page, TOLD).content.decode()
    assert here().sealed_here


@pytest.mark.parametrize(("field", "wrong"), [("family", ""), ("born", "31021985"), ("consent", ""), ("phone", "12")])
def test_what_is_wrong_is_said_and_nothing_kept(client: Client, page: str, field: str, wrong: str) -> None:
    answer = post(client, page, TOLD | {field: wrong})
    assert (answer.status_code, field in answer.context["form"].errors, CheckIn.objects.exists()) == (422, True, False)


def sealed(**change: str) -> dict[str, str]:
    secret, box = (base64.b64encode(os.urandom(length)).decode() for length in (32, BOX_SEALED))
    return {"id": str(uuid4()), "secret": secret, "sealed": box} | change


def test_what_a_phone_sealed_is_taken_as_it_is(client: Client, page: str) -> None:
    assert post(client, page, sealed()).status_code == 200
    assert not here().sealed_here


@pytest.mark.parametrize(("change", "status"), [({"id": "x"}, 422), ({"sealed": "AAAA"}, 422), ({"secret": "é"}, 422), ({}, 200)])
def test_what_is_no_sealed_box_is_refused(client: Client, page: str, change: dict[str, str], status: int) -> None:
    assert post(client, page, sealed(**change)).status_code == status


def test_it_cannot_be_changed_from_another_phone(client: Client, page: str) -> None:
    told = sealed()
    assert [post(client, page, one).status_code for one in (told, told, sealed(id=told["id"]))] == [200, 200, 409]


def test_a_flood_is_turned_away(client: Client, page: str) -> None:
    assert [post(client, page, sealed()).status_code for _ in range(AT_ONCE + 1)][-2:] == [200, 429]
    assert "go to the counter" in post(client, page, TOLD).content.decode()


def test_a_pharmacy_that_nobody_knows_has_no_page(client: Client, db: None) -> None:
    assert client.get(f"/checkin/{UUID(int=1)}/").status_code == 404


def test_where_nobody_signed_in_for_a_fortnight_the_counter_takes_over(client: Client, page: str) -> None:
    BoxKey.objects.all().delete()
    assert 'data-public=""' in client.get(page).content.decode()
    assert post(client, page, TOLD).status_code == 429


def test_the_poster_leads_there(amina: Client, lilas: Place, client: Client) -> None:
    poster = amina.get("/checkin/poster").content.decode()
    assert f"/checkin/{lilas.pharmacy.id}/" in poster
    assert client.get("/checkin/poster").status_code == 302


def test_one_key_verifies_and_starts(amina: Client, lilas: Place, page: str) -> None:
    lilas.kit()
    post(Client(), page, TOLD)
    shown = amina.get("/desk/queue", headers=ENGLISH).content.decode()
    assert "ZYGRAN Otto" in shown
    assert post(amina, f"/desk/checkins/{here().id}/verify").status_code == 200
    assert (Visit.objects.get().state, CheckIn.objects.get().state) == (VisitState.RUNNING, CheckInState.VERIFIED)


def test_two_workstations_start_one_test(amina: Client, lilas: Place, page: str) -> None:
    lilas.kit()
    post(Client(), page, TOLD)
    number = here().id
    assert [post(amina, f"/desk/checkins/{number}/verify").status_code for _ in range(2)] == [200, 409]
    assert Visit.objects.count() == 1


def test_what_the_phone_told_wrongly_is_put_right_at_the_counter(amina: Client, lilas: Place, page: str) -> None:
    number = uuid4()
    box = actions.seal_here(lilas.pharmacy, number, Answers(family="Zygran", born="31021985"), at=timezone.now())
    actions.arrive(lilas.pharmacy, number, b"s", box, at=timezone.now())
    asked = post(amina, f"/desk/checkins/{number}/verify")
    assert (asked.status_code, str(number) in asked.content.decode(), Visit.objects.exists()) == (422, True, False)
    assert post(amina, "/desk/new", TOLD | {"checkin": str(number)}).status_code == 200
    assert (Visit.objects.count(), CheckIn.objects.get().state) == (1, CheckInState.VERIFIED)


def test_dismissed_and_back(amina: Client, lilas: Place, page: str) -> None:
    post(Client(), page, TOLD)
    number = here().id
    gone = post(amina, f"/desk/checkins/{number}/dismiss")
    assert (gone.headers["X-Undo"], gone.context["queue"]["here"]) == ("return", [])
    assert len(post(amina, f"/desk/checkins/{number}/return").context["queue"]["here"]) == 1


@pytest.mark.parametrize(("act", "status"), [("verify", 404), ("dismiss", 409), ("return", 409)])
def test_chloe_touches_nobody_of_the_lilas(chloe: Client, page: str, act: str, status: int) -> None:
    post(Client(), page, TOLD)
    answer = post(chloe, f"/desk/checkins/{here().id}/{act}")
    assert (answer.status_code, "ZYGRAN" in answer.content.decode()) == (status, False)


@pytest.mark.parametrize("act", ["verify", "dismiss", "return"])
def test_a_stranger_is_sent_to_sign_in_and_reading_acts_on_nothing(client: Client, amina: Client, act: str) -> None:
    assert client.post(f"/desk/checkins/{uuid4()}/{act}").status_code == 302
    assert amina.get(f"/desk/checkins/{uuid4()}/{act}").status_code == 405
