"""Passkeys: a touch signs in and unlocks at once, since the passkey's PRF extension (WebAuthn Level 3, section 10.1.4) gives what its
slot is wrapped with. Who touches is verified by the passkey itself, so that it is both factors.
"""

import time
from typing import Any, NamedTuple

import msgspec
from django.contrib.auth import user_login_failed
from django.db import transaction
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from sceau.core.accounts import people, slots
from sceau.core.accounts.models import Passkey, User
from sceau.core.accounts.slots import Opened, Vouched
from sceau.core.audit.events import Event
from sceau.core.audit.record import record

LIVES = 5 * 60
PRF_LENGTH = 32


class PasskeyRefused(Exception):
    """The passkey is unknown, its answer is wrong or too old, or it opens nothing. Which one is not said."""


class Site(NamedTuple):
    """Where passkeys are used: `origin` as browsers write it, whose host they are bound to."""

    origin: str

    @property
    def server(self) -> Fido2Server:
        host = self.origin.partition("://")[2].partition(":")[0]
        return Fido2Server(PublicKeyCredentialRpEntity(name="Sceau", id=host), verify_origin=lambda asked: asked == self.origin)


class Asked(NamedTuple):
    """`options` for the browser, as JSON; `state` for the session, which answers them once."""

    options: dict[str, Any]
    state: dict[str, Any]


class Answer(msgspec.Struct, frozen=True):
    """A browser's answer: the credential as its `toJSON` gives it, and the PRF's output (base64url)."""

    credential: dict[str, Any]
    prf: str


def ask_new(site: Site, user: User) -> Asked:
    known = [AttestedCredentialData(bytes(one.credential)) for one in Passkey.objects.filter(slot__user=user)]
    entity = PublicKeyCredentialUserEntity(id=str(user.pk).encode(), name=user.email, display_name=user.name)
    options, state = site.server.register_begin(
        entity,
        known,
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Asked(dict(options)["publicKey"], state | {"at": time.time()})


def ask_touch(site: Site) -> Asked:
    """Of whichever passkey the person has for this site."""
    options, state = site.server.authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    return Asked(dict(options)["publicKey"], state | {"at": time.time()})


@transaction.atomic
def add(site: Site, user: User, answer: str, *, state: dict[str, Any], name: str, vouched: Vouched) -> Passkey:
    """Raises `PasskeyRefused`, `KeyholderError`."""
    told = _read(answer)
    try:
        attested = site.server.register_complete(_fresh(state), told.credential)
    except (ValueError, KeyError, TypeError):
        raise PasskeyRefused from None
    credential = attested.credential_data
    if credential is None or Passkey.objects.filter(credential_id=credential.credential_id).exists():
        raise PasskeyRefused
    slot = slots.add_passkey(user, _prf(told), vouched.opened.content, vouched.owned)
    record(Event.PASSKEY_ADDED, by=f"user:{user.pk}", subject=f"slot:{slot.pk}", at=timezone.now())
    return Passkey.objects.create(
        slot=slot,
        credential_id=credential.credential_id,
        credential=bytes(credential),
        count=attested.counter,
        sealed_name=people.seal(Passkey.label_of(slot.pk), [name]),
    )


def enter(site: Site, answer: str, *, state: dict[str, Any], only: int | None = None) -> tuple[User, Opened]:
    """Whose passkey was touched (that of the user `only`, if given), and what it opened. Raises `PasskeyRefused`, `KeyholderError`."""
    try:
        return _enter(site, _read(answer), state, only)
    except PasskeyRefused:
        user_login_failed.send(__name__, credentials={}, request=None)
        raise


@transaction.atomic
def _enter(site: Site, answer: Answer, state: dict[str, Any], only: int | None) -> tuple[User, Opened]:
    known = _known(answer)
    _check(site, known, answer, state)
    if only not in (None, known.slot.user_id):
        raise PasskeyRefused
    opened = slots.open_with_prf(known.slot, _prf(answer))
    if opened is None:
        raise PasskeyRefused
    return known.slot.user, opened


@transaction.atomic
def remove(user: User, slot: str) -> None:
    """A device that was lost opens nothing any more, in no backup; raises `Passkey.DoesNotExist`."""
    found = Passkey.objects.select_related("slot").get(slot_id=slot, slot__user=user)
    record(Event.PASSKEY_REMOVED, by=f"user:{user.pk}", subject=f"slot:{slot}", at=timezone.now())
    slots.end(found.slot)


def _read(answer: str) -> Answer:
    try:
        return msgspec.json.decode(answer, type=Answer)
    except msgspec.DecodeError:
        raise PasskeyRefused from None


def _known(answer: Answer) -> Passkey:
    try:
        told = websafe_decode(answer.credential["rawId"])
    except (ValueError, KeyError, TypeError):
        raise PasskeyRefused from None
    found = Passkey.objects.select_for_update(of=("self",)).filter(credential_id=told, slot__user__is_active=True)
    if (known := found.select_related("slot__user").first()) is None:
        raise PasskeyRefused
    return known


def _check(site: Site, known: Passkey, answer: Answer, state: dict[str, Any]) -> None:
    """A right assertion over the challenge; a passkey that counts never counts back, or it was copied."""
    credential = AttestedCredentialData(bytes(known.credential))
    try:
        site.server.authenticate_complete(_fresh(state), [credential], answer.credential)
        count = int.from_bytes(websafe_decode(answer.credential["response"]["authenticatorData"])[33:37], "big")
    except Exception:  # the library has no base class for what it refuses
        raise PasskeyRefused from None
    if (count or known.count) and count <= known.count:
        raise PasskeyRefused
    known.count = count
    known.save(update_fields=["count"])


def _fresh(state: dict[str, Any]) -> dict[str, Any]:
    """A challenge of the last five minutes."""
    if not 0 <= time.time() - state.get("at", 0) < LIVES:
        raise PasskeyRefused
    return {name: told for name, told in state.items() if name != "at"}


def _prf(answer: Answer) -> bytes:
    try:
        prf: bytes = websafe_decode(answer.prf)
    except ValueError:
        raise PasskeyRefused from None
    if len(prf) != PRF_LENGTH:
        raise PasskeyRefused
    return prf
