"""ReportStream's file of SimpleReport results (CDC): 63 columns, codes only, dates as in HL7. It has no status: all is final.

A result without a released date was released on its test date. Addresses are American: outside France, whatever the zip code.
"""

from sceau.core.report.csv import words
from sceau.core.report.csv.cells import NAME, TEXT, one
from sceau.core.report.csv.mapping import FINDINGS, Column, Dialect
from sceau.core.report.csv.simplereport import AMERICAN, CLIA
from sceau.core.report.csv.times import COMPACT_DATE, COMPACT_TIME

_LEFT_OUT = """
    Patient_suffix Patient_ID Specimen_source_site_code Instrument_ID Order_test_date Patient_race Patient_ethnicity Patient_state
    Patient_county Patient_role Employed_in_healthcare Resident_congregate_setting First_test Testing_lab_street
    Testing_lab_street_2 Testing_lab_city Testing_lab_state Testing_lab_zip_code Testing_lab_phone_number Testing_lab_county
    Organization_name Ordering_facility_name Ordering_facility_street Ordering_facility_street_2 Ordering_facility_city
    Ordering_facility_state Ordering_facility_zip_code Ordering_facility_phone_number Ordering_facility_county
    Ordering_facility_email Ordering_provider_ID Ordering_provider_last_name Ordering_provider_first_name Ordering_provider_street
    Ordering_provider_street_2 Ordering_provider_city Ordering_provider_state Ordering_provider_zip_code
    Ordering_provider_phone_number Ordering_provider_county
"""

REPORTSTREAM = Dialect(
    form="csv:reportstream",
    columns=(
        Column("Result_ID", "accession", TEXT, required=True),
        Column("Date_result_released", "issued", COMPACT_TIME, required=True),
        Column("Test_date", "issued", COMPACT_TIME),
        Column("Patient_last_name", "patient.family", NAME, required=True),
        Column("Patient_first_name", "patient.given", one(NAME), required=True),
        Column("Patient_middle_name", "patient.given", one(NAME)),
        Column("Patient_DOB", "patient.birth_date", COMPACT_DATE, required=True),
        Column("Patient_gender", "patient.sex", words.SEX, required=True),
        Column("Patient_phone_number", "patient.phone", TEXT, strict=False),
        Column("Patient_email", "patient.email", TEXT, strict=False),
        Column("Patient_street", "address.lines", one(TEXT), strict=False),
        Column("Patient_street_2", "address.lines", one(TEXT), strict=False),
        Column("Patient_zip_code", "address.postal_code", TEXT, strict=False),
        Column("Patient_city", "address.city", TEXT, strict=False),
        Column("Testing_lab_name", "performer.name", TEXT, required=True),
        Column("Testing_lab_CLIA", "performer.foreign.value", CLIA, required=True),
        Column("Specimen_type_code", "specimen.type", words.SPECIMEN, required=True),
        Column("Specimen_collection_date_time", "specimen.taken_at", COMPACT_TIME, required=True),
        Column("Ordered_test_code", "test.loinc", words.TEST, required=True),
        Column("Test_result_code", FINDINGS, words.RESULT, required=True),
        Column("Device_ID", "kit.name", TEXT, strict=False),
        Column("Symptomatic_for_disease", "symptomatic", words.YES_NO, strict=False),
        Column("Illness_onset_date", "onset", COMPACT_DATE, strict=False),
    ),
    known=tuple(_LEFT_OUT.split()),
    constants=AMERICAN,
)
