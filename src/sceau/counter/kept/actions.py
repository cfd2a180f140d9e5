"""Taking in what was kept, in a session of the pharmacy: each entry once, in the order of time, in a transaction of its own.

An entry that carries the pharmacy's voucher is its member's act. Any other waits until a person of the pharmacy says that it is theirs:
public keys are public, and anybody can seal to them.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.sealing import vouchers
from sceau.core.sealing.epochs import DayShut
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.vouchers import Voucher
from sceau.counter.kept import acts
from sceau.counter.kept.content import Content, Started, Told
from sceau.counter.kept.errors import Aside, NotYet, Settled
from sceau.counter.kept.models import Entry, EntryState, Reason
from sceau.counter.kept.unseal import open_entry
from sceau.counter.pharmacies.models import Member
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.visits.draft import Draft

LASTS = timedelta(hours=12)
"""How long a page may speak for the member to whom it was shown: as long as a session at most."""
AHEAD = timedelta(minutes=2)
"""How far an entry may be ahead of its arrival: two clocks that agree are never quite the same."""

Reader = Callable[[Told, date], Draft]
"""Looks at what was typed, as on that day; raises `Malformed`."""


def vouch(by: Present, *, at: datetime) -> str:
    """For the page of this member."""
    voucher = Voucher(by.member.id, at.replace(microsecond=0), at.replace(microsecond=0) + LASTS)
    return voucher.sign(by.keys.voucher_key(by.pharmacy.day(at)), by.pharmacy.id)


def take_in(*, by: Present, at: datetime, read: Reader) -> int:
    """Everything that waits; gives how many became visits or results. The others are set aside, each for its reason."""
    rows = Entry.objects.filter(pharmacy=by.pharmacy, state=EntryState.WAITING)
    return sum(_settled(number, by, at, read) for number in _in_order(rows, by))


@transaction.atomic
def confirm(entry: UUID, *, by: Present, at: datetime, read: Reader, mended: Content | None = None) -> Reason | None:
    """The person at the page says that an entry which was set aside is the pharmacy's own, as it is or as they have `mended` it: taken
    in as their act, or it gives why it still cannot be. Raises `Settled`.
    """
    row = _held(entry, by)
    try:
        with transaction.atomic():
            content = mended or open_entry(row, by.keys)
            acts.bring_back(content, by=by)
            _take(row, content, by, at, read)
    except NotYet:
        return Reason(row.reason)
    except Aside as why:
        row.reason = why.reason
        row.save(update_fields=["reason"])
        return why.reason
    _move(row, EntryState.TAKEN, Event.KEPT_CONFIRMED, by, at)
    return None


def held(entry: UUID, *, by: Present) -> Entry:
    """An entry that waits for a person of this pharmacy; raises `Settled`."""
    row = Entry.objects.filter(pk=entry, pharmacy=by.pharmacy, state=EntryState.ASIDE).first()
    if row is None:
        raise Settled
    return row


@transaction.atomic
def dismiss(entry: UUID, *, by: Present, at: datetime) -> None:
    """Not ours, or typed in anew: stays sealed until its day ends, and is shown no more. Raises `Settled`."""
    _move(_held(entry, by), EntryState.DISMISSED, Event.KEPT_DISMISSED, by, at)


def _in_order(rows: Iterable[Entry], by: Present) -> list[UUID]:
    """By the time that each tells; what does not open comes last."""
    timed = [(_time(row, by), row.id) for row in rows]
    return [number for _, number in sorted(timed, key=lambda one: one[0])]


def _time(row: Entry, by: Present) -> tuple[bool, datetime]:
    try:
        return False, open_entry(row, by.keys).at
    except Aside:
        return True, row.arrived_at


@transaction.atomic
def _settled(entry: UUID, by: Present, at: datetime, read: Reader) -> bool:
    """Whether it was taken in; not when another session has it in hand just now."""
    waiting = Entry.objects.select_for_update(skip_locked=True).filter(pk=entry, state=EntryState.WAITING)
    row = waiting.first()
    if row is None:
        return False
    try:
        with transaction.atomic():
            content = open_entry(row, by.keys)
            _take(row, content, author(content, by), at, read)
    except NotYet:
        return False
    except Aside as why:
        _move(row, EntryState.ASIDE, Event.KEPT_SET_ASIDE, by, at, reason=why.reason)
        return False
    _move(row, EntryState.TAKEN, Event.KEPT_TAKEN_IN, by, at)
    return True


def author(content: Content, by: Present) -> Present:
    """The member for whom the pharmacy's voucher stands; raises `Aside` (`unvouched`)."""
    try:
        voucher = vouchers.read(content.voucher)
        vouchers.check(content.voucher, by.keys.voucher_key(by.pharmacy.day(voucher.since)), by.pharmacy.id)
    except (SealingError, DayShut):
        raise Aside(Reason.UNVOUCHED) from None
    member = (
        Member.objects.filter(pk=voucher.member, pharmacy=by.pharmacy, user__is_active=True).select_related("pharmacy").first()
    )
    if member is None or not voucher.covers(content.at):
        raise Aside(Reason.UNVOUCHED)
    return by._replace(member=member)


def _take(row: Entry, content: Content, who: Present, at: datetime, read: Reader) -> None:
    if content.at > row.arrived_at + AHEAD:
        raise Aside(Reason.FUTURE)
    if isinstance(content, Started):
        acts.start(row.id, content, read(content.told, who.pharmacy.day(content.at)), by=who, at=at)
    else:
        acts.find(row.id, content, by=who, at=at)


def _held(entry: UUID, by: Present) -> Entry:
    rows = Entry.objects.select_for_update().filter(pk=entry, pharmacy=by.pharmacy, state=EntryState.ASIDE)
    row = rows.first()
    if row is None:
        raise Settled
    return row


def _move(row: Entry, state: EntryState, event: Event, by: Present, at: datetime, *, reason: Reason | None = None) -> None:
    row.state, row.reason = state, reason or ""
    if state == EntryState.TAKEN:
        row.sealed = b""
    row.save(update_fields=["state", "reason", "sealed"])
    record(event, by=f"user:{by.member.user_id}", subject=f"kept:{row.id}", purpose=row.reason, at=at)
