"""An invoice says what the law and EN 16931 want, and one that adds up wrongly is found out before it is issued."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from lxml import etree
from tests.counter.billing.books import LILAS

from sceau.counter.billing import cii, rules
from sceau.counter.billing.document import Address, Document, Issuer, Kind, Line, Party, Reference, Vat
from sceau.counter.billing.errors import InvoiceInvalid

SELLER = Party("Sceau Éditions", "73282932000074", "FR44732829320", Address("1 rue du Sceau", "75001", "PARIS"), "732829320")
TWENTY = Vat(Decimal(20))
FRANCHISE = Vat(Decimal(0), "TVA non applicable, art. 293 B du CGI")
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"


def document(kind: Kind = Kind.INVOICE, vat: Vat = TWENTY, lines: tuple[Line, ...] = (Line(340, 100), Line(12, 80))) -> Document:
    seller = SELLER if vat.rate else SELLER._replace(vat_number="")
    issuer = Issuer(seller, "FR7630006000011234567890189", vat, timedelta(days=30))
    about = Reference("2026-00001", date(2026, 11, 1)) if kind is Kind.CREDIT_NOTE else None
    return Document(kind, "2026-00002", date(2026, 12, 1), date(2026, 11, 1), issuer, LILAS, "750123457", lines, about)


def xml(told: Document) -> bytes:
    with translation.override("fr"):
        return cii.xml(told)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("vat", [TWENTY, FRANCHISE, Vat(Decimal("5.5"))], ids=["twenty", "franchise", "reduced"])
@pytest.mark.parametrize("lines", [(Line(1, 100),), (Line(340, 100), Line(12, 80)), (Line(99_999, 33),)])
def test_every_kind_of_invoice_passes_schema_and_rules(kind: Kind, vat: Vat, lines: tuple[Line, ...]) -> None:
    rules.check(xml(document(kind, vat, lines)))


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("GrandTotalAmount>419.52", "GrandTotalAmount>419.53", "BR-CO-15"),
        ("DuePayableAmount>419.52", "DuePayableAmount>419.53", "BR-CO-16"),
        ("<ram:LineTotalAmount>349.60", "<ram:LineTotalAmount>349.61", "BR-CO-10"),
        ("TaxBasisTotalAmount>349.60", "TaxBasisTotalAmount>349.61", "BR-CO-13"),
        ("CalculatedAmount>69.92", "CalculatedAmount>69.93", "BR-CO-14"),
        ("RateApplicablePercent>20.00", "RateApplicablePercent>0.00", "BR-S-05"),
    ],
)
def test_a_wrong_total_is_found_out_and_the_right_one_passes(right: str, wrong: str, rule: str) -> None:
    told = xml(document())
    rules.check(told)
    with pytest.raises(InvoiceInvalid, match=rule):
        rules.check(told.replace(right.encode(), wrong.encode()))


@pytest.mark.parametrize(
    ("party", "rule"),
    [({"name": ""}, "BR-07"), ({"endpoint": ""}, "BR-FR|PEPPOL|BR-63|XSD"), ({"siret": "1", "endpoint": "1"}, "BR-FR")],
)
def test_a_customer_without_name_or_number_is_found_out(party: dict[str, Any], rule: str) -> None:
    with pytest.raises(InvoiceInvalid, match=rule):
        rules.check(xml(document()._replace(buyer=LILAS._replace(**party))))


def test_what_is_no_invoice_is_refused_by_the_schema() -> None:
    with pytest.raises(InvoiceInvalid, match="XSD"):
        rules.check(xml(document()).replace(b"DuePayableAmount", b"OwedAmount"))


def test_the_franchise_is_said_and_no_vat_is_charged() -> None:
    told = etree.fromstring(xml(document(vat=FRANCHISE)))
    assert told.findtext(f".//{RAM}ExemptionReason") == FRANCHISE.exemption
    assert told.findtext(f".//{RAM}CategoryCode") == "E"
    assert told.findtext(f".//{RAM}TaxTotalAmount") == "0.00"


def test_a_credit_note_names_its_invoice_and_an_invoice_names_none() -> None:
    assert etree.fromstring(xml(document(Kind.CREDIT_NOTE))).findtext(f".//{RAM}InvoiceReferencedDocument/{RAM}IssuerAssignedID")
    assert etree.fromstring(xml(document())).find(f".//{RAM}InvoiceReferencedDocument") is None


def test_vat_is_rounded_once_a_cent_half_up() -> None:
    told = document(lines=(Line(1, 33),), vat=Vat(Decimal("5.5")))
    assert (told.net, told.tax, told.gross) == (Decimal("0.33"), Decimal("0.02"), Decimal("0.35"))
    assert document(lines=(Line(1, 10),), vat=Vat(Decimal(5))).tax == Decimal("0.01")
