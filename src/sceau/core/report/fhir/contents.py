"""A bundle as something to look things up in: resources by type, references followed inside the bundle and nowhere else.

Follows FHIR R4 "Resolving references in bundles" (`fullUrl`, or `Type/id`), without versions or contained resources
(DIVERGENCES.md). Refuses two resources of one name, and modifier extensions on anything that we would read. Never fetches.
"""

import re
from collections.abc import Iterator
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from sceau.core.report.errors import Problem, ReportError, Trouble
from sceau.core.report.fhir.notes import Notes
from sceau.core.report.fhir.resources import KINDS, Bundle, KnownBundle, Reference, Resource
from sceau.core.report.fhir.text import TYPE, Tree, parsed, refusal, shown

MOST_ENTRIES = 2000
MOST_REFERENCES = 100  # in one list: lists of lists multiply
R = TypeVar("R", bound=Resource)
_PATH = re.compile(r" - at `\$(.*)`$")
_known = msgspec.json.Decoder(KnownBundle)
_encoder = msgspec.json.Encoder()
_MODIFIERS = (b'"modifierExtension"', b'"implicitRules"')


class Found(NamedTuple, Generic[R]):
    """A resource and how people find it in the bundle: its type, numbered from 1 where there are several."""

    label: str
    resource: R


class _Unread(NamedTuple):
    """A resource of a type that we do not read, or (`astray` tells where) whose shape is not that of its type."""

    kind: str
    id: object
    astray: str | None


class Contents:
    """The resources of one bundle; raises `ReportError` for what makes the bundle as a whole unreadable."""

    def __init__(self, bundle: Bundle, resources: list[Any]) -> None:
        if len(bundle.entry) > MOST_ENTRIES:
            raise refusal(Trouble.TOO_MANY_ROWS, "Bundle.entry", f"{len(bundle.entry)} > {MOST_ENTRIES}")
        self.bundle = bundle
        self._all = _labelled(resources)
        self._of: dict[str, list[Found[Any]]] = {}
        self._names: dict[str, Found[Any]] = {}
        self._met: set[str] = set()
        problems = self._index()
        if problems:
            raise ReportError(*problems)

    def _index(self) -> list[Problem]:
        names, problems = self._names, []
        for number, (entry, found) in enumerate(zip(self.bundle.entry, self._all, strict=True), 1):
            kind = _kind(found.resource)
            self._of.setdefault(kind, []).append(found)
            if entry.full_url is not None and names.setdefault(entry.full_url, found) is not found:
                problems.append(Problem(Trouble.DUPLICATE_ID, f"Bundle.entry[{number}].fullUrl"))
            own = found.resource.id
            if own is not None and names.setdefault(f"{kind}/{own}", found) is not found:
                problems.append(Problem(Trouble.DUPLICATE_ID, f"Bundle.entry[{number}].resource.id"))
        return problems

    def all(self, kind: type[R]) -> list[Found[R]]:
        """Every resource of a type, in the bundle's order; raises `ReportError` where one has another shape."""
        found = self._of.get(kind.__name__, [])
        for label, resource in found:
            if type(resource) is _Unread:
                raise refusal(Trouble.BAD_SHAPE, f"{label}{resource.astray}")
        return list(found)

    def first(self, kind: type[R]) -> Found[R] | None:
        return next(iter(self.all(kind)), None)

    def follow(self, reference: Reference | None, kind: type[R], *, where: str, notes: Notes) -> Found[R] | None:
        """The target, of that type; None where nothing is referred to, or with the problem noted."""
        return None if reference is None else self.follow_any(reference, (kind,), where=where, notes=notes)

    def follow_any(self, reference: Reference | None, kinds: tuple[type[R], ...], *, where: str, notes: Notes) -> Found[R] | None:
        """As `follow`, of one of several types."""
        if reference is None or reference.reference is None:
            return None
        found = self._names.get(reference.reference)
        if found is None:
            notes.refuse(_astray(reference.reference), where)
            return None
        self._met.add(found.label)
        if type(found.resource) in kinds:
            return found
        _refuse_target(found, [kind.__name__ for kind in kinds], where, notes)
        return None

    def follow_all(
        self, references: tuple[Reference, ...], kinds: tuple[type[R], ...], *, where: str, notes: Notes
    ) -> list[Found[R]]:
        """The targets of a list, those of one of several types."""
        if len(references) > MOST_REFERENCES:
            notes.refuse(Trouble.TOO_MANY_ROWS, where, f"{len(references)} > {MOST_REFERENCES}")
            return []
        targets = [self.follow_any(reference, kinds, where=where, notes=notes) for reference in references]
        return [target for target in targets if target is not None]

    def labels(self) -> list[str]:
        """The label of each resource, in the bundle's order."""
        return [found.label for found in self._all]

    def kind_of(self, reference: Reference) -> str | None:
        """The type of the target, None where it is not in the bundle."""
        found = self._names.get(reference.reference or "")
        return None if found is None else _kind(found.resource)

    def unread(self, kind: type[R]) -> list[str]:
        """Where the resources of a type are that nothing has referred to yet."""
        return [found.label for found in self._of.get(kind.__name__, []) if found.label not in self._met]


def opened(data: bytes) -> Contents:
    """The bundle in these bytes. One that encodes back into the same bytes is wholly understood: nothing in it is unknown, given twice
    or written another way. Any other is looked at with care."""
    try:
        known = _known.decode(data)
        if _encoder.encode(known) == data:
            return Contents(known, [entry.resource for entry in known.entry])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        pass
    return spread(*parsed(data))


def spread(tree: Tree, compact: bytes) -> Contents:
    """The bundle of a tree, types that we do not read among the others; modifier extensions on what we read are refused."""
    bundle = converted(tree, Bundle, label="Bundle")
    contents = Contents(bundle, [_one(entry.resource, number) for number, entry in enumerate(bundle.entry, 1)])
    if any(modifier in compact for modifier in _MODIFIERS):
        _refuse_modifiers(tree, contents)
    return contents


def _refuse_modifiers(tree: Tree, contents: Contents) -> None:
    read = [("Bundle", {key: value for key, value in tree.items() if key != "entry"})]
    for label, entry in zip(contents.labels(), tree["entry"], strict=True):
        if entry["resource"]["resourceType"] in KINDS:
            read.append((label, entry["resource"]))
    problems = [problem for label, part in read for path, node in walk(part, label) for problem in _modifying(path, node)]
    if problems:
        raise ReportError(*problems)


def _one(tree: object, number: int) -> Resource | _Unread:
    kind = tree.get("resourceType") if isinstance(tree, dict) else None
    if not isinstance(tree, dict) or not isinstance(kind, str) or not TYPE.fullmatch(kind):
        raise refusal(Trouble.BAD_SHAPE, f"Bundle.entry[{number}].resource")
    if kind not in KINDS:
        return _Unread(kind, tree.get("id"), None)
    try:
        return msgspec.convert(tree, KINDS[kind])
    except msgspec.ValidationError as error:
        return _Unread(kind, tree.get("id"), _path(error))


def _kind(resource: Any) -> str:
    kind = type(resource)
    name: str = resource.kind if kind is _Unread else kind.__name__
    return name


def _labelled(resources: list[Any]) -> list[Found[Any]]:
    """Each resource with its label, in order."""
    total: dict[str, int] = {}
    numbered = []
    for resource in resources:
        kind = _kind(resource)
        total[kind] = number = total.get(kind, 0) + 1
        numbered.append((kind, number, resource))
    return [Found(f"{kind}[{number}]" if total[kind] > 1 else kind, resource) for kind, number, resource in numbered]


def _refuse_target(found: Found[Any], kinds: list[str], where: str, notes: Notes) -> None:
    kind = _kind(found.resource)
    if kind in kinds:
        notes.refuse(Trouble.BAD_SHAPE, f"{found.label}{found.resource.astray}")
    else:
        notes.refuse(Trouble.BAD_SHAPE, where, shown(kind))


def _modifying(path: str, node: Tree) -> Iterator[Problem]:
    """What in an element would change the meaning of the rest."""
    if "implicitRules" in node:
        yield Problem(Trouble.UNKNOWN_MODIFIER, f"{path}.implicitRules", shown(str(node["implicitRules"])))
    if "modifierExtension" in node:
        yield Problem(Trouble.UNKNOWN_MODIFIER, f"{path}.modifierExtension", _urls(node["modifierExtension"]))


def converted(tree: Tree, kind: type[R], *, label: str) -> R:
    """The tree as a struct; raises `ReportError` with the path of what has another shape."""
    try:
        return msgspec.convert(tree, kind)
    except msgspec.ValidationError as error:
        raise refusal(Trouble.BAD_SHAPE, label + _path(error)) from None


def _path(error: msgspec.ValidationError) -> str:
    found = _PATH.search(str(error))
    return found[1] if found else ""


def walk(tree: Tree, label: str) -> Iterator[tuple[str, Tree]]:
    """Every object in the tree with its path, without recursion: a file's depth is the sender's choice."""
    waiting: list[tuple[str, Any]] = [(label, tree)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, dict):
            yield path, node
            waiting += [(f"{path}.{key}", value) for key, value in reversed(node.items()) if isinstance(value, dict | list)]
        elif isinstance(node, list):
            waiting += [(path, value) for value in reversed(node)]


def _astray(reference: str) -> Trouble:
    return Trouble.FOREIGN_REFERENCE if "://" in reference else Trouble.DANGLING_REFERENCE


def _urls(extensions: object) -> str:
    listed = extensions if isinstance(extensions, list) else []
    return shown(*(str(extension.get("url")) for extension in listed if isinstance(extension, dict)))
