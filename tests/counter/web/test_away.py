"""The door for what workstations kept, the page that names nobody, and what needs a person to look."""

import base64
import json
import os
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.counter.world import Place
from tests.plugins.services import acting

from sceau.core.sealing import suite
from sceau.core.sealing.seal import BOX_SEALED, box_info, seal_box
from sceau.counter.kept import tickets
from sceau.counter.kept.models import Entry, EntryState, Reason
from sceau.counter.pharmacies.models import Role
from sceau.counter.visits.models import Visit

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
        "box": {"kit": str(place.kit().id)},
        "at": at.isoformat(),
        "voucher": page["voucher"],
    }
    public, day = base64.b64decode(page["boxes"][0]["public"]), place.pharmacy.day(at)
    info = box_info(place.pharmacy.id, day, number)
    sealed = seal_box(json.dumps(content | change).encode(), suite.public_key(public), info)
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


@pytest.mark.parametrize("act", ["confirm", "dismiss"])
def test_another_pharmacy_neither_sees_nor_settles_it(amina: Client, chloe: Client, lilas: Place, other: Place, act: str) -> None:
    number = kept(lilas, told(amina), voucher="")
    post(amina, "take")
    assert "ZYGRAN" not in chloe.get("/desk/kept/", headers=ENGLISH).content.decode()
    post(chloe, f"{number}/{act}")
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
