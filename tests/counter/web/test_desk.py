"""The counter screen as Amina's browser asks it; Chloé, of another pharmacy, moves nothing there, nor does a stranger."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.counter.world import Place, file, patient
from tests.plugins.services import acting

from sceau.core.report.model import Consent
from sceau.counter.kits.models import Control, Kit
from sceau.counter.patients import memory
from sceau.counter.pharmacies.models import Role
from sceau.counter.screenings.models import Screening
from sceau.counter.visits import actions
from sceau.counter.visits.draft import Draft
from sceau.counter.visits.models import Visit, VisitState
from sceau.counter.visits.unseal import open_draft

ENGLISH = {"Accept-Language": "en"}
NEW = {"family": "ZYGRAN", "given": "Otto", "born": "12031985", "sex": "male", "phone": "06 12 34 56 78", "consent": "given"}


def post(client: Client, path: str, **fields: Any) -> Any:
    with acting("counter_web"):
        return client.post(f"/desk/{path}", fields, headers=ENGLISH)


def waiting(place: Place) -> Visit:
    return actions.add(Draft(patient=patient()), by=place.present(), at=timezone.now())


def running(place: Place) -> Visit:
    by, kit = place.present(), Kit.objects.filter(pharmacy=place.pharmacy).first() or place.kit()
    return actions.start(waiting(place).id, kit, by=by, at=timezone.now())


def test_the_desk_is_the_first_page(amina: Client) -> None:
    page = amina.get("/desk/", headers=ENGLISH).content.decode()
    assert "Type a few letters" in page
    assert "autofocus" in page


def test_a_few_letters_find_somebody_known_and_offer_somebody_new(amina: Client, lilas: Place) -> None:
    lilas.imports(file(1), at=timezone.now())
    page = post(amina, "search", q="testa").content.decode()
    assert "TESTARD" in page
    assert "New patient" in page


def test_opening_the_page_prepares_the_search(
    amina: Client, lilas: Place, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lilas.imports(file(3), at=timezone.now())
    answer = post(amina, "prepare")
    assert (answer.status_code, answer.content) == (204, b"")
    with django_assert_num_queries(1):
        assert len(memory.directory(lilas.pharmacy, lilas.keys)) == 3


def test_enter_starts_somebody_known(amina: Client, lilas: Place) -> None:
    lilas.kit()
    lilas.imports(file(1), at=timezone.now())
    assert post(amina, "again", card=Screening.objects.get().id).status_code == 200
    assert Visit.objects.get().state == VisitState.RUNNING


def test_without_a_kit_they_wait(amina: Client, lilas: Place) -> None:
    assert "Waiting: scan" in post(amina, "new", **NEW).content.decode()
    assert Visit.objects.get().state == VisitState.WAITING


def test_somebody_new_needs_who_it_is_and_no_more(amina: Client, lilas: Place) -> None:
    lilas.kit()
    assert post(amina, "new", **{name: NEW[name] for name in ("family", "given", "born", "sex", "consent")}).status_code == 200
    assert Visit.objects.get().state == VisitState.RUNNING


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("family", ""),
        ("family", "\u0000"),
        ("given", " "),
        ("born", "31021985"),
        ("born", "12032985"),
        ("sex", "x"),
        ("phone", "12"),
        ("email", "nobody"),
        ("ins", "185038712345678"),
        ("postal_code", "99999"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(amina: Client, lilas: Place, field: str, wrong: str) -> None:
    page = post(amina, "new", **NEW | {field: wrong})
    assert (page.status_code, Visit.objects.count()) == (422, 0)
    assert page.context["form"].errors
    assert "Otto" in page.content.decode() or field == "given"


def test_who_may_be_the_same_is_offered(amina: Client, lilas: Place) -> None:
    lilas.imports(file(1), at=timezone.now())
    assert "TESTARD" in post(amina, "alike", family="testard", given="hugo", born="").content.decode()
    assert "TESTARD" not in post(amina, "alike", family="testard", given="hugo", born="01012001").content.decode()


@pytest.mark.parametrize(("answer", "consent"), [("yes", Consent.GIVEN), ("no", Consent.REFUSED)])
def test_somebody_known_is_asked_for_consent_anew(amina: Client, lilas: Place, answer: str, consent: Consent) -> None:
    lilas.kit()
    lilas.imports(file(1), at=timezone.now())
    asked = post(amina, "again", card=Screening.objects.get().id).content.decode()
    visit = Visit.objects.get()
    assert f"visits/{visit.id}/consent" in asked
    assert "/consent" not in post(amina, f"visits/{visit.id}/consent", agrees=answer).content.decode()
    assert open_draft(Visit.objects.get(), lilas.keys).consent is consent


@pytest.mark.parametrize(("key", "result"), [("+", "positive"), ("-", "negative"), ("?", "inconclusive")])
def test_one_key_is_the_result(amina: Client, lilas: Place, key: str, result: str) -> None:
    page = post(amina, f"visits/{running(lilas).id}/result", found=key)
    assert (page.status_code, page.context["queue"]["done"][0]["results"][0]["text"]) == (200, result)


def test_a_result_is_taken_back_and_given_anew(amina: Client, lilas: Place) -> None:
    visit = running(lilas)
    post(amina, f"visits/{visit.id}/result", found="+")
    assert post(amina, f"visits/{visit.id}/undo").status_code == 200
    assert post(amina, f"visits/{visit.id}/result", found="-").context["queue"]["done"][0]["results"][0]["text"] == "negative"
    assert Screening.objects.count() == 1


def test_of_two_workstations_one_is_quicker_and_the_other_sees_it(amina: Client, lilas: Place) -> None:
    visit = running(lilas)
    post(amina, f"visits/{visit.id}/result", found="+")
    late = post(amina, f"visits/{visit.id}/result", found="-")
    assert (late.status_code, "quicker" in late.content.decode()) == (409, True)
    assert Screening.objects.count() == 1


def test_whoever_left_comes_back(amina: Client, lilas: Place) -> None:
    visit = waiting(lilas)
    gone = post(amina, f"visits/{visit.id}/leave")
    assert (gone.headers["X-Undo"], gone.context["queue"]["waiting"]) == ("return", [])
    assert len(post(amina, f"visits/{visit.id}/return").context["queue"]["waiting"]) == 1


def test_an_assistant_is_told_who_gives_the_result(lilas: Place) -> None:
    sam = lilas.sign_in("sam@example.org", Role.ASSISTANT)
    visit = running(lilas)
    assert post(sam, f"visits/{visit.id}/result", found="+").status_code == 403
    assert 'data-act="result"' not in sam.get("/desk/").content.decode()
    assert Screening.objects.count() == 0


def test_the_queue_is_sent_anew_when_it_changed(amina: Client, lilas: Place) -> None:
    visit = waiting(lilas)
    tag = amina.get("/desk/queue").headers["ETag"]
    assert amina.get("/desk/queue", headers={"If-None-Match": tag}).status_code == 304
    actions.leave(visit.id, by=lilas.present())
    assert amina.get("/desk/queue", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("scanned", "status", "said"),
    [
        ("010376012345678417750131" + "10B2", 200, "Kit in hand"),
        ("010376012345678417200131" + "10B2", 422, "expired"),
        ("010400638133393117750131" + "10B2", 409, "described once"),
        ("rien", 422, "not that of a test kit"),
    ],
)
def test_a_scanned_box(amina: Client, lilas: Place, scanned: str, status: int, said: str) -> None:
    lilas.kit()
    page = post(amina, "scan", text=scanned)
    assert (page.status_code, said in page.content.decode()) == (status, True)


EXPIRED = "010376012345678417200131" + "10B2"


@pytest.mark.parametrize(
    ("reason", "role", "status"), [("prolonged", Role.PHARMACIST, 200), ("", Role.PHARMACIST, 422), ("x", Role.ASSISTANT, 403)]
)
def test_an_expired_box_is_used_by_a_pharmacist_with_a_reason(lilas: Place, reason: str, role: Role, status: int) -> None:
    lilas.kit()
    sam = lilas.sign_in("sam@example.org", role)
    assert ("/desk/scan/expired" in post(sam, "scan", text=EXPIRED).content.decode()) is (role != Role.ASSISTANT)
    assert post(sam, "scan/expired", text=EXPIRED, reason=reason).status_code == status
    assert bool(Kit.objects.get().override) is (status == 200)


@pytest.mark.parametrize(
    ("found", "status", "said"),
    [
        ("+-", 200, "passed"),
        ("+−", 200, "passed"),
        ("--", 422, "failed"),
        ("+?", 422, "failed"),
        ("+", 422, "Give"),
        ("+x", 422, "Give"),
    ],
)
def test_two_keys_are_a_control_of_the_lot_in_hand(amina: Client, lilas: Place, found: str, status: int, said: str) -> None:
    kit = lilas.kit()
    page = post(amina, "control", kit=kit.id, lot=kit.lot, found=found)
    assert (page.status_code, said in page.content.decode()) == (status, True)
    assert Control.objects.count() == (said != "Give")


@pytest.mark.parametrize(
    ("reason", "role", "status"), [("dry swab", Role.PHARMACIST, 200), ("", Role.PHARMACIST, 422), ("x", Role.ASSISTANT, 403)]
)
def test_a_lot_that_failed_is_used_by_a_pharmacist_with_a_reason(lilas: Place, reason: str, role: Role, status: int) -> None:
    kit = lilas.kit(lot="B2")
    sam = lilas.sign_in("sam@example.org", role)
    post(sam, "control", kit=kit.id, lot="B2", found="--")
    scanned = post(sam, "scan", text="010376012345678417750131" + "10B2")
    assert (scanned.status_code, "failed its control" in scanned.content.decode()) == (422, True)
    assert ("/desk/control/failed" in scanned.content.decode()) is (role != Role.ASSISTANT)
    assert post(sam, "control/failed", kit=kit.id, lot="B2", reason=reason).status_code == status
    assert Kit.objects.get().failed is (status != 200)


def test_a_lot_that_passed_meanwhile_needs_no_reason(amina: Client, lilas: Place) -> None:
    kit = lilas.kit()
    post(amina, "control", kit=kit.id, lot=kit.lot, found="+-")
    assert post(amina, "control/failed", kit=kit.id, lot=kit.lot, reason="x").status_code == 409


def test_the_kits_history_is_its_pharmacys(amina: Client, chloe: Client, lilas: Place) -> None:
    kit = lilas.kit()
    post(amina, "control", kit=kit.id, lot=kit.lot, found="+?")
    page = amina.get(f"/kits/{kit.id}/", headers=ENGLISH)
    assert ("inconclusive" in page.content.decode(), "Amina" in page.content.decode()) == (True, True)
    assert chloe.get(f"/kits/{kit.id}/").status_code == 404


def test_a_kit_is_described_once(amina: Client, lilas: Place) -> None:
    told = {"name": "Neuf", "loinc": "94558-4", "minutes": 15, "gtin": "4006381333931", "lot": "C3", "expiry": "2099-01-31"}
    assert post(amina, "kits/new", **told).status_code == 200
    assert (Kit.objects.get().gtin, Kit.objects.get().pharmacy) == ("04006381333931", lilas.pharmacy)
    assert post(amina, "kits/new", **told | {"minutes": 0}).status_code == 422


ACTS = {
    "prepare": {},
    "search": {"q": "a"},
    "alike": {},
    "again": {"card": str(UUID(int=1))},
    "new": NEW,
    "kit": {},
    "scan": {"text": "x"},
    "scan/expired": {},
    "control": {"found": "+-"},
    "control/failed": {"reason": "x"},
    "kits/new": {},
    "visits/{}/start": {},
    "visits/{}/consent": {"agrees": "yes"},
    "visits/{}/result": {"found": "+"},
    "visits/{}/undo": {},
    "visits/{}/leave": {},
    "visits/{}/return": {},
}


@pytest.mark.parametrize("path", ["", "queue", *(path.format(uuid4()) for path in ACTS)])
def test_a_stranger_is_sent_to_sign_in(client: Client, db: None, path: str) -> None:
    answer = client.post(f"/desk/{path}") if path not in ("", "queue") else client.get(f"/desk/{path}")
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("path", [path.format(uuid4()) for path in ACTS])
def test_reading_acts_on_nothing(amina: Client, path: str) -> None:
    assert amina.get(f"/desk/{path}").status_code == 405


@pytest.mark.parametrize("act", ["start", "consent", "result", "undo", "leave", "return"])
def test_chloe_moves_nothing_of_the_lilas(chloe: Client, lilas: Place, act: str) -> None:
    visit = running(lilas)
    answer = post(chloe, f"visits/{visit.id}/{act}", found="+")
    assert answer.status_code in (409, 422)
    assert "LUNEVILLE" not in answer.content.decode()
    assert Visit.objects.get().state == VisitState.RUNNING


def test_chloe_finds_and_starts_nobody_of_the_lilas(chloe: Client, lilas: Place) -> None:
    lilas.imports(file(1), at=timezone.now())
    assert "TESTARD" not in post(chloe, "search", q="testard").content.decode()
    assert post(chloe, "again", card=Screening.objects.get().id).status_code == 409
    kit = lilas.kit()
    assert post(chloe, "kit", kit=kit.id).status_code == 404
    assert post(chloe, "control", kit=kit.id, lot=kit.lot, found="--").status_code == 404
    assert post(chloe, "control/failed", kit=kit.id, lot=kit.lot, reason="x").status_code == 404
    assert post(chloe, "scan/expired", text=EXPIRED, reason="x").status_code == 404
    assert Visit.objects.count() == 0


@pytest.mark.parametrize("count", [1, 12])
def test_the_queue_takes_as_many_queries_however_long(
    amina: Client, lilas: Place, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        visit = running(lilas)
        post(amina, f"visits/{visit.id}/result", found="+")
        running(lilas)
    amina.get("/desk/")
    with django_assert_num_queries(QUERIES):
        amina.get("/desk/queue")


QUERIES = 8
