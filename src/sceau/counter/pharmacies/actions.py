"""Setting up a pharmacy: its keys, and their enrolment at the registry with the code its owner was given."""

from datetime import datetime
from typing import Protocol

from django.db import transaction

from sceau.core.accounts.models import User
from sceau.core.codes.identifiers import Finess
from sceau.core.keyholder.unsafe import PharmacyKeys
from sceau.core.sealing import signing, statements
from sceau.core.wire import Enrolment
from sceau.counter.pharmacies.models import Member, Pharmacy, Role


class Registry(Protocol):
    def enrol(self, enrolment: Enrolment, *, at: datetime) -> None: ...


def add(*, finess: Finess, name: str) -> Pharmacy:
    return Pharmacy.objects.create(finess=finess, name=name)


def add_member(*, pharmacy: Pharmacy, user: User, role: Role) -> Member:
    return Member.objects.create(pharmacy=pharmacy, user=user, role=role)


@transaction.atomic
def enrol(pharmacy: Pharmacy, *, code: str, keys: PharmacyKeys, registry: Registry, at: datetime) -> str:
    """Enrols the pharmacy's signing key; gives its fingerprint, to compare. Raises `RegistryRefused`."""
    public = signing.public_bytes(keys.signing_seed)
    proof = keys.signer.sign(statements.enrolment(pharmacy.finess, public, code))
    registry.enrol(Enrolment(finess=str(pharmacy.finess), name=pharmacy.name, public_key=public, proof=proof, code=code), at=at)
    pharmacy.enrolled_at = at
    pharmacy.save(update_fields=["enrolled_at"])
    return signing.fingerprint(public)
