"""What is wrong with a report, for people: where, what, and the fix, in French and in English.

A `Problem` never repeats what a person's field holds: it names the field. `detail` carries codes and systems only, so that
the sender finds the one that is wrong.
"""

from enum import StrEnum
from typing import Literal

import msgspec

Language = Literal["fr", "en"]


class Trouble(StrEnum):
    """Kinds of problems and warnings; never reused for another meaning."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    TOO_LONG = "too-long"
    CONTROL_CHARACTER = "control-character"
    BAD_SHAPE = "bad-shape"
    NOT_A_BUNDLE = "not-a-bundle"
    BAD_CHECK_DIGIT = "bad-check-digit"
    UNKNOWN_CODE = "unknown-code"
    UNKNOWN_SYSTEM = "unknown-system"
    UNKNOWN_VALUE = "unknown-value"
    NOT_A_SCREENING = "not-a-screening"
    SPECIMEN_UNFIT = "specimen-unfit"
    NO_TIME_ZONE = "no-time-zone"
    IN_THE_FUTURE = "in-the-future"
    BEFORE_BIRTH = "before-birth"
    KIT_EXPIRED = "kit-expired"
    ONSET_AFTER_TEST = "onset-after-test"
    RESULT_MISSING = "result-missing"
    RESULT_TWICE = "result-twice"
    RESULT_FOREIGN = "result-foreign"
    REPLACES_MISSING = "replaces-missing"
    REPLACES_ITSELF = "replaces-itself"
    REPLACES_UNEXPECTED = "replaces-unexpected"
    NOT_FOR_PRODUCTION = "not-for-production"
    UNKNOWN_MODIFIER = "unknown-modifier"
    DANGLING_REFERENCE = "dangling-reference"
    FOREIGN_REFERENCE = "foreign-reference"
    DUPLICATE_ID = "duplicate-id"
    OTHER_PHARMACY = "other-pharmacy"
    OUT_OF_SCOPE = "out-of-scope"
    NO_IDENTIFIER = "no-identifier"
    FILE_EMPTY = "file-empty"
    FILE_TOO_LARGE = "file-too-large"
    FILE_UNKNOWN = "file-unknown"
    FILE_TRUNCATED = "file-truncated"
    FILE_NUL = "file-nul"
    TOO_MANY_ROWS = "too-many-rows"
    TOO_MANY_COLUMNS = "too-many-columns"
    TOO_DEEP = "too-deep"
    COLUMN_MISSING = "column-missing"
    COLUMN_TWICE = "column-twice"
    ROW_SHORT = "row-short"
    ROW_LONG = "row-long"
    NO_ROWS = "no-rows"
    # Warnings: the report is taken, this part of it is not.
    LEFT_OUT = "left-out"
    READ_AS_CP1252 = "read-as-cp1252"
    PART_UNNAMED = "part-unnamed"
    ASSUMED_ZONE = "assumed-zone"


_TEXTS: dict[Trouble, tuple[str, str]] = {
    Trouble.MISSING: ("valeur absente : renseignez-la", "missing: fill it in"),
    Trouble.UNREADABLE: ("valeur illisible{detail} : corrigez-la", "cannot be read{detail}: correct it"),
    Trouble.TOO_LONG: ("valeur trop longue{detail} : raccourcissez-la", "too long{detail}: shorten it"),
    Trouble.CONTROL_CHARACTER: (
        "contient un caractère de contrôle : retirez-le",
        "holds a control character: remove it",
    ),
    Trouble.BAD_SHAPE: (
        "n'a pas la forme attendue{detail} : vérifiez la saisie",
        "is not written as expected{detail}: check it",
    ),
    Trouble.NOT_A_BUNDLE: (
        "ce n'est pas un Bundle FHIR R4{detail} : envoyez un objet JSON dont « resourceType » vaut « Bundle », en NDJSON un par ligne",
        'this is no FHIR R4 Bundle{detail}: send a JSON object whose "resourceType" is "Bundle", in NDJSON one a line',
    ),
    Trouble.BAD_CHECK_DIGIT: (
        "clé de contrôle fausse{detail} : un caractère est erroné, vérifiez à la source",
        "wrong check digit{detail}: a character is mistaken, check it at the source",
    ),
    Trouble.UNKNOWN_CODE: (
        "code inconnu{detail} : utilisez un code de la liste des tests, résultats et prélèvements acceptés",
        "unknown code{detail}: use a code from the list of accepted tests, results and specimens",
    ),
    Trouble.UNKNOWN_SYSTEM: (
        "système de codes inconnu{detail} : indiquez LOINC ou SNOMED CT",
        "unknown code system{detail}: name LOINC or SNOMED CT",
    ),
    Trouble.UNKNOWN_VALUE: (
        "valeur hors de la liste{detail} : choisissez une valeur admise",
        "not one of the allowed values{detail}: choose one of them",
    ),
    Trouble.NOT_A_SCREENING: (
        "n'est pas un test de dépistage accepté ici{detail} : envoyez-le au système concerné",
        "is not a screening test taken here{detail}: send it to the system it belongs to",
    ),
    Trouble.SPECIMEN_UNFIT: (
        "prélèvement incompatible avec le test{detail} : vérifiez le prélèvement",
        "specimen does not fit the test{detail}: check the specimen",
    ),
    Trouble.NO_TIME_ZONE: ("fuseau horaire absent : ajoutez-le", "no time zone: add one"),
    Trouble.IN_THE_FUTURE: ("date dans le futur : vérifiez la date", "lies in the future: check the date"),
    Trouble.BEFORE_BIRTH: (
        "prélèvement antérieur à la naissance : vérifiez les deux dates",
        "specimen taken before birth: check both dates",
    ),
    Trouble.KIT_EXPIRED: (
        "kit périmé au moment du prélèvement : vérifiez le lot",
        "kit expired when the specimen was taken: check the lot",
    ),
    Trouble.ONSET_AFTER_TEST: (
        "symptômes postérieurs au prélèvement : vérifiez les deux dates",
        "symptoms begin after the specimen: check both dates",
    ),
    Trouble.RESULT_MISSING: ("résultat absent{detail} : ajoutez-le", "result missing{detail}: add it"),
    Trouble.RESULT_TWICE: (
        "résultat donné deux fois{detail} : gardez-en un",
        "result given twice{detail}: keep one",
    ),
    Trouble.RESULT_FOREIGN: (
        "résultat étranger au test{detail} : vérifiez le code du test",
        "result does not belong to the test{detail}: check the test's code",
    ),
    Trouble.REPLACES_MISSING: (
        "correction ou annulation sans compte rendu visé : indiquez lequel",
        "a correction or cancellation must say which report it replaces: name it",
    ),
    Trouble.REPLACES_ITSELF: ("se remplace lui-même : indiquez l'original", "replaces itself: name the original"),
    Trouble.REPLACES_UNEXPECTED: (
        "un compte rendu définitif ne remplace rien : changez le statut",
        "a final report replaces nothing: change the status",
    ),
    Trouble.NOT_FOR_PRODUCTION: (
        "message d'essai{detail} : n'envoyez ici que des messages de production",
        "not a production message{detail}: send production messages only",
    ),
    Trouble.UNKNOWN_MODIFIER: (
        "extension modificatrice inconnue{detail} : retirez-la, le sens du compte rendu pourrait changer",
        "unknown modifier extension{detail}: remove it, it may change the meaning of the report",
    ),
    Trouble.DANGLING_REFERENCE: (
        "référence sans cible{detail} : joignez la ressource visée",
        "reference leads nowhere{detail}: include its target",
    ),
    Trouble.FOREIGN_REFERENCE: (
        "référence hors du lot{detail} : joignez la ressource au lot",
        "reference leaves the bundle{detail}: include its target in the bundle",
    ),
    Trouble.DUPLICATE_ID: (
        "identifiant porté deux fois{detail} : donnez à chacun le sien",
        "identifier used twice{detail}: give each its own",
    ),
    Trouble.OTHER_PHARMACY: (
        "compte rendu d'une autre pharmacie que l'expéditrice : envoyez-le depuis la sienne",
        "report of another pharmacy than the sender: send it from its own",
    ),
    Trouble.OUT_OF_SCOPE: (
        "le logiciel émetteur n'est pas agréé pour cette maladie{detail} : voyez la liste des logiciels agréés, et avec son éditeur",
        "the software that sends is not approved for this disease{detail}: see the list of approved software, and its publisher",
    ),
    Trouble.NO_IDENTIFIER: (
        "laboratoire ou pharmacie sans numéro : indiquez le FINESS, ou un numéro étranger avec son système",
        "laboratory or pharmacy without a number: give the FINESS, or a foreign number with its system",
    ),
    Trouble.FILE_EMPTY: ("fichier vide : choisissez-en un autre", "empty file: choose another"),
    Trouble.FILE_TOO_LARGE: (
        "fichier trop volumineux{detail} : découpez-le",
        "file too large{detail}: split it",
    ),
    Trouble.FILE_UNKNOWN: (
        "format non reconnu{detail} : envoyez du CSV (modèles acceptés), du HL7 v2.5.1 ou du FHIR R4",
        "format not recognised{detail}: send CSV (accepted templates), HL7 v2.5.1 or FHIR R4",
    ),
    Trouble.FILE_TRUNCATED: (
        "fichier tronqué{detail} : exportez-le de nouveau",
        "truncated file{detail}: export it again",
    ),
    Trouble.FILE_NUL: (
        "contient des octets nuls : ce n'est pas un fichier texte, exportez-le de nouveau",
        "holds NUL bytes: it is not a text file, export it again",
    ),
    Trouble.TOO_MANY_ROWS: ("trop de lignes{detail} : découpez le fichier", "too many rows{detail}: split the file"),
    Trouble.TOO_MANY_COLUMNS: (
        "trop de colonnes{detail} : partez du modèle",
        "too many columns{detail}: start from the template",
    ),
    Trouble.TOO_DEEP: ("imbrication trop profonde : exportez de nouveau", "nested too deeply: export it again"),
    Trouble.COLUMN_MISSING: ("colonne absente{detail} : ajoutez-la", "column missing{detail}: add it"),
    Trouble.COLUMN_TWICE: (
        "colonne présente deux fois{detail} : gardez-en une",
        "column given twice{detail}: keep one",
    ),
    Trouble.ROW_SHORT: ("ligne incomplète{detail} : complétez-la", "row is incomplete{detail}: complete it"),
    Trouble.ROW_LONG: (
        "ligne trop longue{detail} : une virgule ou un point-virgule manque de guillemets",
        "row is too long{detail}: a separator inside a value lacks its quotes",
    ),
    Trouble.NO_ROWS: ("aucune ligne après l'en-tête : ajoutez-en", "no row below the header: add some"),
    Trouble.LEFT_OUT: ("non compris, laissé de côté{detail}", "not understood, left out{detail}"),
    Trouble.READ_AS_CP1252: (
        "fichier lu en Windows-1252 : enregistrez en UTF-8 la prochaine fois",
        "file read as Windows-1252: save it as UTF-8 next time",
    ),
    Trouble.PART_UNNAMED: (
        "résultat codé par le test combiné lui-même : lu comme la seule partie restante{detail}",
        "result coded by the panel itself: read as the only part that is left{detail}",
    ),
    Trouble.ASSUMED_ZONE: (
        "heure sans fuseau : lue à l'heure de la pharmacie",
        "time without a zone: read in the pharmacy's time zone",
    ),
}


_IN_FRENCH = {"file": "fichier", "columns": "colonnes"}
"""Places that are of no format."""


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong at one place (`patient_dob`, `PID-5`, `Patient.name`); `detail` is a code or count, nobody's data."""

    trouble: Trouble
    where: str
    detail: str = ""

    def text(self, language: Language) -> str:
        """`where: what, and the fix`, in the language."""
        if language == "fr":
            return f"{_IN_FRENCH.get(self.where, self.where)} : {self.said(language)}"
        return f"{self.where}: {self.said(language)}"

    def said(self, language: Language) -> str:
        """The same of no place."""
        french, english = _TEXTS[self.trouble]
        template = french if language == "fr" else english
        return template.format(detail=f" ({self.detail})" if self.detail else "")


class ReportError(ValueError):
    """A report that cannot be built or read; carries every problem found, at least one."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.text("en") for problem in problems))
        self.problems = problems
