"""SimpleReport's bulk results upload (CDC): up to 66 columns in any order, many optional; American dates, words or codes.

Follows its upload guide: a result without a released date was released on its test date, a specimen without a collection date
was taken when the test was ordered, a result without a status is final. Addresses are American: outside France, whatever the zip.
"""

from types import MappingProxyType

from sceau.core.report.csv import words
from sceau.core.report.csv.cells import NAME, TEXT, one, shaped
from sceau.core.report.csv.mapping import FINDINGS, Column, Dialect
from sceau.core.report.csv.times import AMERICAN_DATE, AMERICAN_TIME
from sceau.core.report.model import Status

CLIA = shaped(r"[A-Za-z0-9]{2}[Dd][A-Za-z0-9]{7}")
AMERICAN = MappingProxyType({"status": Status.FINAL, "address.country": "US", "performer.foreign.system": "CLIA"})
_LEFT_OUT = """
    patient_id patient_state patient_county patient_race patient_ethnicity patient_preferred_language patient_gender_identity
    testing_lab_specimen_received_date testing_lab_street testing_lab_street2 testing_lab_city testing_lab_state
    testing_lab_zip_code testing_lab_phone_number ordering_provider_id ordering_provider_last_name ordering_provider_first_name
    ordering_provider_middle_name ordering_provider_street ordering_provider_street2 ordering_provider_city
    ordering_provider_state ordering_provider_zip_code ordering_provider_phone_number employed_in_healthcare
    resident_congregate_setting residence_type hospitalized icu ordering_facility_name ordering_facility_street
    ordering_facility_street2 ordering_facility_city ordering_facility_state ordering_facility_zip_code
    ordering_facility_phone_number comment test_ordered_code genders_of_sexual_partners syphilis_history
"""

SIMPLEREPORT = Dialect(
    form="csv:simplereport",
    columns=(
        Column("accession_number", "accession", TEXT, required=True),
        Column("test_result_status", "status", words.AMERICAN_STATUS),
        Column("date_result_released", "issued", AMERICAN_TIME),
        Column("test_result_date", "issued", AMERICAN_TIME, required=True),
        Column("patient_last_name", "patient.family", NAME, required=True),
        Column("patient_first_name", "patient.given", one(NAME), required=True),
        Column("patient_middle_name", "patient.given", one(NAME)),
        Column("patient_dob", "patient.birth_date", AMERICAN_DATE, required=True),
        Column("patient_gender", "patient.sex", words.SEX, required=True),
        Column("patient_phone_number", "patient.phone", TEXT, strict=False),
        Column("patient_email", "patient.email", TEXT, strict=False),
        Column("patient_street", "address.lines", one(TEXT), strict=False),
        Column("patient_street2", "address.lines", one(TEXT), strict=False),
        Column("patient_zip_code", "address.postal_code", TEXT, strict=False),
        Column("patient_city", "address.city", TEXT, strict=False),
        Column("testing_lab_name", "performer.name", TEXT, required=True),
        Column("testing_lab_clia", "performer.foreign.value", CLIA, required=True),
        Column("specimen_type", "specimen.type", words.SPECIMEN, required=True),
        Column("specimen_collection_date", "specimen.taken_at", AMERICAN_TIME),
        Column("order_test_date", "specimen.taken_at", AMERICAN_TIME, required=True),
        Column("test_performed_code", "test.loinc", words.TEST, required=True),
        Column("test_result", FINDINGS, words.RESULT, required=True),
        Column("equipment_model_name", "kit.name", TEXT, strict=False),
        Column("symptomatic_for_disease", "symptomatic", words.YES_NO, strict=False),
        Column("illness_onset_date", "onset", AMERICAN_DATE, strict=False),
        Column("pregnant", "pregnancy", words.PREGNANCY, strict=False),
    ),
    known=tuple(_LEFT_OUT.split()),
    constants=AMERICAN,
)
