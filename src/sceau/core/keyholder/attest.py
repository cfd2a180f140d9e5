"""Attesting what a log entry says of rows in clear: whoever may write to the database, and to its log, cannot make such an entry.

An attestation is an HMAC under a key that nobody else has; only a keyholder can tell whether one is true.
"""

import hmac
from collections.abc import Callable, Mapping
from typing import Any

from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.service_verbs import Attest, Attested
from sceau.core.keyholder.shapes import Question
from sceau.core.keyholder.store import Store

_LABEL = b"sceau/attest/v1\0"
_MAY = {"web": ("pharmacy", "user", "member", "software-key"), "worker": ("facts", "tally")}


class Attestations:
    def __init__(self, store: Store) -> None:
        self._store = store

    def handlers(self) -> Mapping[type[Question], Callable[[Any, str], Any]]:
        return {Attest: self.attest, Attested: lambda asked, _: self.attested(asked)}

    def attest(self, asked: Attest, principal: str) -> list[bytes]:
        """Raises `not-allowed` for a kind that this principal has no business with; the operator may decide anything."""
        if principal != "operator" and asked.kind not in _MAY.get(principal, ()):
            raise KeyholderError(Refusal.NOT_ALLOWED, "kind")
        return [self.mac(asked.kind, one) for one in asked.statements]

    def attested(self, asked: Attested) -> list[bool]:
        return [hmac.compare_digest(self.mac(asked.kind, statement), mac) for statement, mac in asked.statements]

    def mac(self, kind: str, statement: bytes) -> bytes:
        return hmac.digest(self._store.ensure("attest"), _LABEL + kind.encode() + b"\0" + statement, "sha256")
