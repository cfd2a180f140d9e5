"""Signed checkpoints: every minute while there are events, kept in the database and told to a second place."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

import structlog
import urllib3
from django.db import transaction

from sceau.core.audit import merkle, note, tree
from sceau.core.audit.events import Event
from sceau.core.audit.models import Checkpoint
from sceau.core.audit.record import record
from sceau.core.keyholder import service_verbs
from sceau.core.keyholder.service_verbs import Told
from sceau.core.keyholder.shapes import Question

_log = structlog.get_logger("sceau.audit")


class Signer(Protocol):
    """The keyholder."""

    def ask(self, question: Question) -> object: ...


class Witness(NamedTuple):
    """The second place: a file that notes are appended to, or an address that they are posted to; empty for none."""

    place: str

    def tell(self, text: str) -> None:
        """Raises `OSError` or `urllib3.exceptions.HTTPError`; the checkpoint is told again with the next one."""
        if self.place.startswith(("http://", "https://")):
            urllib3.request("POST", self.place, body=text.encode(), headers={"Content-Type": "text/plain"}, timeout=10.0)
        elif self.place:
            with Path(self.place).open("a", encoding="utf-8") as file:
                file.write(text + "\n")


def make(signer: Signer, *, origin: str, witness: Witness, at: datetime) -> Checkpoint | None:
    """Numbers what waits and signs the log as it stands; None when there is nothing new."""
    while tree.sequence():
        pass
    last = Checkpoint.objects.order_by("-size").first()
    size, before = tree.size(), last.size if last else 0
    if size == before:
        return None
    made = _sign(signer, origin, before, size, at)
    witness.tell(made.note)
    return made


@transaction.atomic
def _sign(signer: Signer, origin: str, before: int, size: int, at: datetime) -> Checkpoint:
    told = signer.ask(service_verbs.Health())
    assert isinstance(told, Told)
    if told.checkpoint < before:
        _tell_older(told.checkpoint, before, at)
    root = tree.hashed(0, size)
    proof = merkle.consistency(told.checkpoint, size, tree.hashed) if told.checkpoint <= size else []
    signature = signer.ask(service_verbs.Checkpoint(size, root, proof))
    assert isinstance(signature, service_verbs.Signature)
    text = note.signed(origin, size, root, signature=signature.value, public=told.log_key)
    return Checkpoint.objects.create(size=size, at=at, note=text)


def _tell_older(signed: int, here: int, at: datetime) -> None:
    """The keyholder forgot what it signed: its store was put back. Told once, since it signs the whole log again now."""
    _log.error("the keyholder's store is older than this database: `sceau doctor` says what does not open")
    record(Event.STORE_PUT_BACK, by="system:audit", subject=f"signed:{signed}", purpose=f"here:{here}", at=at)
