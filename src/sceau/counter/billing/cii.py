"""An invoice as UN/CEFACT Cross Industry Invoice (D22B), profile EN 16931 of Factur-X 1.0, with what the French reform adds
(electronic addresses, the notes on late payment). The numbers BT-… in comments are those of EN 16931. Pure.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree
from lxml.builder import ElementMaker

from sceau.counter.billing.document import Document, Line, Party, Vat

_RSM, _RAM, _UDT = (
    "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
)
_PROFILE = "urn:cen.eu:en16931:2017"
_PROCESS = "S1"
"""BT-23, as the French reform lists them: an invoice of services, not paid yet."""
_SIREN, _SIRET, _DIRECTORY = "0002", "0009", "0225"
"""Schemes of ISO 6523: legal registration, establishment, address in the French directory."""
_PIECE, _CREDIT_TRANSFER = "C62", "30"

_rsm = ElementMaker(namespace=_RSM, nsmap={"rsm": _RSM, "ram": _RAM, "udt": _UDT})
_ram, _udt = ElementMaker(namespace=_RAM), ElementMaker(namespace=_UDT)
Node = Any  # lxml has no types


def xml(document: Document) -> bytes:
    """The invoice, in the order that the schema asks for; texts in the language that is active."""
    root = _rsm.CrossIndustryInvoice(
        _rsm.ExchangedDocumentContext(
            _ram.BusinessProcessSpecifiedDocumentContextParameter(_ram.ID(_PROCESS)),
            _ram.GuidelineSpecifiedDocumentContextParameter(_ram.ID(_PROFILE)),
        ),
        _rsm.ExchangedDocument(
            _ram.ID(document.number), _ram.TypeCode(document.kind.value), _day("IssueDateTime", document.issued), *_notes()
        ),
        _rsm.SupplyChainTradeTransaction(
            *(_line(number, line, document.issuer.vat) for number, line in enumerate(document.lines, 1)),
            _agreement(document),
            _ram.ApplicableHeaderTradeDelivery(),
            _settlement(document),
        ),
    )
    told: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return told


def notes() -> dict[str, str]:
    """What French law wants said of discount, late payment and the costs of recovery (Code de commerce, L441-9, D441-5)."""
    return {
        "AAB": _("No discount for early payment."),
        "PMD": _("Late payment: three times the legal rate of interest."),
        "PMT": _("Late payment: a fixed indemnity of EUR 40 for the costs of recovery."),
    }


def _notes() -> Iterator[Node]:
    for code, text in notes().items():
        yield _ram.IncludedNote(_ram.Content(text), _ram.SubjectCode(code))


def item() -> str:
    return _("Screening test relayed to the national registry and recorded there")


def _line(number: int, line: Line, vat: Vat) -> Node:
    return _ram.IncludedSupplyChainTradeLineItem(
        _ram.AssociatedDocumentLineDocument(_ram.LineID(str(number))),
        _ram.SpecifiedTradeProduct(_ram.Name(item())),
        _ram.SpecifiedLineTradeAgreement(_ram.NetPriceProductTradePrice(_ram.ChargeAmount(_euros(line.price)))),
        _ram.SpecifiedLineTradeDelivery(_ram.BilledQuantity(str(line.tests), unitCode=_PIECE)),
        _ram.SpecifiedLineTradeSettlement(
            _ram.ApplicableTradeTax(
                _ram.TypeCode("VAT"), _ram.CategoryCode(vat.category), _ram.RateApplicablePercent(_euros(vat.rate))
            ),
            _ram.SpecifiedTradeSettlementLineMonetarySummation(_ram.LineTotalAmount(_euros(line.total))),
        ),
    )


def _agreement(document: Document) -> Node:
    return _ram.ApplicableHeaderTradeAgreement(
        _ram.BuyerReference(f"FINESS {document.finess}"),  # BT-10
        _ram.SellerTradeParty(*_party(document.issuer.party, seller=True)),
        _ram.BuyerTradeParty(*_party(document.buyer)),
    )


def _party(party: Party, *, seller: bool = False) -> Iterator[Node]:
    yield _ram.GlobalID(party.siret, schemeID=_SIRET)
    yield _ram.Name(party.name)
    yield _ram.SpecifiedLegalOrganization(_ram.ID(party.siren, schemeID=_SIREN))
    place = party.address
    yield _ram.PostalTradeAddress(
        _ram.PostcodeCode(place.postcode), _ram.LineOne(place.street), _ram.CityName(place.city), _ram.CountryID("FR")
    )
    yield _ram.URIUniversalCommunication(_ram.URIID(party.endpoint, schemeID=_DIRECTORY))
    if party.vat_number:
        yield _ram.SpecifiedTaxRegistration(_ram.ID(party.vat_number, schemeID="VA"))
    elif seller:  # BT-32: who charges no VAT has another number of the tax office (BR-E-02)
        yield _ram.SpecifiedTaxRegistration(_ram.ID(party.siren, schemeID="FC"))


def _settlement(document: Document) -> Node:
    return _ram.ApplicableHeaderTradeSettlement(
        _ram.PaymentReference(document.number),
        _ram.InvoiceCurrencyCode("EUR"),
        _ram.SpecifiedTradeSettlementPaymentMeans(
            _ram.TypeCode(_CREDIT_TRANSFER), _ram.PayeePartyCreditorFinancialAccount(_ram.IBANID(document.issuer.iban))
        ),
        _tax(document),
        _ram.BillingSpecifiedPeriod(_day("StartDateTime", document.month), _day("EndDateTime", document.month_end)),
        _ram.SpecifiedTradePaymentTerms(_day("DueDateDateTime", document.due)),
        _ram.SpecifiedTradeSettlementHeaderMonetarySummation(
            _ram.LineTotalAmount(_euros(document.net)),
            _ram.TaxBasisTotalAmount(_euros(document.net)),
            _ram.TaxTotalAmount(_euros(document.tax), currencyID="EUR"),
            _ram.GrandTotalAmount(_euros(document.gross)),
            _ram.DuePayableAmount(_euros(document.gross)),
        ),
        *_credited(document),
    )


def _tax(document: Document) -> Node:
    vat = document.issuer.vat
    return _ram.ApplicableTradeTax(
        _ram.CalculatedAmount(_euros(document.tax)),
        _ram.TypeCode("VAT"),
        *([_ram.ExemptionReason(vat.exemption)] if vat.exemption else []),
        _ram.BasisAmount(_euros(document.net)),
        _ram.CategoryCode(vat.category),
        _ram.RateApplicablePercent(_euros(vat.rate)),
    )


def _credited(document: Document) -> Iterator[Node]:
    if document.credits:
        issued = etree.Element(f"{{{_RAM}}}FormattedIssueDateTime")
        text = etree.SubElement(issued, "{urn:un:unece:uncefact:data:standard:QualifiedDataType:100}DateTimeString", format="102")
        text.text = f"{document.credits.issued:%Y%m%d}"
        yield _ram.InvoiceReferencedDocument(_ram.IssuerAssignedID(document.credits.number), issued)


def _day(name: str, day: date) -> Node:
    element: Node = _ram(name, _udt.DateTimeString(f"{day:%Y%m%d}", format="102"))
    return element


def _euros(amount: Decimal) -> str:
    return f"{amount:.2f}"
