"""From bytes to one JSON object, or a refusal that says why: never a traceback, never half an object.

Follows RFC 8259, with one meaning for each key: a key given twice is refused, because readers differ on which one counts.
"""

import json
import re
from collections import Counter
from typing import Any

import msgspec

from sceau.core.report.errors import Problem, ReportError, Trouble

Tree = dict[str, Any]
_WHERE = "Bundle"
TYPE = re.compile("[A-Za-z]{1,64}")
_SHOWN = 80


def parsed(data: bytes) -> tuple[Tree, bytes]:
    """The object and its compact bytes; raises `ReportError`."""
    if b"\0" in data:
        raise refusal(Trouble.FILE_NUL, _WHERE)
    try:
        tree = msgspec.json.decode(data)
        compact = msgspec.json.encode(tree)
        if compact != data:
            json.loads(data, object_pairs_hook=_no_key_twice, parse_int=str, parse_float=str)
    except RecursionError:
        raise refusal(Trouble.TOO_DEEP, _WHERE) from None
    except (msgspec.DecodeError, UnicodeError, json.JSONDecodeError) as error:
        truncated = "truncated" in str(error)
        raise refusal(Trouble.FILE_TRUNCATED if truncated else Trouble.UNREADABLE, _WHERE, "JSON") from None
    if not isinstance(tree, dict) or tree.get("resourceType") != "Bundle":
        raise refusal(Trouble.NOT_A_BUNDLE, "JSON", _found(tree))
    return tree, compact


def _found(tree: object) -> str:
    """What came instead, in FHIR's words or JSON's."""
    if not isinstance(tree, dict):
        return f"JSON: {'array' if isinstance(tree, list) else 'value'}"
    kind = tree.get("resourceType")
    return f"resourceType: {kind if isinstance(kind, str) and TYPE.fullmatch(kind) else '–'}"


def refusal(trouble: Trouble, where: str, detail: str = "") -> ReportError:
    return ReportError(Problem(trouble, where, detail))


def shown(*codes: str | None) -> str:
    """Codes and systems as an error may repeat them: printable, short, at most ten."""
    clean = ["".join(c if c.isprintable() else "?" for c in code[:_SHOWN]) for code in dict.fromkeys(codes) if code]
    rest = f" (+{len(clean) - 10})" if len(clean) > 10 else ""
    return ", ".join(clean[:10]) + rest


def _no_key_twice(pairs: list[tuple[str, Any]]) -> Tree:
    # What compacting changed may be only blanks, escapes or numbers: only a lost key is a reason to refuse.
    tree = dict(pairs)
    if len(tree) < len(pairs):
        times = Counter(key for key, _ in pairs)
        raise refusal(Trouble.BAD_SHAPE, _WHERE, "2 × " + shown(*(key for key in tree if times[key] > 1)))
    return tree
