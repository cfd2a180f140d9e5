"""Reading a page: so many queries, however much there is, and none of them writes but to the session's own row."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings
from tests.counter.billing.books import IN_NOVEMBER, ISSUER, NOVEMBER, Books, run
from tests.counter.world import Place, file, patient

from sceau.core.codes.snomed import Result
from sceau.counter.billing.models import Invoice
from sceau.counter.kits import controls
from sceau.counter.kits.models import Kit
from sceau.counter.pharmacies.models import Role
from sceau.counter.screenings.models import Screening
from sceau.counter.visits import actions
from sceau.counter.visits.draft import Draft

QUERIES = {
    "/": 11,
    "/desk/": 12,
    "/desk/queue": 8,
    "/results/{report}/": 6,
    "/results/{report}/proof": 5,
    "/imports/new": 4,
    "/export": 4,
    "/activity/": 9,
    "/billing/": 9,
    "/billing/customer": 5,
    "/billing/invoices/{invoice}": 6,
    "/kits/{kit}/": 6,
    "/pharmacy/": 7,
    "/staff/": 5,
    "/staff/{member}/leave": 5,
    "/checkin/poster": 4,
    "/checkin/{pharmacy}/": 4,
    "/open/": 2,
    "/accounts/2fa/": 5,
    "/accounts/password/change/": 3,
    "/accounts/recovery-code/": 2,
    "/accounts/logout/": 2,
}
"""Of an owner who is signed in, whose session has been looked ahead for today."""
_WRITES = re.compile(r"^\s*(?:insert|update|delete|copy|truncate|merge)\b(?!.*django_session)", re.IGNORECASE)


@pytest.fixture(autouse=True)
def issuer(settings: Settings) -> None:
    settings.BILLING = ISSUER


@pytest.fixture
def owner(lilas: Place) -> Client:
    return lilas.sign_in("odile@example.org", Role.OWNER)


def work(place: Place, count: int) -> None:
    """So many results from a file, and so many people at the desk in each state."""
    kit, by, now = place.kit(), place.present(), timezone.now()
    books = Books(place).identified()
    for _ in range(count):
        controls.run(kit, kit.lot, positive=Result.DETECTED, negative=Result.NOT_DETECTED, by=by.member, at=now)
    for nth in range(count):
        month = NOVEMBER.replace(year=NOVEMBER.year - 1 - nth)
        books.answered(["recorded"], at=IN_NOVEMBER.replace(year=month.year))
        run(month)
    place.imports(file(count, start=count), at=now)
    for nth in range(count):
        waiting, running, done = (actions.add(Draft(patient=patient(f"NOM{nth}")), by=by, at=now) for _ in range(3))
        for visit in (running, done):
            actions.start(visit.id, kit, by=by, at=now)
        actions.finish(done.id, [Result.NOT_DETECTED], by=by, at=now)
        assert waiting.state == "waiting"


def filled(path: str, place: Place) -> str:
    report = Screening.objects.filter(visit__isnull=False).order_by("id").values_list("id", flat=True).first()
    invoice = Invoice.objects.filter(pharmacy=place.pharmacy).values_list("pk", flat=True).first()
    kit = Kit.objects.filter(pharmacy=place.pharmacy).values_list("pk", flat=True).first()
    return path.format(invoice=invoice, kit=kit, report=report, pharmacy=place.pharmacy.id, member=place.bruno.id)


@pytest.mark.parametrize("count", [3, 30])
def test_a_page_takes_as_many_queries_however_much_there_is(lilas: Place, owner: Client, count: int) -> None:
    work(lilas, count)
    owner.get("/")
    assert {path: len(asked(owner, filled(path, lilas))) for path in QUERIES} == QUERIES


def test_reading_writes_nothing(lilas: Place, owner: Client) -> None:
    work(lilas, 3)
    owner.get("/")
    assert {
        path: wrote for path in QUERIES if (wrote := [one for one in asked(owner, filled(path, lilas)) if _WRITES.match(one)])
    } == {}


def asked(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
        assert answer.status_code == 200, path
    return [str(one["sql"]) for one in queries.captured_queries]
