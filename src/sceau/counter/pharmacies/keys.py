"""A pharmacy's keys: opened for a member who is there, handed on to others, renewed when somebody leaves.

The signing key of the first epoch is pinned in every slot; each later one is signed by the one before; each member's public key
is signed by the pharmacy. Whoever writes into the database can put nothing of their own between.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from sceau.core.accounts.slots import Opened
from sceau.core.sealing import epochs as sealing
from sceau.core.sealing import signing
from sceau.core.sealing.epochs import PharmacyKeys
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.signing import key_digest
from sceau.core.sealing.unlock import unwrap_epoch
from sceau.counter.pharmacies.errors import KeysNotTrusted, NotAMember
from sceau.counter.pharmacies.models import BoxKey, Epoch, Member, MemberKey, Pharmacy

AHEAD = 14


def open_keys(member: Member, opened: Opened) -> PharmacyKeys:
    """The keys of every epoch. Raises `NotAMember`, `KeysNotTrusted`."""
    held = list(member.keys.select_related("epoch").order_by("epoch__number"))
    if not held:
        raise NotAMember
    trust([key.epoch for key in held], opened.content.pharmacies.get(str(member.pharmacy_id), ""))
    return PharmacyKeys([_epoch(member, key, opened) for key in held], opened.days)


def trust(epochs: Sequence[Epoch], pinned: str) -> None:
    """The first epoch's signing key is the pinned one and signed each next; raises `KeysNotTrusted`."""
    if not epochs or key_digest(bytes(epochs[0].signing_public)) != pinned:
        raise KeysNotTrusted
    for before, after in pairwise(epochs):
        statement = sealing.succession(after.pharmacy_id, after.number, bytes(after.signing_public))
        try:
            signing.check(bytes(before.signing_public), bytes(after.endorsement), statement)
        except SealingError:
            raise KeysNotTrusted from None


def add_epoch(pharmacy: Pharmacy, keys: PharmacyKeys | None, epoch: sealing.Epoch, members: Iterable[Member]) -> Epoch:
    """Writes an epoch and wraps it to these members; `keys` are those of the epochs before, if there are any."""
    public = signing.public_bytes(epoch.signing_seed)
    endorsement = keys.signer.sign(sealing.succession(pharmacy.id, epoch.number, public)) if keys else b""
    row = Epoch.objects.create(pharmacy=pharmacy, number=epoch.number, signing_public=public, endorsement=endorsement)
    hand_on([(row, epoch)], members)
    return row


def hand_on(epochs: Iterable[tuple[Epoch, sealing.Epoch]], members: Iterable[Member]) -> None:
    """Wraps epochs to members whose public keys the pharmacy has endorsed."""
    pairs = [(member, row, epoch) for member in members for row, epoch in epochs]
    wrapped = (
        MemberKey(member=member, epoch=row, wrapped=sealing.wrap_to(bytes(member.user.public_key), epoch))
        for member, row, epoch in pairs
    )
    MemberKey.objects.bulk_create(wrapped)


def endorse(keys: PharmacyKeys, user: int, public: bytes) -> bytes:
    """The pharmacy's word that this public key is that member's."""
    return keys.signer.sign(sealing.membership(keys.pharmacy, user, public))


def endorsed(members: Iterable[Member], epoch: Epoch) -> list[Member]:
    """The members themselves, if the epoch's key endorsed each; raises `KeysNotTrusted`."""
    found = list(members)
    if not all(_endorsed_by(member, epoch) for member in found):
        raise KeysNotTrusted
    return found


def make_ahead(pharmacy: Pharmacy, keys: PharmacyKeys, today: date) -> None:
    """The public keys of the coming days, for what comes while nobody is signed in; one statement when all are there."""
    days = {today + timedelta(days=ahead) for ahead in range(AHEAD + 1)}
    known = set(BoxKey.objects.filter(pharmacy=pharmacy, day__in=days).values_list("day", flat=True))
    missing = sorted(day for day in days - known if keys.opens(day))
    BoxKey.objects.bulk_create((_box(pharmacy.id, keys, day) for day in missing), ignore_conflicts=True)


def _box(pharmacy: UUID, keys: PharmacyKeys, day: date) -> BoxKey:
    public = keys.box_public(day)
    signature = keys.signer.sign(sealing.box_statement(pharmacy, day, public))
    return BoxKey(pharmacy_id=pharmacy, day=day, public=public, signature=signature)


def _epoch(member: Member, key: MemberKey, opened: Opened) -> sealing.Epoch:
    try:
        epoch = unwrap_epoch(opened.content.user_seed, bytes(key.wrapped), member.pharmacy_id, key.epoch.number)
    except SealingError:
        raise KeysNotTrusted from None
    if signing.public_bytes(epoch.signing_seed) != bytes(key.epoch.signing_public):
        raise KeysNotTrusted
    return epoch


def _endorsed_by(member: Member, epoch: Epoch) -> bool:
    statement = sealing.membership(member.pharmacy_id, member.user_id, bytes(member.user.public_key))
    try:
        signing.check(bytes(epoch.signing_public), bytes(member.endorsement), statement)
    except SealingError:
        return False
    return True
