"""Invented screenings as rows of our own template: every row another person, the same for the same series and number."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sceau.core.report.csv.template import DELIMITER
from sceau.core.report.csv.write import template

Row = dict[str, str]

_SYLLABLES = ("bel", "cor", "dan", "fer", "gal", "lor", "mir", "nol", "pra", "sul")
_FIRST_BIRTH = date(1931, 2, 3)
_BIRTHS = 80 * 365
_POSITIVE_EVERY = 3


def rows(count: int, *, series: str) -> list[Row]:
    """That many different screenings; two series share neither a person's name with its day nor a number."""
    return [row(number, series=series) for number in range(count)]


def row(number: int, *, series: str, **changes: str) -> Row:
    """One screening of `series`; `changes` by column name."""
    born = _FIRST_BIRTH + timedelta(days=17 * number % _BIRTHS)
    made = {
        "numero_dossier": f"{series}-{number:05}",
        "statut": "définitif",
        "emis_le": "07/01/2022 09:20",
        "nom_naissance": f"{series} {_surname(number)}".upper(),
        "prenoms_naissance": "Inès" if number % 2 else "Hugo",
        "date_naissance": born.strftime("%d/%m/%Y"),
        "sexe": "F" if number % 2 else "M",
        "code_postal": "93260",
        "etablissement_nom": "Pharmacie des Lilas",
        "etablissement_finess": "750123457",
        "prelevement_type": "nasopharyngé",
        "prelevement_le": "07/01/2022 09:05",
        "test_loinc": "94558-4",
        "resultat_covid_19": "non détecté" if number % _POSITIVE_EVERY else "détecté",
    }
    return made | changes


def later(number: int, status: str, *, series: str, **changes: str) -> Row:
    """A later statement about `row(number)`: `corrigé` or `annulé`."""
    made = row(number, series=series)
    return made | {"statut": status, "remplace": made["numero_dossier"], "emis_le": "07/01/2022 15:10"} | changes


def text(made: Iterable[Row]) -> str:
    """The file: our header, then the rows."""
    header = template()
    return header + "".join(_line([one.get(name, "") for name in _names(header)]) for one in made)


def _names(header: str) -> list[str]:
    return header.strip().split(DELIMITER)


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=DELIMITER).writerow(cells)
    return line.getvalue()


def _surname(number: int) -> str:
    """The number in syllables: two numbers never sound alike."""
    return "".join(_SYLLABLES[int(digit)] for digit in str(number))
