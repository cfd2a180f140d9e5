"""Every address of the process that keeps the plain doors."""

from django.urls import path

from sceau.registry.api.public import alive
from sceau.registry.doors.csv import CSV
from sceau.registry.doors.fhir import FHIR, metadata
from sceau.registry.doors.hl7v2 import HL7V2
from sceau.registry.doors.pages import from_pages

urlpatterns = [
    path("fhir", FHIR.view(), name="fhir"),
    path("fhir/metadata", metadata, name="fhir_metadata"),
    path("hl7v2", HL7V2.view(), name="hl7v2"),
    path("csv", from_pages(CSV.view()), name="csv"),
    path("health", alive, name="alive"),
]
