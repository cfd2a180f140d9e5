"""What the log says of rows that lie in clear: how many of a group there are and a digest over them, attested by the keyholder.

A superuser can edit such rows, and can add an entry that says otherwise; he cannot have the keyholder attest it. Of one subject the
last attested entry counts. What is told goes into `purpose`: number, digest, attestation, and possibly a word for whoever reads it.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from django.db import connection

from sceau.core.audit.checkpoint import Signer
from sceau.core.audit.events import Event
from sceau.core.audit.record import Told, record_all
from sceau.core.keyholder.service_verbs import Attest, Attested

GONE = bytes(32)
_CHUNK = 20_000
_ATTESTED = re.compile(r"(\d+) ([\w-]{43}) ([\w-]{43})(?: .*)?")
_ENTRIES = """
select subject, at, purpose from audit_entry where subject like %s and purpose ~ '^[0-9]+ [^ ]{43} [^ ]{43}' order by subject, at
"""
_KINDS = """
select distinct split_part(subject, ':', 1) from audit_entry where at < %s and purpose ~ '^[0-9]+ [^ ]{43} [^ ]{43}'
"""


class State(NamedTuple):
    """`subject` is a kind and an id; `digest` (32 bytes) is over its `rows`, `GONE` where there are none."""

    subject: str
    rows: int
    digest: bytes
    word: str = ""


class Known(NamedTuple):
    """What an entry of the log says, when it was told, and whether the keyholder attested it."""

    state: State
    at: datetime
    attested: bool


def tell(states: Sequence[State], *, event: Event, by: str, keyholder: Signer, at: datetime) -> None:
    """Entries for these states, all of one kind, in the transaction that made them so. Raises `KeyholderError`."""
    if not states:
        return
    macs = keyholder.ask(Attest(_kind(states[0].subject), [statement(one, at) for one in states]))
    assert isinstance(macs, list)
    tell_attested(states, macs, event=event, by=by, at=at)


def tell_attested(states: Sequence[State], macs: Sequence[bytes], *, event: Event, by: str, at: datetime) -> None:
    """The same of states whose entries the keyholder has attested already, as it asks more of them than who it is that tells them."""
    told = [_purpose(one, mac) for one, mac in zip(states, macs, strict=True)]
    record_all([Told(event, by, one.subject, at, text) for one, text in zip(states, told, strict=True)])


def known(kind: str, *, keyholder: Signer) -> Iterator[Known]:
    """What the log says of each subject of that kind; of attested entries the last alone."""
    last: Known | None = None
    for one in _entries(kind, keyholder):
        if not one.attested:
            yield one
            continue
        if last and last.state.subject != one.state.subject:
            yield last
        last = one
    if last:
        yield last


def carry(*, before: datetime, keyholder: Signer, at: datetime) -> None:
    """Tells anew what was told before that moment and still holds: the log is about to lose it. For the operator."""
    with connection.cursor() as cursor:
        cursor.execute(_KINDS, [before])
        kinds = [kind for (kind,) in cursor.fetchall()]
    for kind in kinds:
        old = [one for one in known(kind, keyholder=keyholder) if one.attested and one.at < before and one.state.rows]
        tell([one.state for one in old], event=Event.STATE_CARRIED, by="system:retention", keyholder=keyholder, at=at)


def _entries(kind: str, keyholder: Signer) -> Iterator[Known]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ENTRIES, [f"{kind}:%"])
        while chunk := [_read(*row) for row in islice(cursor, _CHUNK)]:
            asked = [(statement(state, at), mac) for state, at, mac in chunk]
            answers = keyholder.ask(Attested(kind, asked))
            assert isinstance(answers, list)
            yield from (Known(state, at, true) for (state, at, _), true in zip(chunk, answers, strict=True))


def _read(subject: str, at: datetime, purpose: str) -> tuple[State, datetime, bytes]:
    found = _ATTESTED.fullmatch(purpose)
    if found is None:
        return State(subject, 0, GONE), at, b""
    return State(subject, int(found[1]), _bytes(found[2])), at, _bytes(found[3])


def statement(state: State, at: datetime) -> bytes:
    """What the keyholder attests of a state; it ends in the digest."""
    return f"{state.subject}\n{round(at.timestamp() * 1_000_000)}\n{state.rows}\n".encode() + state.digest


def _purpose(state: State, mac: bytes) -> str:
    return " ".join(filter(None, (str(state.rows), _text(state.digest), _text(mac), state.word)))


def _kind(subject: str) -> str:
    return subject.partition(":")[0]


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=")
