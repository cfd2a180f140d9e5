"""A file imported by the page: looked at first, taken once, what is wrong given back; and exported, never by another pharmacy."""

import csv
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.counter.world import FIRST, HEADER, Place, file
from tests.plugins.services import acting

from sceau.core.audit.models import Entry
from sceau.counter.imports import actions
from sceau.counter.imports.actions import AlreadyRunning
from sceau.counter.imports.models import Import
from sceau.counter.pharmacies.models import Role
from sceau.counter.screenings.models import Screening

ENGLISH = {"Accept-Language": "en"}
BROKEN = "\n".join([HEADER, FIRST, FIRST.replace("DL-2022-0001", "DL-2").replace("94558-4", "94558-5")]).encode()


def post(client: Client, path: str, data: bytes = b"", **headers: str) -> Any:
    upload = {"file": SimpleUploadedFile("essai.csv", data)} if data else {}
    with acting("counter_web"):
        return client.post(f"/imports/{path}", upload, headers=ENGLISH | headers)


def text(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()


def test_it_is_looked_at_before_anything_is_taken(amina: Client) -> None:
    page = post(amina, "preview", BROKEN)
    assert (page.status_code, page.context["right"], [row for row, _ in page.context["wrong"]]) == (200, 1, [2])
    assert (Import.objects.count(), Screening.objects.count()) == (0, 0)


def test_it_is_taken_once_and_says_what_was_not(amina: Client) -> None:
    done = post(amina, "take", BROKEN).context["done"]
    assert (done["source"].taken, done["source"].refused, [row for row, _ in done["wrong"]]) == (1, 1, [2])
    again = post(amina, "take", BROKEN).context["done"]
    assert (again["source"].taken, again["source"].already) == (0, 1)


def test_the_rows_to_be_corrected_come_back_with_the_reason(amina: Client) -> None:
    answer = post(amina, "returned", BROKEN)
    header, *rows = list(csv.reader(text(answer).splitlines(), delimiter=";"))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (header[-1], len(rows)) == ("sceau_a_corriger", 1)
    assert "94558-5" in rows[0]
    assert "test_loinc" in rows[0][-1]


def test_corrected_it_is_taken(amina: Client) -> None:
    back = text(post(amina, "returned", BROKEN)).replace("94558-5", "94558-4")
    assert post(amina, "take", back.encode()).context["done"]["source"].taken == 1


def test_nothing_that_comes_back_is_a_formula(amina: Client) -> None:
    formula = BROKEN.replace(b"LUNEVILLE", b"=HYPERLINK(1)")
    assert not any(
        cell.startswith("=")
        for row in csv.reader(text(post(amina, "returned", formula)).splitlines(), delimiter=";")
        for cell in row
    )


@pytest.mark.parametrize("path", ["preview", "take", "returned"])
@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04", b"<a/>", HEADER.encode()])
def test_what_is_no_file_of_results_is_said_and_nothing_is_kept(amina: Client, path: str, data: bytes) -> None:
    page = post(amina, path, data)
    assert (page.status_code, bool(page.context["error"]), Import.objects.count()) == (422, True, 0)


def test_hl7_has_no_rows_to_give_back(amina: Client) -> None:
    assert post(amina, "returned", b"MSH|^~\\&|A|B|C|D|20220107||ORU^R01^ORU_R01|1|P|2.5.1\r").status_code == 422


def test_a_file_that_a_colleague_imports_just_now_waits(amina: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*args: object, **kwargs: object) -> None:
        raise AlreadyRunning

    monkeypatch.setattr(actions, "run", busy)
    assert "at this moment" in post(amina, "take", BROKEN).content.decode()


@pytest.mark.parametrize("path", ["preview", "take", "returned"])
def test_an_assistant_imports_nothing(lilas: Place, path: str) -> None:
    assert post(lilas.sign_in("sam@example.org", Role.ASSISTANT), path, BROKEN).status_code == 403
    assert Import.objects.count() == 0


@pytest.mark.parametrize("path", ["preview", "take", "returned"])
def test_a_stranger_imports_nothing_and_reading_takes_nothing(client: Client, amina: Client, path: str) -> None:
    assert client.post(f"/imports/{path}").status_code == 302
    assert amina.get(f"/imports/{path}").status_code == 405


def test_progress_is_ones_own(amina: Client, chloe: Client, lilas: Place) -> None:
    lilas.imports(file(3), at=timezone.now())
    Import.objects.update(state="running")
    assert amina.get("/imports/progress").json() == {"rows": 3, "done": 3}
    assert chloe.get("/imports/progress").json() == {"rows": 0, "done": 0}


def exported(client: Client, **days: str) -> Any:
    today = str(timezone.localdate())
    with acting("counter_web"):
        return client.get("/export.csv", {"first": today, "last": today} | days)


def test_export_gives_the_pharmacys_own_copies_and_leaves_a_mark(amina: Client, chloe: Client, lilas: Place) -> None:
    lilas.imports(file(3), at=timezone.now())
    answer = exported(amina)
    assert text(answer).count("TESTARD") == 3
    assert "no-store" in answer.headers["Cache-Control"]
    assert Entry.objects.filter(event="exported").count() == 1
    assert "TESTARD" not in text(exported(chloe))


def test_what_was_exported_is_imported_as_it_was(amina: Client, other: Place, lilas: Place) -> None:
    lilas.imports(file(2), at=timezone.now())
    data = text(exported(amina)).encode()
    assert post(amina, "preview", data).context["right"] == 2


@pytest.mark.parametrize("days", [{"first": ""}, {"last": "yesterday"}])
def test_days_that_are_none_are_said(amina: Client, days: dict[str, str]) -> None:
    assert exported(amina, **days).status_code == 422


def test_an_assistant_exports_nothing(lilas: Place) -> None:
    lilas.imports(file(1), at=timezone.now())
    assert exported(lilas.sign_in("sam@example.org", Role.ASSISTANT)).status_code == 403
    assert Entry.objects.filter(event="exported").count() == 0


def test_a_stranger_exports_nothing(client: Client, db: None) -> None:
    assert [client.get(path).status_code for path in ("/export", "/export.csv", "/imports/new", "/imports/progress")] == [302] * 4
