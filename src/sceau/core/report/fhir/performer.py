"""Organization, Practitioner, PractitionerRole: who tested. A number has no meaning without the system that gave it.

Follows FHIR R4 and the French directories' identifier systems. A number without a system belongs to the sender's own numbering;
without a sender either it is refused.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sceau.core.codes.identifiers import Finess, ForeignIdentifier, Rpps
from sceau.core.report import model
from sceau.core.report.errors import Trouble
from sceau.core.report.fhir import profile
from sceau.core.report.fhir.contents import Contents, Found
from sceau.core.report.fhir.notes import Notes
from sceau.core.report.fhir.paths import built
from sceau.core.report.fhir.resources import Identifier, Organization, Practitioner, PractitionerRole, Reference

_KINDS = (Organization, Practitioner, PractitionerRole)


class Named(NamedTuple):
    """References to performers, and where they were given."""

    where: str
    references: tuple[Reference, ...]


def read_performer(
    candidates: Iterable[Named], contents: Contents, *, sender: str | None, notes: Notes
) -> model.Performer | None:
    """The performer that the first candidates naming an organisation tell of, or None with the problem noted."""
    rpps, before = None, len(notes.problems)
    for named in candidates:
        organization, practitioner = _team(named, contents, notes)
        if practitioner is not None and rpps is None:
            rpps = _rpps(practitioner, notes)
        if organization is not None:
            return _performer(organization, rpps, sender, notes)
    if len(notes.problems) == before:
        notes.refuse(Trouble.MISSING, "DiagnosticReport.performer")
    return None


def _team(named: Named, contents: Contents, notes: Notes) -> tuple[Found[Organization] | None, Found[Practitioner] | None]:
    """The first organisation and the first practitioner among the references, roles followed."""
    organizations: list[Found[Organization] | None] = []
    practitioners: list[Found[Practitioner] | None] = []
    for label, resource in contents.follow_all(named.references, _KINDS, where=named.where, notes=notes):
        if isinstance(resource, Organization):
            organizations.append(Found(label, resource))
        elif isinstance(resource, Practitioner):
            practitioners.append(Found(label, resource))
        elif isinstance(resource, PractitionerRole):
            role = f"{label}.organization", f"{label}.practitioner"
            organizations.append(contents.follow(resource.organization, Organization, where=role[0], notes=notes))
            practitioners.append(contents.follow(resource.practitioner, Practitioner, where=role[1], notes=notes))
    return next(filter(None, organizations), None), next(filter(None, practitioners), None)


def _rpps(found: Found[Practitioner], notes: Notes) -> Rpps | None:
    where = f"{found.label}.identifier"
    for number in found.resource.identifier:
        if number.system in profile.RPPS_SYSTEMS:
            return notes.code(Rpps, number.value or "", where=where)
    if found.resource.identifier:
        notes.leave_out(where, *(number.system for number in found.resource.identifier))
    return None


def _performer(found: Found[Organization], rpps: Rpps | None, sender: str | None, notes: Notes) -> model.Performer | None:
    label, organization = found
    finess, foreign, before = None, None, len(notes.problems)
    for number in organization.identifier:
        if number.system in profile.FINESS_SYSTEMS:
            finess = finess or notes.code(Finess, number.value or "", where=f"{label}.identifier")
        elif number.value and foreign is None and (system := _system(number) or sender):
            given = number.value
            foreign = notes.code(lambda value: ForeignIdentifier(system, value), given, where=f"{label}.identifier")
    if len(notes.problems) > before:
        return None
    name = organization.name or ""
    return built(lambda: model.Performer(name=name, finess=finess, rpps=rpps, foreign=foreign), notes)


def _system(number: Identifier) -> str | None:
    """What gives the number its meaning: its system, or a type that is one."""
    if number.system or number.type is None:
        return number.system
    types = (profile.KNOWN_TYPES.get(coding.code or "") for coding in number.type.coding)
    return next(filter(None, types), None) or number.type.text
