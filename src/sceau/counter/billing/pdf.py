"""An invoice on paper and for machines at once: a page as PDF/A-3b with its XML inside, which is Factur-X.

Fonts are embedded, as PDF/A asks: DejaVu Sans, free, which Debian brings with Pango, and without which nothing is made.
"""

from typing import Any

import facturx
from django.template.loader import render_to_string

from sceau.counter.billing.cii import item, notes
from sceau.counter.billing.document import Document, Kind
from sceau.counter.billing.errors import NotIssued
from sceau.counter.billing.rules import LEVEL

_FONT = b"+DejaVu-Sans"


def pdf(document: Document, xml: bytes) -> bytes:
    """The page of `document`, in the language that is active, with `xml`, which has been checked."""
    made: bytes = facturx.generate_from_binary(
        page(document),
        xml,
        flavor="factur-x",
        level=LEVEL,
        check_xsd=False,
        check_schematron=False,
        pdf_metadata=_about(document),
        lang="fr-FR",
        afrelationship="alternative",
    )
    _check_font(made)
    return made


def check_setting() -> None:
    """Whether this machine can set an invoice. Raises `NotIssued`, which says what to install."""
    _check_font(_html()(string="<p style='font-family: DejaVu Sans'>1</p>").write_pdf(uncompressed_pdf=True))


def page(document: Document) -> bytes:
    """The page alone."""
    told = {"invoice": document, "credit": document.kind is Kind.CREDIT_NOTE, "item": item(), "notes": notes().values()}
    made: bytes = _html()(string=render_to_string("billing/invoice.html", told)).write_pdf(pdf_variant="pdf/a-3b")
    return made


def _about(document: Document) -> dict[str, str]:
    title = f"{document.issuer.party.name}: {document.number}"
    return {"author": document.issuer.party.name, "keywords": "Factur-X", "title": title, "subject": title}


def _check_font(made: bytes) -> None:
    if _FONT not in made:
        raise NotIssued("the font DejaVu Sans is missing on this machine: install fonts-dejavu-core")


def _html() -> Any:
    """WeasyPrint loads Pango when it is imported: only here, so that a counter without invoices does without."""
    try:
        from weasyprint import HTML
    except OSError:
        raise NotIssued(
            "Pango is missing on this machine: install libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0"
        ) from None
    return HTML
