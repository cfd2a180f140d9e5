"""Keeps the French catalogue whole: `extract`, `compile` and `check`, with Babel alone and no GNU gettext.

English is what the code says (the message ids), so that it has no catalogue to fall behind. Needs no Django settings, and
never writes a translation of its own: what is new comes out empty, and `check` names it.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
DOMAIN = Path("src/sceau/locale/fr/LC_MESSAGES/django.po")
# No date and no name: a catalogue changes when a text does.
HEADER = """\
# French, the language the pages speak first. Kept by scripts/translations.py.
msgid ""
msgstr ""
"Language: fr\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
_SPACES = re.compile(r" (?=[:;?!»])|(?<=«) ")
"""Those of French typography, at which no line breaks. A translator writes them plain."""


def _python_of(path: Path) -> str:
    """The file as Python; a template becomes its translatable calls, with indentation gone (Python would trip over it)."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    return "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).split("\n"))


def _sources(root: Path) -> list[Path]:
    package = root / "src"
    return sorted([*package.rglob("*.py"), *package.rglob("templates/**/*.html"), *package.rglob("templates/**/*.txt")])


def extracted(root: Path) -> Catalog:
    """Every translatable text of the code and the templates, with the files it stands in and no line, which would only move."""
    catalog = Catalog(locale="fr", domain="django", fuzzy=False)
    for path in _sources(root):
        source = BytesIO(_python_of(path).encode())
        for _line, text, _comments, context in extract("python", source, keywords=KEYWORDS, options={"encoding": "utf-8"}):
            catalog.add(text, locations=[(path.relative_to(root).as_posix(), 0)], context=context)
    return catalog


def kept(root: Path) -> Catalog:
    """The French catalogue as it stands; an empty one where there is none yet."""
    path = root / DOMAIN
    if not path.exists():
        return Catalog(locale="fr", domain="django", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="fr", domain="django")


def _texts(catalog: Catalog) -> dict[tuple[object, object], Message]:
    return {(message.id, message.context): message for message in catalog if message.id}


def _forms(text: object) -> tuple[str, ...]:
    """The singular and the plural of a message, or its only form."""
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text),)


def _label(message: Message) -> str:
    return repr(_forms(message.id)[0])


def _faults_of(message: Message) -> Iterator[str]:
    forms = _forms(message.string)
    if not all(forms):
        yield f"not translated: {_label(message)}"
    elif isinstance(message.id, list | tuple) and len(forms) != 2:
        yield f"plural missing: {_label(message)}"
    elif any(set(_PLACEHOLDER.findall(form)) != set(_PLACEHOLDER.findall(_forms(message.id)[-1])) for form in forms):
        yield f"placeholders differ: {_label(message)}"
    if message.fuzzy:
        yield f"fuzzy: {_label(message)}"


def faults(root: Path) -> list[str]:
    """What keeps French from being complete: missing, empty, fuzzy, unused, or with other placeholders than the English."""
    wanted, there = _texts(extracted(root)), _texts(kept(root))
    missing = [f"missing, run extract: {_label(message)}" for key, message in wanted.items() if key not in there]
    unused = [f"unused, run extract: {_label(message)}" for key, message in there.items() if key not in wanted]
    return missing + unused + [fault for key in wanted.keys() & there.keys() for fault in sorted(_faults_of(there[key]))]


def update(root: Path) -> None:
    """Bring the catalogue up to the code: new texts empty, unused ones gone, translations kept."""
    catalog = kept(root)
    catalog.update(extracted(root), no_fuzzy_matching=True)
    path = root / DOMAIN
    path.parent.mkdir(parents=True, exist_ok=True)
    body = BytesIO()
    write_po(body, catalog, width=120, omit_header=True, ignore_obsolete=True, include_lineno=False, sort_output=True)
    path.write_bytes(HEADER.encode() + body.getvalue())


def compile_stale(root: Path) -> bool:
    """Write the `.mo` Django reads, when it is missing or older than its `.po` or this; say whether it was written."""
    source, target = root / DOMAIN, (root / DOMAIN).with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= max(source.stat().st_mtime, Path(__file__).stat().st_mtime):
        return False
    with target.open("wb") as file:
        write_mo(file, typeset(kept(root)))
    return True


def typeset(catalog: Catalog) -> Catalog:
    """With spaces that do not break before `: ; ? !` and within quotation marks, so that no line begins with one."""
    for message in catalog:
        unbroken = tuple(_SPACES.sub("\N{NO-BREAK SPACE}", form) for form in _forms(message.string))
        message.string = unbroken if isinstance(message.id, list | tuple) else unbroken[0]
    return catalog


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Exit status: 0 when done or complete, 1 when French is incomplete, 2 when called otherwise."""
    match arguments:
        case ["extract"]:
            update(root)
        case ["compile"]:
            compile_stale(root)
        case ["check"]:
            found = faults(root)
            sys.stderr.writelines(f"{fault}\n" for fault in found)
            return 1 if found else 0
        case _:
            sys.stderr.write("translations.py extract|compile|check\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
