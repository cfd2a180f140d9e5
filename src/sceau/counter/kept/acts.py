"""What an entry tells becomes a visit or a result, with the times that it was kept with. Never looks at who may say so."""

import hmac
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sceau.core.codes.snomed import Result
from sceau.core.report.errors import ReportError
from sceau.core.sealing.epochs import PharmacyKeys
from sceau.counter.kept.content import Box, Content, Found, Started
from sceau.counter.kept.errors import Aside, NotYet
from sceau.counter.kept.models import Entry, EntryState, Reason
from sceau.counter.kits.models import Kit
from sceau.counter.pharmacies.policies import NotAllowed
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.screenings.unseal import open_copy
from sceau.counter.visits import actions as visits
from sceau.counter.visits.draft import Draft
from sceau.counter.visits.errors import Known, Moved, NoKit, ResultsMissing
from sceau.counter.visits.models import Visit

RESULTS = {"+": Result.DETECTED, "-": Result.NOT_DETECTED, "?": Result.INCONCLUSIVE}


def start(number: UUID, content: Started, draft: Draft, *, by: Present, at: datetime) -> None:
    """The test runs since `content.at`. One that is here already was begun before the answer was lost. Raises `Aside`."""
    if Visit.objects.filter(pk=number, pharmacy=by.pharmacy).exists():
        return
    try:
        visits.add(draft, by=by, at=at, number=number)
        visits.start(number, _kit(content.box, by), by=by, at=content.at)
    except Known:
        raise Aside(Reason.MOVED) from None
    except NoKit:
        raise Aside(Reason.KIT) from None


def find(number: UUID, content: Found, *, by: Present, at: datetime) -> None:
    """The result, found at `content.at`. Raises `Aside`, `NotYet`."""
    visit = Visit.objects.filter(pk=content.visit, pharmacy=by.pharmacy).select_related("report").first()
    if visit is None:
        begun = Entry.objects.filter(pk=content.visit, pharmacy=by.pharmacy, state=EntryState.WAITING)
        raise NotYet if begun.exists() else Aside(Reason.NO_VISIT)
    found = [RESULTS[key] for key in content.keys if key in RESULTS]
    if _said_already(visit, found, by.keys):
        return
    kit = _kit(content.box, by) if content.box else None
    kept = visits.Kept(content.at, report_id(by.keys, number), kit)
    try:
        visits.finish(visit.id, found, by=by, at=at, kept=kept)
    except Moved:
        raise Aside(Reason.MOVED) from None
    except NotAllowed:
        raise Aside(Reason.NOT_ALLOWED) from None
    except (ResultsMissing, ReportError):
        raise Aside(Reason.MALFORMED) from None


def bring_back(content: Content, *, by: Present) -> None:
    """A person says that a result counts: whoever was taken off the queue under way is tested again."""
    if isinstance(content, Found):
        with suppress(Moved):
            visits.resume(content.visit, by=by)


def report_id(keys: PharmacyKeys, entry: UUID) -> UUID:
    """Of the report that this entry becomes: the same whenever it is asked, and nobody else's to choose (as ADR 0002 has it)."""
    digest = bytearray(hmac.digest(keys.import_key(), b"kept" + entry.bytes, "sha256")[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return UUID(bytes=bytes(digest))


def _said_already(visit: Visit, found: list[Result], keys: PharmacyKeys) -> bool:
    """The result had arrived before its answer was lost."""
    told = open_copy(visit.report, keys).screening if visit.report else None
    return told is not None and [one.result for one in told.findings] == found


def _kit(box: Box, by: Present) -> Kit:
    """With the lot and expiry that were in hand, which had not failed when the page began; this is not saved."""
    kit = Kit.objects.filter(pk=box.kit, pharmacy=by.pharmacy).first()
    if kit is None:
        raise Aside(Reason.KIT)
    kit.lot, kit.expiry, kit.failed = box.lot[:20], box.expiry, False
    return kit
