"""Who signs in as which software: keys that are given, and the tokens that their signatures are worth. The database is not asked, and
whoever keeps a door can make no token.
"""

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sceau.core.keyholder.access_token import LIFETIME, AccessToken
from sceau.core.keyholder.assertions import Assertions, proved, subject
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.journal import Journal
from sceau.core.keyholder.meter import Meter
from sceau.core.keyholder.shapes import Question
from sceau.core.keyholder.software import Software
from sceau.core.keyholder.software_keys import members, thumbprint
from sceau.core.keyholder.software_verbs import AccessKey, AddKey, EndKey, Lend, SignIn
from sceau.core.keyholder.store import Store
from sceau.core.sealing import signing

MOST_LENT, LENT_WITHIN = 60, timedelta(hours=1)
_TABLE = "csv"


class Access:
    """`origin` is the site's address; `bench`: of a sandbox, which takes the keys that its registry tells."""

    def __init__(
        self,
        store: Store,
        meter: Meter,
        journal: Journal,
        clock: Callable[[], datetime],
        software: Software,
        *,
        origin: str,
        bench: bool = False,
    ) -> None:
        self._seed, self._meter, self._journal, self._clock = store.ensure("access"), meter, journal, clock
        self._software, self._keys, self._bench = software, software.keys, bench
        self._assertions = Assertions(origin)

    def handlers(self) -> Mapping[type[Question], Callable[[Any, str], Any]]:
        return {
            AddKey: self.add,
            EndKey: lambda asked, _: self.end(asked),
            SignIn: lambda asked, _: self.sign_in(asked),
            Lend: self.lend,
            AccessKey: lambda asked, _: signing.public_bytes(self._seed),
        }

    def add(self, asked: AddKey, principal: str) -> bool:
        """Whether the key is heard from now on; else it waits for the authority. Raises `wrong` for another's signature."""
        by, at = self._given(asked, principal), self._clock()
        if by:
            overlap = None if by == "bench" else timedelta(seconds=asked.overlap)
            self._journal.append("software-key", at, software=str(asked.software), key=thumbprint(asked.jwk), by=by)
            self._keys.add(asked.software, members(asked.jwk), at=at, overlap=overlap)
        return bool(by)

    def end(self, asked: EndKey) -> datetime:
        """When: tokens of before are worth nothing any more."""
        at = self._clock()
        self._journal.append("end-software-key", at, software=str(asked.software), key=asked.thumbprint)
        self._keys.end(asked.software, asked.thumbprint, at=at)
        return at

    def sign_in(self, asked: SignIn) -> str:
        """A token for whose key signed that they sign in here and now; raises `wrong`, `metered`."""
        at, software = self._clock(), subject(asked.assertion)
        if software is None:
            raise KeyholderError(Refusal.WRONG, "assertion")
        key, told = self._keys.signer(software, asked.assertion, at=at)
        self._assertions.use(software, told, at=at)
        return AccessToken(software, at, min(at + LIFETIME, key.ends_at or at + LIFETIME)).signed(self._seed)

    def lend(self, asked: Lend, principal: str) -> str:
        """A token for a table alone; raises `not-allowed` for software that may send none now, `metered`."""
        at, known = self._clock(), self._software.known(asked.software)
        if (
            known is None
            or known.approved is None
            or known.ended_at
            or not known.covers(at)
            or _TABLE not in known.approved.formats
        ):
            raise KeyholderError(Refusal.NOT_ALLOWED, "software")
        meter = f"lend {asked.software}"
        self._meter.check(meter, limit=MOST_LENT, window=LENT_WITHIN, at=at)
        self._meter.count(meter, at=at)
        self._journal.append("lend", at, software=str(asked.software), by=principal)
        return AccessToken(asked.software, at, at + LIFETIME, table=True).signed(self._seed)

    def _given(self, asked: AddKey, principal: str) -> str:
        """By whom; empty for a key that only the authority may take."""
        if asked.proof:
            at = self._clock()
            key, told = self._keys.signer(asked.software, asked.proof, at=at)
            _check(asked, proved(asked.software, told, at=at))
            if thumbprint(asked.jwk) in self._keys.of(asked.software):
                raise KeyholderError(Refusal.WRONG, "known")
            return thumbprint(key.jwk)
        if principal == "operator" or self._bench:
            return "bench" if self._bench else principal
        known = self._software.known(asked.software)
        return "publisher" if known is None or known.approved is None else ""


def _check(asked: AddKey, proven: Mapping[str, Any]) -> None:
    """Raises `wrong` where the signature is for another key."""
    if not hmac.compare_digest(thumbprint(proven), thumbprint(asked.jwk)):
        raise KeyholderError(Refusal.WRONG, "proof")
