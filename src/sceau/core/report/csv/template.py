"""Our own template: French headers, `;`, one row a screening, a result column a disease so that a combined kit fits in one row.

The reference is `docs/reference/csv.md`. `write.py` writes it, and reading that back gives the same screening.
"""

from sceau.core.codes.identifiers import Finess, Gtin, Rpps
from sceau.core.codes.loinc import Disease
from sceau.core.report.csv import words
from sceau.core.report.csv.cells import NAME, TEXT, Kind, code_of, list_of, shaped
from sceau.core.report.csv.mapping import FINDINGS, Column, Dialect
from sceau.core.report.csv.times import FRENCH_DATE, FRENCH_TIME

DELIMITER = ";"
RESULTS = {
    Disease.COVID_19: "resultat_covid_19",
    Disease.INFLUENZA_A: "resultat_grippe_a",
    Disease.INFLUENZA_B: "resultat_grippe_b",
    Disease.RSV: "resultat_vrs",
    Disease.STREP_A: "resultat_streptocoque_a",
}
_INS = shaped(r"[0-9A-Za-z]{15}")
_LINES = list_of(TEXT, "|")
_NAMES = list_of(NAME, ",")


def _upper(kind: Kind) -> Kind:
    return Kind(lambda cell: kind.parse(cell.upper()))


TEMPLATE = Dialect(
    form="csv:sceau",
    columns=(
        Column("numero_dossier", "accession", TEXT),
        Column("statut", "status", words.STATUS, required=True),
        Column("remplace", "replaces", TEXT),
        Column("emis_le", "issued", FRENCH_TIME, required=True),
        Column("nom_naissance", "patient.family", NAME, required=True),
        Column("prenoms_naissance", "patient.given", _NAMES, required=True),
        Column("nom_utilise", "patient.used_family", TEXT),
        Column("prenom_utilise", "patient.used_given", TEXT),
        Column("date_naissance", "patient.birth_date", FRENCH_DATE, required=True),
        Column("lieu_naissance", "patient.birth_place", TEXT),
        Column("sexe", "patient.sex", words.SEX, required=True),
        Column("ins", "patient.ins.value", _upper(_INS)),
        Column("ins_systeme", "patient.ins.system", words.INS_SYSTEM),
        Column("telephone", "patient.phone", TEXT, strict=False),
        Column("courriel", "patient.email", TEXT, strict=False),
        Column("adresse", "address.lines", _LINES, strict=False),
        Column("code_postal", "address.postal_code", TEXT, strict=False),
        Column("commune", "address.city", TEXT, strict=False),
        Column("pays", "address.country", TEXT, strict=False),
        Column("departement", "patient.department", words.DEPARTMENT),
        Column("etablissement_nom", "performer.name", TEXT, required=True),
        Column("etablissement_finess", "performer.finess", code_of(Finess)),
        Column("etablissement_systeme", "performer.foreign.system", TEXT),
        Column("etablissement_numero", "performer.foreign.value", NAME),
        Column("professionnel_rpps", "performer.rpps", code_of(Rpps)),
        Column("prelevement_type", "specimen.type", words.SPECIMEN, required=True),
        Column("prelevement_le", "specimen.taken_at", FRENCH_TIME, required=True),
        Column("test_loinc", "test.loinc", words.TEST, required=True),
        *(Column(name, f"{FINDINGS}.{disease}", words.RESULT) for disease, name in RESULTS.items()),
        Column("kit_nom", "kit.name", TEXT),
        Column("kit_fabricant", "kit.manufacturer", TEXT, strict=False),
        Column("kit_gtin", "kit.gtin", code_of(Gtin), strict=False),
        Column("kit_lot", "kit.lot", TEXT, strict=False),
        Column("kit_peremption", "kit.expiry", FRENCH_DATE, strict=False),
        Column("symptomes", "symptomatic", words.YES_NO, strict=False),
        Column("debut_symptomes", "onset", FRENCH_DATE, strict=False),
        Column("grossesse", "pregnancy", words.PREGNANCY, strict=False),
        Column("motif", "reason", words.REASON, strict=False),
        Column("consentement", "consent", words.CONSENT),
    ),
    neutralised=True,
)
