"""The closed lists of words that dialects use, in French and English; the first word of each is what our own template writes.

American words follow SimpleReport's bulk upload guide and HL7 v2 tables 0001 (sex) and 0085 (status of a result). A word that is
not here is refused or left out, never guessed.
"""

from sceau.core.codes.errors import BadCode
from sceau.core.codes.identifiers import InsSystem
from sceau.core.codes.loinc import Loinc, assay
from sceau.core.codes.snomed import Result, SpecimenType, read_result, read_specimen
from sceau.core.codes.territory import OUTSIDE, Department
from sceau.core.report.csv.cells import Kind, choice, code_of, words_of
from sceau.core.report.model import Consent, Pregnancy, Reason, Sex, Status

UNKNOWN_PLACE = "inconnu"
_YES, _NO = ("oui", "Y", "yes"), ("non", "N", "no")
_UNKNOWN = ("inconnu", "U", "UNK", "unknown")
_PREGNANCY_CODES = {
    "77386006": Pregnancy.PREGNANT,
    "60001007": Pregnancy.NOT_PREGNANT,
    "261665006": Pregnancy.UNKNOWN,
}


def _read_pregnancy(code: str) -> Pregnancy:
    try:
        return _PREGNANCY_CODES[code]
    except KeyError:
        raise BadCode("SNOMED CT", "unknown") from None


def _read_test(code: str) -> Loinc:
    loinc = Loinc(code)
    assay(loinc)
    return loinc


def _read_department(text: str) -> Department | None:
    """None where the sender says that it is not known; abroad is a place of its own."""
    if text.casefold() == UNKNOWN_PLACE:
        return None
    abroad = text.casefold() in ("hors france", "étranger", OUTSIDE)
    return Department(OUTSIDE if abroad else text.upper().zfill(2))


def _spell_department(department: str) -> str:
    return "hors France" if department == OUTSIDE else department


SEX = choice(
    {
        Sex.FEMALE: ("F", "female", "féminin", "femme"),
        Sex.MALE: ("M", "male", "masculin", "homme", "H"),
        Sex.OTHER: ("autre", "O", "other", "A", "ambiguous"),
        Sex.UNKNOWN: ("inconnu", "U", "unknown", "UNK", "N", "not applicable"),
    }
)
STATUS = choice(
    {
        Status.FINAL: ("définitif", "F", "final"),
        Status.CORRECTED: ("corrigé", "C", "corrected"),
        Status.ENTERED_IN_ERROR: ("annulé", "cancelled"),
    }
)
# A stray letter must not cancel anything, and SimpleReport's guide knows these two only.
AMERICAN_STATUS = choice({Status.FINAL: ("F", "final"), Status.CORRECTED: ("C", "corrected")})
RESULT = choice(
    {
        Result.DETECTED: ("détecté", "positif", "P", "D", "detected", "positive"),
        Result.NOT_DETECTED: ("non détecté", "négatif", "N", "not detected", "negative"),
        Result.INCONCLUSIVE: ("indéterminé", "non concluant", "invalide", "I", "inconclusive", "undetermined", "invalid result"),
    },
    read_result,
)
SPECIMEN = choice(
    {
        SpecimenType.NASAL: (
            "nasal",
            "écouvillon nasal",
            "nasal swab",
            "swab of internal nose",
            "anterior nares swab",
            "anterior nasal swab",
            "mid-turbinate nasal swab",
        ),
        SpecimenType.NASOPHARYNGEAL: ("nasopharyngé", "écouvillon nasopharyngé", "nasopharyngeal swab"),
        SpecimenType.OROPHARYNGEAL: ("oropharyngé", "écouvillon oropharyngé", "oropharyngeal swab"),
        SpecimenType.THROAT: ("gorge", "écouvillon de gorge", "throat swab"),
        SpecimenType.SALIVA: ("salive", "salivaire", "saliva", "saliva specimen", "oral saliva sample"),
        SpecimenType.NASOPHARYNGEAL_ASPIRATE: (
            "aspiration nasopharyngée",
            "nasopharyngeal aspirate",
            "nasopharyngeal washings",
            "nasopharyngeal wash",
        ),
        SpecimenType.SPUTUM: (
            "expectoration",
            "crachat",
            "sputum",
            "sputum specimen",
            "coughed sputum specimen",
            "sputum specimen obtained by sputum induction",
        ),
        SpecimenType.LAVAGE: ("lavage broncho-alvéolaire", "LBA", "bronchoalveolar lavage fluid sample"),
    },
    read_specimen,
)
YES_NO = choice({True: _YES, False: _NO, None: _UNKNOWN})
PREGNANCY = choice(
    {
        Pregnancy.PREGNANT: (*_YES, "pregnant"),
        Pregnancy.NOT_PREGNANT: (*_NO, "not pregnant"),
        Pregnancy.UNKNOWN: _UNKNOWN,
    },
    _read_pregnancy,
)
REASON = choice(
    {
        Reason.SYMPTOMS: ("symptômes",),
        Reason.CONTACT: ("contact",),
        Reason.CONFIRMATION: ("confirmation",),
        Reason.TRAVEL: ("voyage",),
        Reason.SCREENING: ("dépistage",),
        Reason.OTHER: ("autre",),
    }
)
CONSENT = choice(
    {
        Consent.GIVEN: _YES,
        Consent.REFUSED: _NO,
        Consent.NOT_ANSWERED: ("sans réponse",),
        Consent.NOT_NEEDED: ("non requis",),
    }
)
INS_SYSTEM = choice(words_of(InsSystem))
TEST = code_of(_read_test)
DEPARTMENT = Kind(code_of(_read_department).parse, _spell_department)
