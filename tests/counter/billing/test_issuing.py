"""A month's invoice: right, numbered without a gap, issued once, judged before, and never changed after."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import facturx
import pytest
from django.db import Error, connection, transaction
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries, Settings
from tests.counter.billing.books import FIRST_OF_DECEMBER, FRANCHISE, ISSUER, LILAS, NOVEMBER, Books, run
from tests.counter.world import Place
from tests.plugins.services import acting, break_table, mend_table

from sceau.core.audit.models import Entry
from sceau.counter.billing import actions, cii, queries, rules
from sceau.counter.billing.document import Document, Kind
from sceau.counter.billing.errors import AlreadyPaid, InvoiceInvalid, IssuerIncomplete, MonthNotOver, NoBillingIdentity
from sceau.counter.billing.models import Charge, Invoice, Series
from sceau.counter.jobs import billing as job
from sceau.counter.screenings.models import Screening

JANUARY = datetime(2027, 1, 1, 4, 11, tzinfo=UTC)
DECEMBER = date(2026, 12, 1)


def cancelled(rows: Sequence[Screening]) -> None:
    Screening.objects.filter(pk__in=[row.pk for row in rows]).update(void=True)


def numbers() -> list[str]:
    return list(Invoice.objects.order_by("number").values_list("number", flat=True))


def test_an_invoice_is_a_factur_x_file_that_says_what_is_owed(books: Books) -> None:
    books.answered(["recorded"] * 3 + ["duplicate", "refused"])
    with acting("counter_worker"):
        ran = run()
    assert ran.failed == []
    [invoice] = ran.issued
    assert (invoice.tests, invoice.net, invoice.tax, invoice.gross) == (3, Decimal("3.00"), Decimal("0.60"), Decimal("3.60"))
    name, xml = facturx.get_facturx_xml_from_pdf(bytes(invoice.pdf), check_xsd=True)
    assert name == "factur-x.xml"
    rules.check(xml)
    page = PdfReader(io.BytesIO(bytes(invoice.pdf))).pages[0].extract_text()
    for told in (LILAS.name, "FINESS 750123457", "3,60", "2026-00001", "01/11/2026", "30/11/2026", ISSUER["NAME"]):
        assert told in page


def test_the_file_is_pdf_a_3b_with_its_fonts_inside(books: Books) -> None:
    books.answered(["recorded"])
    [invoice] = run().issued
    file = PdfReader(io.BytesIO(bytes(invoice.pdf)))
    about = file.xmp_metadata
    assert about
    assert b"<pdfaid:part>3</pdfaid:part>" in about.stream.get_data()
    fonts = file.pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    kids = [font.get_object()["/DescendantFonts"][0].get_object() for font in fonts]
    assert kids
    assert all("/FontFile2" in kid["/FontDescriptor"] for kid in kids)


def test_nothing_on_it_names_a_patient(books: Books) -> None:
    books.answered(["recorded"])
    [invoice] = run().issued
    told = (
        PdfReader(io.BytesIO(bytes(invoice.pdf))).pages[0].extract_text()
        + facturx.get_facturx_xml_from_pdf(bytes(invoice.pdf))[1].decode()
    )
    assert not [name for name in ("TESTARD", "Hugo", "1985") if name in told]


def test_a_month_is_invoiced_once_whether_run_twice_or_with_what_another_run_saw(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.answered(["recorded"])
    stale = queries.due
    assert len(run().issued) == 1
    assert run() == ([], [])
    due = [queries.Due(books.place.pharmacy.id, NOVEMBER, None)]
    monkeypatch.setattr(queries, "due", lambda month: due)
    assert run() == ([], [])
    assert stale(NOVEMBER) == []
    assert Series.objects.get().last == 1


def test_a_month_that_is_not_over_is_not_invoiced(books: Books) -> None:
    books.answered(["recorded"])
    with pytest.raises(MonthNotOver):
        run(NOVEMBER, at=datetime(2026, 11, 30, 22, 59, tzinfo=UTC))
    assert len(run(NOVEMBER, at=datetime(2026, 11, 30, 23, 0, tzinfo=UTC)).issued) == 1


def test_a_pharmacy_without_tests_gets_no_invoice(books: Books) -> None:
    books.answered(["duplicate", "refused"])
    assert run() == ([], [])


def test_numbers_follow_each_other_over_pharmacies_and_begin_anew_each_year(books: Books, other: Place) -> None:
    bridge = Books(other).identified(LILAS._replace(name="Pharmacie du Pont"))
    books.answered(["recorded"])
    bridge.answered(["recorded"])
    run()
    books.answered(["recorded"], at=FIRST_OF_DECEMBER)
    run(DECEMBER, at=JANUARY)
    assert numbers() == ["2026-00001", "2026-00002", "2027-00001"]


def test_what_fails_uses_no_number_and_keeps_nobody_else_from_theirs(
    books: Books, other: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge = Books(other).identified(LILAS._replace(name="Pharmacie du Pont"))
    books.answered(["recorded"])
    bridge.answered(["recorded"])
    with monkeypatch.context() as patched:
        patched.setattr(cii, "xml", wrong_for("Pharmacie du Pont"))
        ran = run()
    assert [str(one.pharmacy.name) for one in ran.failed] == ["Pharmacie du Pont"]
    assert isinstance(ran.failed[0].why, InvoiceInvalid)
    assert "BR-CO-15" in str(ran.failed[0].why)
    assert numbers() == ["2026-00001"]
    assert len(run().issued) == 1
    assert numbers() == ["2026-00001", "2026-00002"]


def wrong_for(name: str) -> Any:
    right = cii.xml

    def xml(document: Document) -> bytes:
        told = right(document)
        return told.replace(b"GrandTotalAmount>1.20", b"GrandTotalAmount>1.30") if document.buyer.name == name else told

    return xml


def test_without_a_billing_identity_the_tests_wait_and_are_invoiced_when_there_is_one(lilas: Place) -> None:
    books = Books(lilas)
    books.answered(["recorded"])
    [failed] = run().failed
    assert isinstance(failed.why, NoBillingIdentity)
    assert queries.waiting(lilas.pharmacy, DECEMBER) == [(NOVEMBER, 1)]
    books.identified().answered(["recorded"], at=FIRST_OF_DECEMBER)
    assert [one.month for one in run(DECEMBER, at=JANUARY).issued] == [NOVEMBER, DECEMBER]
    assert queries.waiting(lilas.pharmacy, date(2027, 1, 1)) == []


def test_a_test_cancelled_after_the_invoice_is_credited_once_at_the_invoices_vat(books: Books, settings: Settings) -> None:
    rows = books.answered(["recorded"] * 3)
    [invoice] = run().issued
    cancelled(rows[:2])
    settings.BILLING = ISSUER | FRANCHISE
    with acting("counter_worker"):
        [credit] = run(DECEMBER, at=JANUARY).issued
    assert (credit.kind, credit.credits, credit.tests, credit.gross) == (Kind.CREDIT_NOTE, invoice, 2, Decimal("2.40"))
    assert b"2026-00001" in facturx.get_facturx_xml_from_pdf(bytes(credit.pdf))[1]
    assert run(DECEMBER, at=JANUARY) == ([], [])
    cancelled(rows)
    assert [one.tests for one in run(DECEMBER, at=JANUARY).issued] == [1]


def test_a_test_cancelled_before_the_invoice_is_neither_invoiced_nor_credited(books: Books) -> None:
    cancelled(books.answered(["recorded"] * 2)[:1])
    assert [one.tests for one in run().issued] == [1]
    assert run(DECEMBER, at=JANUARY) == ([], [])


def test_a_small_platform_charges_no_vat_and_says_why(books: Books, settings: Settings) -> None:
    settings.BILLING = ISSUER | FRANCHISE
    books.answered(["recorded"])
    [invoice] = run().issued
    assert (invoice.tax, invoice.gross) == (Decimal(0), Decimal(1))
    assert FRANCHISE["VAT_EXEMPTION"] in PdfReader(io.BytesIO(bytes(invoice.pdf))).pages[0].extract_text()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"NAME": ""}, "BILLING_NAME"),
        ({"SIRET": "73282932000075"}, "BILLING_SIRET"),
        ({"IBAN": "FR7630006000011234567890188"}, "BILLING_IBAN"),
        ({"VAT_NUMBER": ""}, "BILLING_VAT_NUMBER"),
        ({"VAT_RATE": "twenty"}, "BILLING_VAT_RATE"),
        ({"VAT_RATE": "0"}, "BILLING_VAT_EXEMPTION"),
    ],
)
def test_an_issuer_who_is_not_told_right_issues_nothing_and_hears_which_setting(
    books: Books, settings: Settings, wrong: dict[str, str], named: str
) -> None:
    books.answered(["recorded"])
    settings.BILLING = ISSUER | wrong
    with pytest.raises(IssuerIncomplete, match=named):
        run()
    assert numbers() == []


def test_an_invoice_and_its_mark_in_the_log_are_kept_together_or_not_at_all(books: Books) -> None:
    books.answered(["recorded"])
    break_table("audit_entry")
    with pytest.raises(Error), transaction.atomic():
        run()
    mend_table("audit_entry")
    assert numbers() == []
    [invoice] = run().issued
    assert [(one.event, one.by) for one in Entry.objects.filter(subject=f"invoice:{invoice.id}")] == [
        ("invoice-issued", "system:billing")
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "update billing_invoice set net = 0",
        "update billing_invoice set pdf = ''",
        "update billing_invoice set number = '2026-00009'",
        "delete from billing_charge; delete from billing_invoice",
        "set constraints all immediate; truncate billing_invoice cascade",
    ],
)
def test_postgresql_keeps_an_invoice_as_it_was_issued_from_everybody(books: Books, statement: str) -> None:
    books.answered(["recorded"])
    run()
    with pytest.raises(Error, match="as it was issued"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_is_paid_has_a_day_and_another_day_is_refused(books: Books) -> None:
    books.answered(["recorded"])
    [invoice] = run().issued
    day = date(2026, 12, 20)
    for _ in range(2):
        actions.mark_paid(invoice.number, issuer=invoice.issuer, on=day, by="operator", at=JANUARY)
    with pytest.raises(AlreadyPaid):
        actions.mark_paid(invoice.number, issuer=invoice.issuer, on=day + timedelta(days=1), by="operator", at=JANUARY)
    with pytest.raises(Invoice.DoesNotExist):
        actions.mark_paid("2026-00002", issuer=invoice.issuer, on=day, by="operator", at=JANUARY)
    assert Invoice.objects.get().paid_on == day
    assert Entry.objects.filter(event="invoice-paid").count() == 1


def test_the_job_of_the_first_days_makes_last_months_once(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    books.answered(["recorded"])
    monkeypatch.setattr(timezone, "now", lambda: FIRST_OF_DECEMBER)
    with acting("counter_worker"):
        job.monthly(0)
        job.monthly(0)
    assert numbers() == ["2026-00001"]


def test_an_installation_without_an_issuer_goes_on_without_invoices(books: Books, settings: Settings) -> None:
    settings.BILLING = dict.fromkeys(ISSUER, "")
    job.monthly(0)
    assert numbers() == []


@pytest.mark.parametrize("tests", [1, 40])
def test_it_takes_as_many_questions_however_many_tests_there_are(
    books: Books, tests: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    books.answered(["recorded"] * tests)
    with django_assert_num_queries(QUERIES):
        run()
    assert Charge.objects.filter(invoice__isnull=False).count() == tests


QUERIES = 15
