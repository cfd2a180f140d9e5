"""Credentials: the keyholder's part in every slot, and the day secrets of whoever a credential belongs to.

Of each credential it keeps a random secret and a check of the right input, so that it knows a wrong password from a right one,
counts the wrong ones, and gives nothing for them. Without its secret the slot opens for nobody; destroyed, for nobody ever.
"""

import hmac
import os
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from sceau.core.keyholder.credential_verbs import CredentialKind, End, Enrol, Evaluate, Hardening
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.journal import Journal
from sceau.core.keyholder.meter import Meter
from sceau.core.keyholder.retention import Regimes, destroy_expired
from sceau.core.keyholder.service_verbs import Retire, Statement
from sceau.core.keyholder.shapes import Question
from sceau.core.keyholder.statement import state
from sceau.core.keyholder.store import KEY_LENGTH, Store

FAILURES, WITHIN = 10, timedelta(hours=1)
AHEAD = timedelta(days=15)
_CHECK, _HARDEN = b"sceau/check/v1\0", b"sceau/harden/v1\0"


class Credential(msgspec.Struct, frozen=True, array_like=True):
    secret: bytes
    check: bytes
    owner: str
    kind: CredentialKind


class Credentials:
    """Answers for both services; with `regimes` where owners have day secrets (the counter)."""

    def __init__(
        self, store: Store, meter: Meter, journal: Journal, clock: Callable[[], datetime], *, regimes: Regimes | None = None
    ) -> None:
        self._store, self._meter, self._journal, self._clock, self._regimes = store, meter, journal, clock, regimes

    def handlers(self) -> Mapping[type[Question], Callable[[Any, str], Any]]:
        shared = {
            Enrol: self.enrol,
            Evaluate: lambda asked, _: self.evaluate(asked.credential, asked.input),
            End: lambda asked, _: self.end(asked.credential),
        }
        return shared | ({Retire: lambda asked, _: self.retire(asked.on)} if self._regimes else {})

    def enrol(self, asked: Enrol, principal: str) -> Hardening:
        """A new credential. Raises `KeyholderError`: `not-understood`, `not-allowed` without a sponsor, `wrong` with a wrong one."""
        members = _members(asked.owner)
        if len(asked.input) != KEY_LENGTH or self._store.get(_name(asked.credential)) is not None:
            raise KeyholderError(Refusal.NOT_ALLOWED)
        if principal != "operator" and self._store.names(members):
            self._vouched(asked)
        secret = os.urandom(KEY_LENGTH)
        made = Credential(secret, _mac(secret, _CHECK, asked.input), asked.owner, asked.kind)
        self._journal.append("enrol", self._clock(), credential=str(asked.credential), kind=asked.kind, owner=asked.owner)
        # The member first, and for ever: no crash and no `End` makes an owner look new, whose first credential nobody vouches for.
        self._store.put(f"{members}/{asked.credential}", b"")
        self._store.put(_name(asked.credential), msgspec.msgpack.encode(made))
        return self._harden(made, asked.input)

    def evaluate(self, credential: UUID, given: bytes) -> Hardening:
        """Raises `KeyholderError`: `wrong`, or `metered` after ten wrong passwords in an hour."""
        held = self._right(credential, given)
        self._journal.append("evaluate", self._clock(), credential=str(credential), kind=held.kind)
        return self._harden(held, given)

    def end(self, credential: UUID) -> Statement:
        """Destroys the credential's secret; safe to ask twice."""
        held, at = self._held(credential), self._clock()
        self._journal.append("end", at, credential=str(credential), kind=held.kind if held else "unknown")
        self._store.destroy(_name(credential))
        self._meter.reset(_wrong(credential))
        return state(self._store, [_name(credential)], at)

    def retire(self, on: date) -> Statement:
        """Destroys every owner's secrets of days whose retention ended before `on`."""
        assert self._regimes is not None
        names = [name for owner in self._store.folders("owners") for name in self._store.names(owner)]
        return destroy_expired(self._store, self._journal, names, self._regimes, on=on, at=self._clock())

    def _vouched(self, asked: Enrol) -> None:
        """By another credential of the same owner."""
        if asked.sponsor is None or self._right(asked.sponsor.credential, asked.sponsor.input).owner != asked.owner:
            raise KeyholderError(Refusal.NOT_ALLOWED, "somebody of the same owner has to be there")

    def _right(self, credential: UUID, given: bytes) -> Credential:
        held = self._held(credential)
        known = held or Credential(bytes(KEY_LENGTH), bytes(KEY_LENGTH), "", CredentialKind.PASSWORD)
        self._tried(credential, held)
        if not hmac.compare_digest(_mac(known.secret, _CHECK, given), known.check) or held is None:
            kind = held.kind if held else "unknown"
            self._journal.append("wrong", self._clock(), credential=str(credential), kind=kind)
            raise KeyholderError(Refusal.WRONG)
        self._meter.reset(_wrong(credential))
        return held

    def _tried(self, credential: UUID, held: Credential | None) -> None:
        """Counted before it is compared, so that a full disk lets nobody guess. What is not counted costs the same: one write."""
        if held and held.kind is CredentialKind.PASSWORD:
            self._meter.check(_wrong(credential), limit=FAILURES, window=WITHIN, at=self._clock())
            self._meter.count(_wrong(credential), at=self._clock())
        else:
            self._store.put("uncounted", bytes(KEY_LENGTH))

    def _held(self, credential: UUID) -> Credential | None:
        held = self._store.get(_name(credential))
        return msgspec.msgpack.decode(held, type=Credential) if held else None

    def _harden(self, credential: Credential, given: bytes) -> Hardening:
        days = self._live(credential.owner) if self._regimes and credential.owner else {}
        return Hardening(_mac(credential.secret, _HARDEN, given), days)

    def _live(self, owner: str) -> dict[str, bytes]:
        """Every day that is not destroyed; the coming ones are made now, yesterday's too since calendars differ by hours."""
        today, folder = self._clock().date(), f"owners/{owner}"
        for ahead in range(-1, AHEAD.days + 1):
            self._store.ensure(f"{folder}/{(today + timedelta(days=ahead)).isoformat()}")
        names = self._store.names(folder)
        return {name.rpartition("/")[2]: self._store.ensure(name) for name in names}


def _members(owner: str) -> str:
    """The folder of an owner's credentials; raises `not-understood` for what is no pharmacy's id, and so no folder's name."""
    try:
        if not owner or str(UUID(owner)) == owner:
            return f"members/{owner or 'staff'}"
    except ValueError:
        pass
    raise KeyholderError(Refusal.NOT_UNDERSTOOD, "owner")


def _wrong(credential: UUID) -> str:
    return f"wrong-{credential}"


def _name(credential: UUID) -> str:
    return f"credentials/{credential}"


def _mac(secret: bytes, label: bytes, given: bytes) -> bytes:
    return hmac.digest(secret, label + given, "sha256")
