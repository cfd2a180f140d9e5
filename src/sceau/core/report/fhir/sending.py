"""What surrounds a report in a foreign bundle: who sent it, under which number, when, whether in earnest, and what nobody here reads.

Follows FHIR R4 messaging, and the tags that HL7 v2 converters keep (processing id, table 0103).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sceau.core.report.errors import Trouble
from sceau.core.report.fhir import profile
from sceau.core.report.fhir.contents import Contents, Found, walk
from sceau.core.report.fhir.notes import Notes
from sceau.core.report.fhir.resources import KINDS, DiagnosticReport, Identifier, MessageHeader, Meta, Specimen
from sceau.core.report.fhir.screening import orders
from sceau.core.report.fhir.text import Tree
from sceau.core.report.fhir.values import moment

Surplus = Mapping[str, list[str]]
_BEST_FIRST = ("FILL", "PLAC")  # v2-0203: the number of who did the test, of who asked for it


def sender(contents: Contents) -> str | None:
    """Who sent the bundle, as its message header says."""
    header = contents.first(MessageHeader)
    source = header.resource.source if header else None
    return (source.endpoint or source.name or None) if source else None


def refuse_tests(contents: Contents, notes: Notes) -> None:
    """Notes a bundle that says it is no production message."""
    header = contents.first(MessageHeader)
    metas = [("Bundle.meta", contents.bundle.meta), ("MessageHeader.meta", header.resource.meta if header else None)]
    for where, meta in metas:
        for code in _test_codes(meta):
            notes.refuse(Trouble.NOT_FOR_PRODUCTION, where, code)


def _test_codes(meta: Meta | None) -> Iterable[str]:
    for label in (*meta.tag, *meta.security) if meta else ():
        if (label.code in ("D", "T") and label.system in profile.PRODUCTION_SYSTEMS) or label.code == profile.TEST_DATA:
            yield label.code or ""


def issued(report: Found[DiagnosticReport], contents: Contents, notes: Notes) -> datetime | None:
    """When this version was given out; a report that does not say it was, at the latest, when the bundle was."""
    where = f"{report.label}.issued"
    if report.resource.issued:
        return moment(report.resource.issued, where=where, notes=notes)
    if contents.bundle.timestamp:
        return moment(contents.bundle.timestamp, where="Bundle.timestamp", notes=notes)
    notes.refuse(Trouble.MISSING, where)
    return None


def accession(report: Found[DiagnosticReport], contents: Contents, notes: Notes) -> str | None:
    """The sender's own number: the report's, or else its order's, or else its specimen's."""
    numbers = [report.resource.identifier, *(order.resource.identifier for order in orders(report, contents, notes))]
    where = f"{report.label}.specimen"
    for _, specimen in contents.follow_all(report.resource.specimen, (Specimen,), where=where, notes=notes):
        given = specimen.accession_identifier
        numbers += [(given,) if given else (), specimen.identifier]
    return next(filter(None, map(_best, numbers)), None)


def _best(numbers: Iterable[Identifier]) -> str | None:
    """The filler's number, or else the placer's, or else the first."""
    ranked = {_rank(number): number.value for number in reversed(list(numbers)) if number.value}
    return ranked[min(ranked)] if ranked else None


def _rank(number: Identifier) -> int:
    codes = [coding.code for coding in number.type.coding] if number.type else []
    return min([place for place, code in enumerate(_BEST_FIRST) if code in codes], default=len(_BEST_FIRST))


def surplus(tree: Tree, unread: list[str]) -> Surplus:
    """What nobody here reads, by kind of place: resource types, extensions, observations that no report refers to."""
    resources = [entry["resource"] for entry in tree["entry"]]
    types = [resource["resourceType"] for resource in resources if resource["resourceType"] not in KINDS]
    read = [resource for resource in resources if resource["resourceType"] in KINDS]
    urls = [url for resource in read for _, node in walk(resource, "") for url in _foreign(node)]
    found = {"Bundle.entry.resource": types, "extension": urls, "Observation": unread}
    return {where: details for where, details in found.items() if details}


def _foreign(node: Tree) -> list[str]:
    extensions = node.get("extension")
    listed = extensions if isinstance(extensions, list) else []
    urls = [str(extension.get("url")) for extension in listed if isinstance(extension, dict)]
    return [url for url in urls if url not in profile.EXTENSIONS]
