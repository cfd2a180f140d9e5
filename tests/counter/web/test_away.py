"""The door for what workstations kept, the page that names nobody, and what needs a person to look."""

import base64
import json
import os
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.counter.world import Place
from tests.plugins.services import acting

from sceau.core.codes.snomed import Result
from sceau.core.sealing import suite
from sceau.core.sealing.seal import BOX_SEALED, box_info, seal_box
from sceau.counter.kept import tickets
from sceau.counter.kept.models import Entry, EntryState, Reason
from sceau.counter.kits.models import Kit
from sceau.counter.pharmacies.models import Role
from sceau.counter.screenings.models import Screening
from sceau.counter.screenings.unseal import open_copy
from sceau.counter.visits import actions as visits
from sceau.counter.visits.models import Visit, VisitState
from sceau.counter.visits.unseal import open_draft

ENGLISH = {"Accept-Language": "en"}
TOLD = {"family": "ZYGRAN", "given": "Otto", "born": "12031985", "sex": "male", "consent": "given"}


def bring(client: Client, ticket: str, *sealed: bytes, **change: Any) -> Any:
    today = timezone.localdate().isoformat()
    body = {"ticket": ticket, "entries": [[str(uuid4()), today, base64.b64encode(one).decode()] for one in sealed]} | change
    with acting("counter_web"):
        return client.post("/desk/kept/deposit", json.dumps(body), content_type="application/json")


def box() -> bytes:
    return os.urandom(BOX_SEALED)


def post(client: Client, path: str, **fields: Any) -> Any:
    with acting("counter_web"):
        return client.post(f"/desk/kept/{path}", fields, headers=ENGLISH)


def told(client: Client) -> dict[str, Any]:
    """What the counter screen is told."""
    told: dict[str, Any] = client.get("/desk/").context["away"]
    return told


def kept(place: Place, page: dict[str, Any], **change: Any) -> UUID:
    """Started on a workstation, sealed as its script does, and brought."""
    number, at = uuid4(), timezone.now()
    content = {
        "kind": "started",
        "told": TOLD,
        "box": {"kit": str((Kit.objects.first() or place.kit()).id)},
        "at": at.isoformat(),
        "voucher": page["voucher"],
    }
    return brought(place, page, number, content | change, at)


def brought(place: Place, page: dict[str, Any], number: UUID, content: dict[str, Any], at: datetime) -> UUID:
    public, day = base64.b64decode(page["boxes"][0]["public"]), place.pharmacy.day(at)
    info = box_info(place.pharmacy.id, day, number)
    sealed = seal_box(json.dumps(content).encode(), suite.public_key(public), info)
    entries = [[str(number), day.isoformat(), base64.b64encode(sealed).decode()]]
    assert bring(Client(), page["ticket"], entries=entries).json() == {"kept": [str(number)]}
    return number


def test_with_a_ticket_and_no_session_it_is_kept(client: Client, lilas: Place) -> None:
    answer = bring(client, tickets.issue(lilas.pharmacy.id), box())
    assert answer.json() == {"kept": [str(Entry.objects.get().id)]}
    assert Entry.objects.get().pharmacy == lilas.pharmacy


@pytest.mark.parametrize("ticket", ["", "x", "IjEyMyI:1vNv3H:xxxx"])
def test_without_a_ticket_nothing_is(client: Client, lilas: Place, ticket: str) -> None:
    assert (bring(client, ticket, box()).status_code, Entry.objects.exists()) == (403, False)


def test_a_ticket_ends_after_a_fortnight(client: Client, lilas: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = tickets.issue(lilas.pharmacy.id)
    monkeypatch.setattr("django.core.signing.time.time", lambda: timezone.now().timestamp() + tickets.LASTS.total_seconds() + 1)
    assert (bring(client, ticket, box()).status_code, Entry.objects.exists()) == (403, False)


@pytest.mark.parametrize("change", [{"entries": [["x", "2026-01-01", ""]]}, {"more": 1}, {"entries": [[str(uuid4())] * 3] * 51}])
def test_what_is_no_deposit_is_refused(client: Client, lilas: Place, change: dict[str, Any]) -> None:
    answer = bring(client, tickets.issue(lilas.pharmacy.id), **change)
    assert (answer.status_code, Entry.objects.exists()) == (422, False)


def test_from_page_to_queue(amina: Client, lilas: Place) -> None:
    number = kept(lilas, told(amina))
    assert "1 act that was kept" in post(amina, "take").content.decode()
    assert Visit.objects.get().id == number
    assert "1 act" not in post(amina, "take").content.decode()


def test_the_page_of_another_pharmacy_takes_nothing_in(amina: Client, chloe: Client, lilas: Place, other: Place) -> None:
    kept(lilas, told(amina))
    assert "1 act" not in post(chloe, "take").content.decode()
    assert (Entry.objects.get().state, Visit.objects.exists()) == (EntryState.WAITING, False)


def test_what_waits_for_a_person_is_shown_and_recorded(amina: Client, lilas: Place) -> None:
    kept(lilas, told(amina), voucher="")
    assert "1 kept act waits" in post(amina, "take").content.decode()
    page = amina.get("/desk/kept/", headers=ENGLISH).content.decode()
    assert "ZYGRAN Otto" in page
    assert "is it yours?" in page
    assert post(amina, "all", entry=str(Entry.objects.get().id)).status_code == 302
    assert Visit.objects.exists()


def test_what_is_wrong_is_told_field_by_field(amina: Client, lilas: Place) -> None:
    number = kept(lilas, told(amina), told=TOLD | {"phone": "12"})
    post(amina, "take")
    assert "not a telephone number" in amina.get("/desk/kept/", headers=ENGLISH).content.decode()
    post(amina, f"{number}/confirm")
    assert Entry.objects.get().reason == Reason.MALFORMED
    post(amina, f"{number}/dismiss")
    assert "Nothing waits here" in amina.get("/desk/kept/", headers=ENGLISH).content.decode()


def mend(client: Client, number: UUID, **fields: Any) -> Any:
    """What is on the page, with these fields typed over."""
    form = client.get(f"/desk/kept/{number}/", headers=ENGLISH).context["form"]
    return post(client, f"{number}/", **{name: form[name].value() or "" for name in form.fields} | fields)


def result(place: Place, page: dict[str, Any], visit: UUID, keys: str) -> UUID:
    """Of a test that runs here, kept and brought."""
    number, at = uuid4(), timezone.now()
    content = {"kind": "found", "visit": str(visit), "keys": keys, "at": at.isoformat(), "voucher": page["voucher"]}
    return brought(place, page, number, content, at)


def test_what_is_wrong_is_put_right_and_recorded(amina: Client, lilas: Place) -> None:
    number = kept(lilas, told(amina), told=TOLD | {"phone": "12", "born": "31021985"})
    post(amina, "take")
    assert post(amina, f"{number}/confirm").headers["Location"] == f"/desk/kept/{number}/"
    still = mend(amina, number, phone="0639980001")
    assert (still.status_code, list(still.context["form"].errors)) == (422, ["born"])
    assert mend(amina, number, phone="0639980001", born="12031985").status_code == 302
    assert (Visit.objects.get().id, Entry.objects.get().state) == (number, EntryState.TAKEN)
    assert open_draft(Visit.objects.get(), lilas.keys).patient.phone == "+33639980001"


def test_another_kit_is_chosen_for_one_that_is_unknown(amina: Client, lilas: Place) -> None:
    number = kept(lilas, told(amina), box={"kit": str(uuid4())})
    post(amina, "take")
    assert Entry.objects.get().reason == Reason.KIT
    kit = Kit.objects.get()
    assert mend(amina, number, kit=kit.id).status_code == 302
    assert Visit.objects.get().kit == kit


def test_a_time_that_lay_in_the_future_is_put_right(amina: Client, lilas: Place) -> None:
    number = kept(lilas, told(amina), at=(timezone.now() + timedelta(hours=3)).isoformat())
    post(amina, "take")
    assert list(mend(amina, number).context["form"].errors) == ["at"]
    before = timezone.localtime() - timedelta(minutes=5)
    assert mend(amina, number, at=f"{before:%Y-%m-%dT%H:%M:%S}").status_code == 302
    assert Visit.objects.get().started_at == before.replace(microsecond=0)


def test_a_result_too_many_is_given_anew(amina: Client, lilas: Place) -> None:
    page = told(amina)
    visit = kept(lilas, page)
    number = result(lilas, page, visit, "++")
    post(amina, "take")
    assert mend(amina, number, found_0="-").status_code == 302
    screening = open_copy(Screening.objects.get(), lilas.keys).screening
    assert screening
    assert screening.findings[0].result is Result.NOT_DETECTED


def test_a_colleagues_other_result_is_shown_beside_the_one_that_was_kept(amina: Client, lilas: Place) -> None:
    page = told(amina)
    visit = kept(lilas, page)
    post(amina, "take")
    number = result(lilas, page, visit, "+")
    visits.finish(visit, [Result.NOT_DETECTED], by=lilas.present(), at=timezone.now())
    post(amina, "take")
    seen = amina.get(f"/desk/kept/{number}/", headers=ENGLISH)
    kept_here, stands = seen.context["row"]["result"], seen.context["stands"][0]["text"]
    assert (seen.context["form"], kept_here, stands) == (None, "positive", "negative")
    assert f"/results/{Screening.objects.get().id}/" in seen.content.decode()
    assert post(amina, f"{number}/confirm").headers["Location"] == f"/desk/kept/{number}/"
    assert (Screening.objects.count(), Entry.objects.get(pk=number).state) == (1, EntryState.ASIDE)


def test_whoever_was_taken_off_the_queue_has_the_result_all_the_same(amina: Client, lilas: Place) -> None:
    page = told(amina)
    visit = kept(lilas, page)
    post(amina, "take")
    number = result(lilas, page, visit, "+")
    visits.leave(visit, by=lilas.present())
    post(amina, "take")
    assert Entry.objects.get(pk=number).reason == Reason.MOVED
    assert post(amina, f"{number}/confirm").headers["Location"] == "/desk/kept/"
    assert (Visit.objects.get().state, Screening.objects.count()) == (VisitState.DONE, 1)


def test_what_opens_and_is_nothing_known_is_shown_as_it_is(amina: Client, lilas: Place) -> None:
    """Of a page that was older or newer than this counter, say: a person can still make it out. The voucher is not for the page."""
    page = told(amina)
    number = kept(lilas, page, told=TOLD | {"allergies": "none"})
    post(amina, "take")
    seen = amina.get("/desk/kept/", headers=ENGLISH).content.decode()
    assert all(line in seen for line in ("family: ZYGRAN", "born: 12031985", "allergies: none"))
    assert page["voucher"] not in seen
    assert amina.get(f"/desk/kept/{number}/").headers["Location"] == "/desk/kept/"


def test_an_assistant_records_no_result_here(amina: Client, lilas: Place) -> None:
    page = told(amina)
    visit = kept(lilas, page)
    number = result(lilas, page, visit, "++")
    post(amina, "take")
    sam = lilas.sign_in("sam@example.org", Role.ASSISTANT)
    assert mend(sam, number, found_0="-").status_code == 422
    assert not Screening.objects.exists()


@pytest.mark.parametrize("act", ["confirm", "dismiss", ""])
def test_another_pharmacy_neither_sees_nor_settles_it(amina: Client, chloe: Client, lilas: Place, other: Place, act: str) -> None:
    number = kept(lilas, told(amina), voucher="")
    post(amina, "take")
    assert "ZYGRAN" not in chloe.get("/desk/kept/", headers=ENGLISH).content.decode()
    post(chloe, f"{number}/{act}", **TOLD)
    assert "ZYGRAN" not in chloe.get(f"/desk/kept/{number}/", headers=ENGLISH).content.decode()
    assert Entry.objects.get().state == EntryState.ASIDE


def test_an_assistants_page_is_told_that_it_gives_no_result(lilas: Place) -> None:
    assert not told(lilas.sign_in("paul@example.org", Role.ASSISTANT))["signs"]


def test_the_stored_page_is_the_same_for_everybody_and_names_nobody(amina: Client, client: Client, lilas: Place) -> None:
    pages = [one.get("/desk/away?language=en") for one in (amina, client)]
    assert pages[0].content == pages[1].content
    page = pages[0].content.decode()
    assert "The counter does not answer" in page
    assert not any(word in page for word in ("Amina", "amina@", "Lilas", "csrfmiddlewaretoken", str(lilas.pharmacy.id)))
    assert "script-src 'self'" in pages[0].headers["Content-Security-Policy"]


def test_the_service_worker_stores_files_and_that_page_alone(client: Client) -> None:
    script = client.get("/desk/worker.js?language=fr").content.decode()
    shell = json.loads(script.split("\n", 1)[0].removeprefix("const SHELL = ").removesuffix(";"))
    assert shell["page"] == "/desk/away?language=fr"
    assert all(path.startswith("/static/") for path in shell["files"])
    assert client.get("/desk/worker.js?language=xx").content == client.get("/desk/worker.js").content
    assert client.get("/desk/worker.js?language=en").content != client.get("/desk/worker.js").content


@pytest.mark.parametrize("count", [1, 5])
def test_it_takes_as_many_queries_however_much_was_set_aside(
    amina: Client, lilas: Place, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = told(amina)
    numbers = [result(lilas, page, kept(lilas, page), "++") for _ in range(count)]
    kept(lilas, page, voucher="")
    post(amina, "take")
    with django_assert_num_queries(6):
        amina.get("/desk/kept/")
    with django_assert_num_queries(9):
        amina.get(f"/desk/kept/{numbers[0]}/")
