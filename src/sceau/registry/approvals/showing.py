"""The conformance bench, from the registry's side: beginning a test, and fetching what the sandbox saw, signed by the sandbox's key.

The sandbox is another registry, with keys, a database and processes of its own (ADR 0021); its root is pinned here.
"""

from datetime import datetime
from uuid import UUID

import msgspec
import urllib3
from django.conf import settings
from django.db import transaction

from sceau.core.audit import merkle
from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.sealing import signing, statements
from sceau.core.sealing.errors import SealingError
from sceau.registry.approvals.enums import ApprovalState
from sceau.registry.approvals.errors import BenchAway
from sceau.registry.approvals.models import Evidence, Software

_TIMEOUT = urllib3.Timeout(connect=3.0, read=10.0)
_LONGEST = 1_000_000


class Shown(msgspec.Struct, frozen=True):
    name: str
    passed: bool


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen of a software between two moments."""

    software: UUID
    since: datetime
    at: datetime
    scenarios: list[Shown]
    calls: int
    envelopes: int
    reports: int


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """`document` is a `Document` in JSON; the signature is the sandbox's receipt (`statements.receipt`) for it as the only leaf."""

    document: bytes
    at: datetime
    signature: bytes


def begin(software: Software, *, by: str, at: datetime) -> None:
    """The test begins now: what arrived before counts no more. The bench hears of it at once. Raises `BenchAway`."""
    with transaction.atomic():
        Software.objects.filter(pk=software.pk).update(tested_from=at)
        record(Event.BENCH_BEGUN, by=by, subject=f"software:{software.pk}", at=at)
    _fetched(software)


def look(software: Software, *, by: str, at: datetime) -> Evidence:
    """Fetches what the bench saw, and keeps it. Raises `BenchAway` for a bench that does not answer, or not with its own key."""
    told = _fetched(software)
    document = msgspec.json.decode(told.document, type=Document)
    if document.software != software.pk or document.since != software.tested_from:
        raise BenchAway
    return keep(software, told, document, by=by, at=at)


@transaction.atomic
def keep(software: Software, told: Signed, document: Document, *, by: str, at: datetime) -> Evidence:
    passed = bool(document.scenarios) and all(one.passed for one in document.scenarios)
    record(Event.BENCH_SHOWN, by=by, subject=f"software:{software.pk}", purpose="passed" if passed else "", at=at)
    kept = {"document": msgspec.to_builtins(document), "signature": told.signature, "passed": passed}
    return Evidence.objects.create(software=software, at=at, **kept)


def testable(software: Software) -> bool:
    """Whether there is a bench, and something to decide after it."""
    return bool(settings.BENCH_URL) and software.state != ApprovalState.WITHDRAWN


def _fetched(software: Software) -> Signed:
    try:
        keys = KeyList.decode(_get("/v1/keys")).check(bytes.fromhex(settings.BENCH_ROOT))
        told = msgspec.json.decode(_get(f"/v1/bench?id={software.pk}"), type=Signed)
        leaf = merkle.root([merkle.leaf(told.document)])
        signing.check(keys.receipt, told.signature, statements.receipt(leaf, 1, told.at))
    except (urllib3.exceptions.HTTPError, msgspec.MsgspecError, SealingError, ValueError):
        raise BenchAway from None
    return told


def _get(path: str) -> bytes:
    answer = urllib3.request("GET", settings.BENCH_URL + path, timeout=_TIMEOUT, retries=False, redirect=False)
    return bytes(answer.data[:_LONGEST])
