"""Patient and performer in foreign bundles: identity is strict, the rest is kept where it is understood."""

from typing import Any

import pytest
from tests.core.report.fhir_bundles import SNOMED, bundle, concept, refusals, screening, taken, to, warnings

from sceau.core.codes.identifiers import ForeignIdentifier
from sceau.core.report.errors import Trouble
from sceau.core.report.model import Patient, Sex

FINESS = {"system": "urn:oid:1.2.250.1.71.4.2.2", "value": "690001235"}


def patient(*changes: Any) -> Patient:
    return screening(bundle(*changes)).patient


def test_the_person_is_read() -> None:
    read = patient()
    assert (read.family, read.given, str(read.birth_date), read.sex) == ("Exemple", ("Inès", "Marie"), "1995-03-07", Sex.FEMALE)
    assert read.ins is not None
    assert read.department == "69"


@pytest.mark.parametrize(
    ("changes", "trouble", "where"),
    [
        (("Patient.name", None), Trouble.MISSING, "Patient.name"),
        (("Patient.name", [{"text": "Inès Exemple"}]), Trouble.MISSING, "Patient.name"),
        (("Patient.name", [{"use": "old", "family": "Exemple", "given": ["Inès"]}]), Trouble.MISSING, "Patient.name"),
        (("Patient.name.0.family", None), Trouble.MISSING, "Patient.name.family"),
        (("Patient.name.0.given", None), Trouble.MISSING, "Patient.name.given"),
        (("Patient.name.0.family", "E" * 101), Trouble.TOO_LONG, "Patient.name.family"),
        (("Patient.name.0.family", "Ex\nemple"), Trouble.CONTROL_CHARACTER, "Patient.name.family"),
        (("Patient.name.0.family", "Ex\0emple"), Trouble.CONTROL_CHARACTER, "Patient.name.family"),
        (("Patient.name", "Exemple"), Trouble.BAD_SHAPE, "Patient.name"),
        (("Patient.birthDate", None), Trouble.MISSING, "Patient.birthDate"),
        (("Patient.birthDate", "1995-03"), Trouble.UNREADABLE, "Patient.birthDate"),
        (("Patient.birthDate", "1995-02-30"), Trouble.UNREADABLE, "Patient.birthDate"),
        (("Patient.birthDate", "1795-03-07"), Trouble.UNREADABLE, "Patient.birthDate"),
        (("Patient.gender", "F"), Trouble.UNKNOWN_VALUE, "Patient.gender"),
        (("Patient.identifier.0.value", "188046912345673"), Trouble.BAD_CHECK_DIGIT, "Patient.identifier"),
        (("Patient.identifier.0.value", "1880469"), Trouble.BAD_SHAPE, "Patient.identifier"),
        (
            ("Patient.identifier", 2 * [{"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "188046912345672"}]),
            Trouble.DUPLICATE_ID,
            "Patient.identifier",
        ),
        (("DiagnosticReport.subject", None), Trouble.MISSING, "DiagnosticReport.subject"),
        (("Organization.name", None), Trouble.MISSING, "Organization.name"),
        (("Organization.identifier", None), Trouble.NO_IDENTIFIER, "Organization.identifier"),
        (("Organization.identifier", [{**FINESS, "value": "690001234"}]), Trouble.BAD_CHECK_DIGIT, "Organization.identifier"),
        (("Organization.identifier", [{**FINESS, "value": "69"}]), Trouble.BAD_SHAPE, "Organization.identifier"),
        (("result.performer", None), Trouble.MISSING, "DiagnosticReport.performer"),
    ],
)
def test_a_person_or_a_laboratory_that_is_not_known_is_refused(changes: tuple[Any, ...], trouble: Trouble, where: str) -> None:
    assert [(found, place) for found, place, _ in refusals(bundle(*changes))] == [(trouble, where)]


def test_no_refusal_repeats_what_a_persons_field_holds() -> None:
    data = bundle(
        "Patient.name.0.family", "SECRETSECRET" * 20, "Patient.birthDate", "SECRET", "Patient.identifier.0.value", "SECRET"
    )
    assert "SECRET" not in str(refusals(data))


def test_without_a_sex_it_is_unknown() -> None:
    assert patient("Patient.gender", None).sex is Sex.UNKNOWN


def test_birth_names_and_names_in_use_are_told_apart() -> None:
    names = [
        {"use": "usual", "family": "Modèle", "given": ["Marie"]},
        {"use": "official", "family": "Exemple", "given": ["Inès"]},
        {"use": "nickname", "given": ["Nini"]},
    ]
    read = patient("Patient.name", names)
    assert (read.family, read.given, read.used_family, read.used_given) == ("Exemple", ("Inès",), "Modèle", "Marie")


def test_other_numbers_of_the_patient_are_left_out() -> None:
    data = bundle("Patient.identifier", [{"system": "urn:oid:1.2.3.4", "value": "77"}])
    assert screening(data).patient.ins is None
    assert warnings(data) == {"Patient.identifier": "urn:oid:1.2.3.4"}


@pytest.mark.parametrize(
    ("country", "state", "postal_code", "department"),
    [
        ("FR", None, "69003", "69"),
        ("FRA", None, "20200", "2B"),
        ("France", None, "97133", "977"),
        ("REU", None, "97400", "974"),
        ("USA", "CA", "69003", "outside"),
        ("DE", None, "69003", "outside"),
        (None, "CA", "69003", "outside"),
        (None, None, "69003", None),
        (None, "IG", "69003", None),
        ("FR", None, "Lyon", None),
    ],
)
def test_only_a_country_says_where_a_postal_code_lies(
    country: str | None, state: str | None, postal_code: str, department: str | None
) -> None:
    address = {"postalCode": postal_code, "country": country, "state": state}
    said = {key: value for key, value in address.items() if value}
    assert patient("Patient.address", [said]).department == department


@pytest.mark.parametrize(("said", "department"), [("2A", "2A"), ("outside", "outside")])
def test_our_own_extension_overrules_the_address(said: str, department: str) -> None:
    assert patient("Patient.extension", [{"url": "urn:sceau:fhir:department", "valueCode": said}]).department == department


def test_a_former_address_is_not_theirs() -> None:
    addresses = [{"use": "old", "city": "Paris"}, {"use": "home", "city": "Lyon"}]
    home = patient("Patient.address", addresses).address
    assert home is not None
    assert home.city == "Lyon"


@pytest.mark.parametrize(
    ("number", "country", "read"),
    [
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("(202) 555 0143", "USA", "(202) 555 0143"),
        ("+1 202 555 0143", "USA", "+12025550143"),
    ],
)
def test_telephone_numbers(number: str, country: str, read: str) -> None:
    contacts = [{"system": "email", "value": "ines@example.org"}, {"system": "phone", "value": number}]
    person = patient("Patient.telecom", contacts, "Patient.address.0.country", country)
    assert (person.phone, person.email) == (read, "ines@example.org")


def test_birth_place_from_the_standard_extension() -> None:
    url = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
    assert patient("Patient.extension", [{"url": url, "valueAddress": {"city": "Lyon"}}]).birth_place == "Lyon"


@pytest.mark.parametrize(
    ("identifier", "foreign"),
    [
        ({"system": "urn:oid:1.2.3.4", "value": "7"}, ForeignIdentifier("urn:oid:1.2.3.4", "7")),
        ({"type": {"coding": [{"code": "CLIA"}]}, "value": "7"}, ForeignIdentifier("urn:oid:2.16.840.1.113883.4.7", "7")),
        ({"type": {"text": "Labornummer"}, "value": "7"}, ForeignIdentifier("Labornummer", "7")),
        ({"value": "7"}, ForeignIdentifier("urn:oid:1.2.3.9", "7")),
    ],
    ids=["system", "clia", "words", "sender"],
)
def test_a_number_keeps_the_system_that_gave_it(identifier: dict[str, Any], foreign: ForeignIdentifier) -> None:
    assert screening(bundle("Organization.identifier", [identifier])).performer.foreign == foreign


def test_a_number_without_a_system_or_a_sender_is_refused() -> None:
    data = bundle("Organization.identifier", [{"value": "7"}], "MessageHeader", None)
    assert refusals(data) == [(Trouble.NO_IDENTIFIER, "Organization.identifier", "")]


def test_a_french_laboratory_is_known_by_its_finess() -> None:
    for system in (FINESS["system"], "https://finess.esante.gouv.fr"):
        performer = screening(bundle("Organization.identifier", [{**FINESS, "system": system}])).performer
        assert (performer.finess, performer.foreign) == ("690001235", None)


def test_performer_through_the_report_a_role_or_the_order() -> None:
    role: dict[str, Any] = {"practitioner": to("Practitioner/1"), "organization": to("Organization/1")}
    number: dict[str, Any] = {"identifier": [{"system": "https://rpps.esante.gouv.fr", "value": "81000123455"}]}
    added = {"PractitionerRole": role, "Practitioner": number}
    by_role = bundle("DiagnosticReport.performer", [to("PractitionerRole/1")], **added)
    assert screening(by_role).performer.rpps == "81000123455"
    by_order = bundle("result.performer", None, "ServiceRequest.performer", [to("Organization/1")])
    assert screening(by_order).performer.name == "Labo Exemple"


def test_a_mistaken_rpps_is_refused() -> None:
    number = {"identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "81000123456"}]}
    data = bundle("DiagnosticReport.performer", [to("Practitioner/1"), to("Organization/1")], Practitioner=number)
    assert refusals(data) == [(Trouble.BAD_CHECK_DIGIT, "Practitioner.identifier", "")]


@pytest.mark.parametrize("part", ["result", "symptoms", "Specimen"])
def test_what_belongs_to_somebody_else_is_refused(part: str) -> None:
    twin = {"resourceType": "Patient", "name": [{"family": "Exemple", "given": ["Hugo"]}], "birthDate": "1995-03-07"}
    assert taken(bundle(twin=twin)).screening == screening(bundle())
    [(trouble, where, _)] = refusals(bundle(f"{part}.subject", to("Patient/twin"), twin=twin))
    assert trouble is Trouble.RESULT_FOREIGN
    assert where.endswith(".subject")


def test_a_subject_that_is_no_person_is_refused() -> None:
    data = bundle("DiagnosticReport.subject", to("Device/1"))
    assert refusals(data) == [(Trouble.BAD_SHAPE, "DiagnosticReport.subject", "Device")]


def test_two_specimens_are_refused_unless_the_result_says_which() -> None:
    second = {"resourceType": "Specimen", "type": concept("119334006", SNOMED)}
    listed = ("DiagnosticReport.specimen", [to("Specimen/1"), to("Specimen/second")])
    assert screening(bundle(*listed, second=second)) == screening(bundle())
    assert (Trouble.BAD_SHAPE, "DiagnosticReport.specimen", "2") in refusals(
        bundle(*listed, "result.specimen", None, second=second)
    )
