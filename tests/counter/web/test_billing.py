"""The owner reads what the pharmacy owes and has owed, and says to whom it goes; nobody else of the staff, and no other owner."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings
from tests.counter.billing.books import ISSUER, NOVEMBER, Books, run
from tests.counter.world import Place, signed_in
from tests.plugins.services import acting

from sceau.core.audit.models import Entry
from sceau.counter.billing import actions
from sceau.counter.billing.models import Customer, Invoice
from sceau.counter.pharmacies import actions as pharmacies
from sceau.counter.pharmacies.models import Member, Role
from sceau.counter.screenings.models import Screening

ENGLISH = {"Accept-Language": "en"}
TYPED = {
    "name": "SELARL Pharmacie des Lilas",
    "siret": "552 081 317 66522",
    "vat_number": "FR03 552081317",
    "street": "12 rue des Lilas",
    "postcode": "75020",
    "city": "PARIS",
    "endpoint": "",
}
PAGES = ("/billing/", "/billing/customer", "/billing/invoices.csv", "/billing/invoices/{pk}", "/billing/invoices/{pk}/pdf")


@pytest.fixture(autouse=True)
def issuer(settings: Settings) -> None:
    settings.BILLING = ISSUER


@pytest.fixture
def owner(lilas: Place) -> Client:
    return lilas.sign_in("odile@example.org", Role.OWNER)


@pytest.fixture
def invoice(lilas: Place) -> Invoice:
    Books(lilas).identified().answered(["recorded"] * 3)
    return run().issued[0]


def text(page: object) -> str:
    return getattr(page, "content", b"").decode()


def test_the_month_so_far_counts_what_is_charged_and_what_is_free(owner: Client, lilas: Place, other: Place) -> None:
    Books(other).answered(["recorded"] * 9, at=timezone.now())
    rows = Books(lilas).answered(["recorded"] * 4 + ["duplicate", "refused", "refused", "amended"], at=timezone.now())
    Screening.objects.filter(pk=rows[0].pk).update(void=True)
    with acting("counter_web"):
        page = owner.get("/billing/")
    assert (page.context["so_far"].tests, page.context["so_far"].euros) == (3, 3)
    assert page.context["not_charged"] == {"duplicate": 1, "refused": 2, "amended": 1, "void": 1}
    assert page.headers["Cache-Control"].endswith("private")


def test_before_the_first_invoice_it_says_so_and_asks_to_whom_they_go(owner: Client) -> None:
    page = text(owner.get("/billing/", headers=ENGLISH))
    assert "No invoice yet" in page
    assert "To whom do the invoices go?" in page


def test_tests_without_an_invoice_are_said_to_wait(owner: Client, lilas: Place) -> None:
    Books(lilas).answered(["recorded", "recorded"], at=datetime(2026, 10, 5, tzinfo=UTC))
    run()
    assert "2 tests of October 2026 wait for their invoice" in text(owner.get("/billing/", headers=ENGLISH))


@pytest.mark.parametrize(
    ("paid", "today", "state"),
    [
        (None, date(2026, 12, 31), "to pay by 31/12/2026"),
        (None, date(2027, 1, 1), "overdue since 31/12/2026"),
        (1, None, "paid on"),
    ],
)
def test_an_invoice_is_to_pay_overdue_or_paid(
    owner: Client, invoice: Invoice, paid: int | None, today: date | None, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sceau.counter.web.billing import views

    if paid:
        actions.mark_paid(invoice.number, issuer=invoice.issuer, on=date(2026, 12, 9), by="operator", at=timezone.now())
    if today:
        monkeypatch.setattr(views, "today", lambda: today)
    for path in ("/billing/", f"/billing/invoices/{invoice.pk}"):
        assert state in text(owner.get(path, headers=ENGLISH))


def test_the_file_is_given_as_it_was_issued_and_kept_nowhere(owner: Client, invoice: Invoice) -> None:
    with acting("counter_web"):
        answer = owner.get(f"/billing/invoices/{invoice.pk}/pdf")
    assert answer.content == bytes(invoice.pdf)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="2026-00001.pdf"'
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_credit_note_is_shown_beside_its_invoice(owner: Client, invoice: Invoice) -> None:
    Screening.objects.all().update(void=True)
    [credit] = run(at=datetime(2026, 12, 2, tzinfo=UTC)).issued
    with acting("counter_web"):
        assert "2026-00002" in text(owner.get(f"/billing/invoices/{invoice.pk}"))
        assert "2026-00001" in text(owner.get(f"/billing/invoices/{credit.pk}"))
        assert "−3,60" in text(owner.get("/billing/"))


def test_the_accountants_table_is_streamed_with_decimal_commas_and_no_formulas(owner: Client, invoice: Invoice) -> None:
    with acting("counter_web"):
        answer = owner.get("/billing/invoices.csv")
        lines = b"".join(answer).decode("utf-8-sig").splitlines()
    assert answer.streaming
    assert "no-store" in answer.headers["Cache-Control"]
    assert lines[1] == "2026-00001;facture;01/12/2026;11/2026;31/12/2026;750123457;3;3,00;0,60;3,60;;"
    assert not [cell for line in lines for cell in line.split(";") if cell[:1] in ("=", "+", "-", "@")]


def test_the_owner_says_to_whom_the_invoices_go(owner: Client, lilas: Place) -> None:
    with acting("counter_web"):
        assert owner.post("/billing/customer", TYPED).headers["Location"] == "/billing/"
        assert owner.post("/billing/customer", TYPED | {"city": "LYON", "endpoint": "552081317_COMPTA"}).status_code == 302
        kept = owner.get("/billing/customer").context["form"].initial
    party = Customer.objects.get(pharmacy=lilas.pharmacy).party
    assert (party.siret, party.vat_number, party.endpoint) == ("55208131766522", "FR03552081317", "552081317_COMPTA")
    assert kept["city"] == "LYON"
    assert Entry.objects.filter(event="billing-identity-changed", subject=f"pharmacy:{lilas.pharmacy.id}").count() == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"siret": "55208131766523"}, "siret"),
        ({"siret": "552081317"}, "siret"),
        ({"vat_number": "FR99552081317"}, "vat_number"),
        ({"vat_number": "FR44732829320"}, "vat_number"),
        ({"endpoint": "732829320"}, "endpoint"),
        ({"endpoint": "comptabilite@lilas.example"}, "endpoint"),
        ({"postcode": "7502"}, "postcode"),
        ({"name": ""}, "name"),
    ],
)
def test_a_slip_is_said_beside_its_field_and_nothing_is_kept(owner: Client, wrong: dict[str, str], field: str) -> None:
    page = owner.post("/billing/customer", TYPED | wrong)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert not Customer.objects.exists()


def test_an_issued_invoice_stays_with_the_identity_it_had(owner: Client, invoice: Invoice) -> None:
    owner.post("/billing/customer", TYPED | {"name": "Autre nom"})
    assert bytes(Invoice.objects.get().pdf) == bytes(invoice.pdf)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("role", "status"), [(Role.OWNER, 200), (Role.PHARMACIST, 403), (Role.ASSISTANT, 403)])
def test_the_owner_alone_reads_each_page(lilas: Place, invoice: Invoice, path: str, role: Role, status: int) -> None:
    with acting("counter_web"):
        client = lilas.sign_in("sam@example.org", role)
        assert client.get(path.format(pk=invoice.pk)).status_code == status


@pytest.mark.parametrize("role", [Role.PHARMACIST, Role.ASSISTANT])
def test_nobody_else_says_to_whom_invoices_go(lilas: Place, role: Role) -> None:
    assert lilas.sign_in("sam@example.org", role).post("/billing/customer", TYPED).status_code == 403
    assert not Customer.objects.exists()


@pytest.mark.parametrize("path", ["/billing/invoices/{pk}", "/billing/invoices/{pk}/pdf"])
def test_the_owner_of_another_pharmacy_finds_no_invoice_of_this_one(other: Place, invoice: Invoice, path: str) -> None:
    stranger = other.sign_in("chloe@example.org", Role.OWNER)
    assert stranger.get(path.format(pk=invoice.pk)).status_code == 404
    assert stranger.get("/billing/").context["invoices"] == []
    assert b"".join(stranger.get("/billing/invoices.csv")).count(b"\n") == 1


@pytest.mark.parametrize("path", PAGES)
def test_an_owner_who_was_let_go_reads_nothing(lilas: Place, invoice: Invoice, path: str) -> None:
    odile = lilas.join("odile@example.org", Role.OWNER)
    owner = signed_in(odile)
    assert owner.get(path.format(pk=invoice.pk)).status_code == 200
    pharmacies._revoke(Member.objects.get(user=odile.user))
    assert owner.get(path.format(pk=invoice.pk)).status_code in (302, 403)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("method", ["put", "delete"])
def test_other_methods_are_refused(owner: Client, invoice: Invoice, path: str, method: str) -> None:
    assert getattr(owner, method)(path.format(pk=invoice.pk)).status_code == 405


@pytest.mark.parametrize("months", [1, 6])
def test_it_takes_as_many_queries_however_many_invoices_there_are(
    owner: Client, lilas: Place, months: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    books = Books(lilas).identified()
    for month in range(months):
        books.answered(["recorded"], at=datetime(2026, 5 + month, 5, tzinfo=UTC))
    run(NOVEMBER - timedelta(days=30))
    run()
    owner.get("/billing/")
    for path, queries in QUERIES.items():
        with django_assert_num_queries(queries):
            answer = owner.get(path)
            b"".join(answer) if answer.streaming else answer.content


QUERIES = {"/billing/": 9, "/billing/invoices.csv": 5}
