"""Pharmacies of a counter, the files they import, and a registry at hand that signs as the real one does."""

import os
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.conf import settings
from django.test import Client

import sceau.demo.samples
from sceau.core.accounts.actions import Account
from sceau.core.accounts.models import User
from sceau.core.accounts.slots import Owned
from sceau.core.accounts.unlocking import divide
from sceau.core.audit import merkle
from sceau.core.codes.identifiers import Finess
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.envelope_verbs import Accepted, Acknowledge, Ingested, StampKey
from sceau.core.keyholder.stamps import Stamp
from sceau.core.problems import PREFIX, ProblemDetails
from sceau.core.report.model import Patient, Sex
from sceau.core.sealing.epochs import PharmacyKeys
from sceau.core.sealing.header import Header
from sceau.core.wire import Acknowledgement, Acknowledgements, Receipt, Taken
from sceau.counter.imports import actions as imports
from sceau.counter.imports.actions import Imported
from sceau.counter.kits.models import Kit
from sceau.counter.pharmacies import actions as pharmacies
from sceau.counter.pharmacies.models import Member, Pharmacy, Role
from sceau.counter.pharmacies.unlocked import Present
from sceau.counter.relay.errors import RegistryRefused

AT = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=1)
"""Yesterday: the keyholder makes keys for the days around today alone."""
SAMPLE = Path(sceau.demo.samples.__file__).with_name("depistages.csv").read_text()
HEADER, FIRST, *_ = SAMPLE.splitlines()


def file(count: int, *, positive: Callable[[int], bool] = lambda nth: False, start: int = 0) -> bytes:
    """A CSV of so many distinct persons, in our own template."""
    return "\n".join([HEADER, *(_line(nth, positive(nth)) for nth in range(start, start + count))]).encode()


def _line(nth: int, positive: bool) -> str:
    name = "TESTARD-" + "A" * (nth % 40)
    row = (
        FIRST.replace("DL-2022-0001", f"DL-{nth:05}")
        .replace("LUNEVILLE", name)
        .replace("12 rue des Lilas", "12 rue" + "x" * (3 * nth % 180))
    )
    return row if positive else row.replace("positif", "négatif")


class Place(NamedTuple):
    pharmacy: Pharmacy
    keys: PharmacyKeys
    owner: Account
    bruno: Member

    @classmethod
    def opened(cls, finess: str, name: str) -> Self:
        email = f"bruno@{finess}.example"
        made = pharmacies.found(finess=Finess(finess), name=name, owner_email=email, owner_name="Bruno")
        return cls(made.pharmacy, made.keys, made.account, made.owner)

    def imports(self, data: bytes, *, at: datetime = AT, progress: Callable[[int], None] = lambda done: None) -> Imported:
        source, reading = imports.start(data, name="essai.csv", pharmacy=self.pharmacy, keys=self.keys, at=at)
        return imports.run(source, reading, keys=self.keys, clock=lambda: at, progress=progress)

    def undo(self, imported: Imported) -> int:
        return imports.undo(imported.source, keys=self.keys, at=AT + timedelta(minutes=1))

    def join(self, email: str, role: Role) -> Account:
        """Somebody new at this pharmacy."""
        owned = Owned(str(self.pharmacy.id))
        return pharmacies.add_member(
            pharmacy=self.pharmacy, keys=self.keys, email=email, name="Amina", role=role, owned=owned, by=self.bruno
        )[1]

    def invite(self, email: str, role: Role) -> tuple[User, str]:
        """Somebody who has not opened the account yet, and the code."""
        owned = Owned(str(self.pharmacy.id))
        member, code = pharmacies.invite(
            pharmacy=self.pharmacy, keys=self.keys, email=email, name="Zoé", role=role, owned=owned, by=self.bruno
        )
        return member.user, code

    def present(self, email: str = "", role: Role = Role.OWNER) -> Present:
        """The owner at work; or somebody new with this role."""
        if not email:
            return Present(self.bruno, self.keys, self.owner.opened)
        account = self.join(email, role)
        return Present(Member.objects.get(user=account.user), self.keys, account.opened)

    def kit(self, **told: Any) -> Kit:
        """A kit in hand: fifteen minutes, one result, and far from its expiry."""
        fields = {
            "name": "Panbio",
            "gtin": "03760123456784",
            "loinc": "94558-4",
            "lot": "A1",
            "expiry": date(2099, 1, 31),
            "used_at": AT,
        }
        return Kit.objects.create(pharmacy=self.pharmacy, **fields | told)

    def sign_in(self, email: str, role: Role) -> Client:
        """A browser in which somebody new is signed in and unlocked."""
        return signed_in(self.join(email, role))


def signed_in(account: Account, *, at: Client | None = None) -> Client:
    """A browser in which this person is signed in and unlocked: one of their own, or the one given, whoever was there before."""
    client = at or Client()
    client.force_login(account.user)
    halves, session = divide(account.user, account.opened, at=time.time()), client.session
    session["unlocked"], session["seen"] = halves.row, time.time()
    session.save()
    client.cookies[settings.UNLOCK_COOKIE_NAME] = halves.cookie
    return client


class FakeRegistry:
    """Takes envelopes and signs with the keys that the counter has pinned. `refuse` is raised instead, while it is set."""

    def __init__(self) -> None:
        sockets = Path(os.environ["REGISTRY_SOCKETS"])
        self.keys, self.door = RegistryClient(sockets / "worker.sock"), RegistryClient(sockets / "web.sock")
        self.stamp = Stamp(*self.door.ask(StampKey(plain=False)))
        self.sent: list[list[UUID]] = []
        self.inbox: dict[UUID, bytes] = {}
        self.refuse: ProblemDetails | None = None
        self.problems: dict[UUID, ProblemDetails] = {}

    def send(self, envelopes: Sequence[bytes], *, at: datetime) -> Receipt:
        ids = [Header.parse(data).envelope for data in envelopes]
        self.sent.append(ids)
        if self.refuse:
            raise RegistryRefused(self.refuse)
        taken = {one: data for one, data in zip(ids, envelopes, strict=True) if one not in self.problems}
        self.inbox |= taken
        return self.receipt(list(taken.values()), [Taken(id=one, problem=self.problems.get(one)) for one in ids], at=at)

    def receipt(self, envelopes: Sequence[bytes], told: list[Taken], *, at: datetime) -> Receipt:
        root = merkle.root([merkle.leaf(data) for data in envelopes])
        signature = self.door.receipt(root, len(envelopes), at=at)
        return Receipt(received_at=at, root=root, key=signature.key, signature=signature.value, envelopes=told)

    def acknowledgements(self, envelopes: Sequence[UUID], *, at: datetime) -> Acknowledgements:
        if self.refuse:
            raise RegistryRefused(self.refuse)
        return Acknowledgements([self._told(one, at) for one in envelopes if one in self.inbox])

    def _told(self, envelope: UUID, at: datetime) -> Acknowledgement:
        (answer,) = self.keys.ingest([self.inbox[envelope] + self.stamp.on(self.inbox[envelope])], at=at)
        assert isinstance(answer, Ingested)
        outcomes = ["recorded" if isinstance(one, Accepted) else "refused" for one in answer.reports]
        (signature,) = self.keys.acknowledge_all([Acknowledge(envelope, outcomes, answer.sealed_reasons, at)])
        return Acknowledgement(
            envelope=envelope,
            outcomes=outcomes,
            flaw="",
            sealed_reasons=answer.sealed_reasons,
            acknowledged_at=at,
            key=signature.key,
            signature=signature.value,
        )


def patient(family: str = "LUNEVILLE", given: str = "Hugo", born: date = date(1985, 3, 12), **told: Any) -> Patient:
    return Patient(family=family, given=tuple(given.split()), birth_date=born, sex=Sex.UNKNOWN, **told)


def problem(kind: str, status: int) -> ProblemDetails:
    return ProblemDetails(type=PREFIX + kind, title="", status=status)
