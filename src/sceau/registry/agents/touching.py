"""An agent's passkey in the browser: what it is asked, and what it answers. Who may do what with a touch, the keyholder says."""

import time
from typing import Any

import msgspec
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from sceau.core.accounts.models import User
from sceau.core.accounts.passkeys import LIVES, Asked, Site
from sceau.core.keyholder.agent_verbs import Agent, Assertion
from sceau.registry.agents.errors import PasskeyRefused
from sceau.registry.agents.naming import name_of

_MILLISECONDS = 60_000


def options(site: Site, agent: Agent, challenge: bytes) -> dict[str, Any]:
    """For the browser, as JSON: this agent's passkey, and who holds it verified."""
    return {
        "challenge": websafe_encode(challenge),
        "rpId": site.server.rp.id,
        "allowCredentials": [{"type": "public-key", "id": websafe_encode(agent.credential_id)}],
        "userVerification": "required",
        "timeout": _MILLISECONDS,
    }


def read(answer: str, *, agent: str) -> Assertion:
    """The browser's answer (a credential's `toJSON`); raises `PasskeyRefused` for what is none."""
    try:
        told = msgspec.json.decode(answer, type=dict[str, Any])
        parts = [told["response"][name] for name in ("authenticatorData", "clientDataJSON", "signature")]
        return Assertion(agent, *(websafe_decode(part) for part in (told["rawId"], *parts)))
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        raise PasskeyRefused from None


def ask_new(site: Site, user: User) -> Asked:
    """For making the passkey that an agent works with."""
    entity = PublicKeyCredentialUserEntity(id=name_of(user).encode(), name=user.email, display_name=user.name)
    made, state = site.server.register_begin(
        entity,
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Asked(dict(made)["publicKey"], state | {"at": time.time()})


def made(site: Site, answer: str, *, state: dict[str, Any]) -> AttestedCredentialData:
    """The passkey that was made; raises `PasskeyRefused`."""
    if not 0 <= time.time() - state.get("at", 0) < LIVES:
        raise PasskeyRefused
    try:
        told = msgspec.json.decode(answer, type=dict[str, Any])
        found = site.server.register_complete({name: one for name, one in state.items() if name != "at"}, told)
    except (msgspec.DecodeError, ValueError, KeyError, TypeError):
        raise PasskeyRefused from None
    if (credential := found.credential_data) is None:
        raise PasskeyRefused
    return credential
