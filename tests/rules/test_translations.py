"""Both languages are complete: French has a sound translation of every text, English is what the code says."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENTRY = '#: x\nmsgid "Results"\nmsgstr "{french}"\n'


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "scripts" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


translations = _load()


def _project(root: Path, *, code: str = "", page: str = "", catalogue: str = "") -> Path:
    """A project of one module and one template, with its catalogue."""
    (root / "src/site/templates").mkdir(parents=True)
    (root / "src/site/texts.py").write_text(code, encoding="utf-8")
    (root / "src/site/templates/page.html").write_text(page, encoding="utf-8")
    target = root / translations.DOMAIN
    target.parent.mkdir(parents=True)
    target.write_text(translations.HEADER + catalogue, encoding="utf-8")
    return root


def _ids(root: Path) -> set[object]:
    return {message.id for message in translations.extracted(root) if message.id}


def test_french_is_complete_in_this_repository() -> None:
    assert translations.faults(ROOT) == []


def test_english_is_the_message_ids_and_none_is_written_in_french() -> None:
    assert not list((ROOT / "src/sceau/locale").glob("en*/**/*.po"))
    assert [text for text in _ids(ROOT) if not str(text).isascii()] == []


PAGES_SPEAK = """
import sys
from pathlib import Path
from babel.messages.pofile import read_po
from django.conf import settings
folder = Path(sys.argv[1])
settings.configure(USE_I18N=True, LANGUAGE_CODE="fr", LOCALE_PATHS=[str(folder)])
import django
django.setup()
from django.utils import translation
for message in read_po((folder / "fr/LC_MESSAGES/django.po").open("rb"), locale="fr"):
    if isinstance(message.id, str) and message.id:
        for language, expected in (("fr", message.string), ("en", message.id)):
            with translation.override(language):
                said = translation.gettext(message.id)
                assert said.replace(chr(160), ' ') == expected.replace(chr(160), ' '), (language, said, expected)
"""


def test_django_says_every_text_in_the_language_asked_for() -> None:
    translations.compile_stale(ROOT)
    subprocess.run([sys.executable, "-c", PAGES_SPEAK, str(ROOT / "src/sceau/locale")], check=True)


def test_no_line_of_french_begins_with_what_ends_a_word(tmp_path: Path) -> None:
    one = 'msgid "Who?"\nmsgstr "Qui : « lui » ? %(name)s"\n\n'
    several = 'msgid "one"\nmsgid_plural "many"\nmsgstr[0] "un !"\nmsgstr[1] "deux, trois"\n'
    catalog = translations.typeset(translations.kept(_project(tmp_path, catalogue=one + several)))
    assert catalog.get("Who?").string == "Qui\xa0: «\xa0lui\xa0»\xa0? %(name)s"
    assert catalog.get("one").string == ("un\xa0!", "deux, trois")


def test_texts_are_found_in_python(tmp_path: Path) -> None:
    code = 'gettext("a")\ngettext_lazy("b")\n_("c")\nngettext("one", "many", 2)\npgettext("month", "May")\n'
    assert _ids(_project(tmp_path, code=code)) == {"a", "b", "c", ("one", "many"), "May"}


def test_texts_are_found_in_templates_whatever_their_indentation_and_quotes(tmp_path: Path) -> None:
    page = """
          {% load i18n %}<p title="it's">
       {% trans "a" %} {% translate 'b' context "c" %}
    {% blocktranslate with x=y trimmed %}
        hello
        {{ x }}
    {% endblocktranslate %}
            {% blocktranslate count n=n %}one{% plural %}{{ n }} of them{% endblocktranslate %}
    """
    assert _ids(_project(tmp_path, page=page)) == {"a", "b", "hello %(x)s", ("one", "%(n)s of them")}


@pytest.mark.parametrize(
    ("catalogue", "fault"),
    [
        ("", "missing, run extract: 'Results'"),
        (ENTRY.format(french=""), "not translated: 'Results'"),
        ("#, fuzzy\n" + ENTRY.format(french="Résultats"), "fuzzy: 'Results'"),
        (ENTRY.format(french="Résultats %(n)s"), "placeholders differ: 'Results'"),
    ],
)
def test_check_names_what_french_lacks(tmp_path: Path, catalogue: str, fault: str) -> None:
    root = _project(tmp_path, code='_("Results")', catalogue=catalogue)
    assert translations.faults(root) == [fault]
    assert translations.main(["check"], root) == 1


def test_check_names_what_no_page_says_any_more(tmp_path: Path) -> None:
    root = _project(tmp_path, catalogue=ENTRY.format(french="Résultats"))
    assert translations.faults(root) == ["unused, run extract: 'Results'"]


def test_extract_keeps_translations_adds_new_texts_and_drops_unused_ones(tmp_path: Path) -> None:
    old = ENTRY.format(french="Résultats") + '\nmsgid "Gone"\nmsgstr "Parti"\n'
    root = _project(tmp_path, code='_("Results")\n_("New")', catalogue=old)
    assert translations.main(["extract"], root) == 0
    assert {message.id: message.string for message in translations.kept(root) if message.id} == {
        "Results": "Résultats",
        "New": "",
    }


def test_extracting_twice_changes_nothing(tmp_path: Path) -> None:
    root = _project(tmp_path, code='_("Results")', catalogue=ENTRY.format(french="Résultats"))
    translations.main(["extract"], root)
    once = (root / translations.DOMAIN).read_bytes()
    translations.main(["extract"], root)
    assert (root / translations.DOMAIN).read_bytes() == once


def test_compile_writes_only_what_is_stale(tmp_path: Path) -> None:
    root = _project(tmp_path, code='_("Results")', catalogue=ENTRY.format(french="Résultats"))
    assert translations.compile_stale(root)
    assert not translations.compile_stale(root)


def test_any_other_word_is_refused(tmp_path: Path) -> None:
    assert translations.main(["translate"], tmp_path) == 2
