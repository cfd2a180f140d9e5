"""What the registry asks of its keyholder, as functions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sceau.core.codes.loinc import Disease
from sceau.core.keyholder.client import Client
from sceau.core.keyholder.envelope_verbs import (
    ANY_DISEASE,
    Acknowledge,
    AcknowledgeAll,
    Answer,
    Ingest,
    Keys,
    Receipt,
    ReceiptAll,
)
from sceau.core.keyholder.identity_verbs import Blind, BlindTokens, Compare, Likeness, SameActs
from sceau.core.keyholder.service_verbs import Signature
from sceau.core.keyholder.shapes import SealedAt


class RegistryClient(Client):
    def ingest(
        self,
        envelopes: Sequence[bytes],
        *,
        at: datetime,
        acknowledged: Sequence[UUID] = (),
        diseases: Mapping[UUID, list[Disease]] = ANY_DISEASE,
    ) -> list[Answer]:
        return cast(list[Answer], self.ask(Ingest(list(envelopes), at, list(acknowledged), dict(diseases))))

    def receipt(self, root: bytes, count: int, *, at: datetime) -> Signature:
        return cast(Signature, self.ask(Receipt(root, count, at)))

    def receipt_all(self, receipts: Sequence[Receipt]) -> list[Signature]:
        return cast(list[Signature], self.ask(ReceiptAll(list(receipts))))

    def acknowledge_all(self, acknowledgements: Sequence[Acknowledge]) -> list[Signature]:
        return cast(list[Signature], self.ask(AcknowledgeAll(list(acknowledgements))))

    def compare(self, identities: Sequence[SealedAt], pairs: Sequence[tuple[int, int]]) -> list[Likeness]:
        return cast(list[Likeness], self.ask(Compare(list(identities), list(pairs))))

    def same_acts(self, identities: Sequence[SealedAt], pairs: Sequence[tuple[int, int]]) -> list[bool]:
        return cast(list[bool], self.ask(SameActs(list(identities), list(pairs))))

    def blind(self, identities: Sequence[SealedAt]) -> list[tuple[BlindTokens, ...]]:
        return cast(list[tuple[BlindTokens, ...]], self.ask(Blind(list(identities))))

    def keys(self) -> tuple[bytes, bytes]:
        """The key list as it is published, and the root's public key (32 bytes)."""
        return cast(tuple[bytes, bytes], self.ask(Keys()))
