"""Presence: agents, their passkeys, roles and territories, enrolled here by two authority members together; and tokens for those
who are there now. The database is never asked who may open what.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    UserVerificationRequirement,
)

from sceau.core.keyholder.agent_verbs import Agent, Assertion, Challenge, EnrolAgent, Opens, Present, RaiseLimit, WhoIs
from sceau.core.keyholder.errors import KeyholderError, Refusal
from sceau.core.keyholder.journal import Journal
from sceau.core.keyholder.shapes import Question
from sceau.core.keyholder.store import Store

CHALLENGE_LIVES, TOKEN_LIVES = timedelta(minutes=5), timedelta(minutes=30)
HOURLY, MOST_HOURLY = 30, 120
FOUNDERS = 2
AUTHORITY, SUPERVISOR, GONE = "authority", "supervisor", "none"
_MOST_PENDING = 10_000


class There(NamedTuple):
    """An agent who is there, and what they touched for."""

    agent: Agent
    opens: Opens | None


class _Pending(NamedTuple):
    agent: str
    agrees: bytes
    opens: Opens | None
    until: datetime


class _Token(NamedTuple):
    agent: str
    opens: Opens | None
    until: datetime


class Presence:
    """`origin` is the registry's address (`https://…`), `rp_id` its host name, as passkeys know it."""

    def __init__(self, store: Store, journal: Journal, clock: Callable[[], datetime], *, origin: str, rp_id: str) -> None:
        self._store, self._journal, self._clock = store, journal, clock
        relying = PublicKeyCredentialRpEntity(name="Sceau", id=rp_id)
        self._server = Fido2Server(relying, verify_origin=lambda asked: asked == origin)
        self._challenges: dict[bytes, _Pending] = {}
        self._tokens: dict[bytes, _Token] = {}

    def handlers(self) -> Mapping[type[Question], Callable[[Any, str], Any]]:
        return {
            Challenge: lambda asked, _: self.challenge(asked.agent, asked.agrees, asked.opens),
            WhoIs: lambda asked, _: self.who_is(asked.agent),
            Present: lambda asked, _: self.present(asked.assertion),
            EnrolAgent: self.enrol,
            RaiseLimit: lambda asked, _: self.raise_limit(asked),
        }

    def challenge(self, agent: str, agrees: bytes = b"", opens: Opens | None = None) -> bytes:
        """32 random bytes for this agent, for five minutes, once; with `agrees` or `opens`, for that alone."""
        at, made = self._clock(), os.urandom(32)
        self._challenges = {one: held for one, held in self._challenges.items() if held.until > at}
        if len(self._challenges) >= _MOST_PENDING:
            raise KeyholderError(Refusal.METERED)
        self._challenges[made] = _Pending(agent, agrees, opens, at + CHALLENGE_LIVES)
        return made

    def present(self, assertion: Assertion) -> bytes:
        """A token (32 bytes) for an agent whose passkey was touched just now, for what the challenge was made for; raises `wrong`,
        `not-allowed`.
        """
        agent, opens = self._verified(assertion, b"")
        if agent.role == GONE:
            raise KeyholderError(Refusal.NOT_ALLOWED, "role")
        at, token = self._clock(), os.urandom(32)
        self._journal.append("present", at, agent=agent.agent)
        self._tokens = {one: held for one, held in self._tokens.items() if held.until > at}
        self._tokens[_digest(token)] = _Token(agent.agent, opens, at + TOKEN_LIVES)
        return token

    def there(self, token: bytes) -> There:
        """Who is there with this token; raises `wrong` when it is unknown or too old."""
        held = self._tokens.get(_digest(token))
        if held is None or held.until <= self._clock():
            raise KeyholderError(Refusal.WRONG, "token")
        return There(self._agent(held.agent), held.opens)

    def who_is(self, name: str) -> Agent | None:
        """The record as enrolled, a revoked one's too; None for nobody."""
        held = self._store.get(_name(name))
        return msgspec.msgpack.decode(held, type=Agent) if held is not None else None

    def enrol(self, asked: EnrolAgent, principal: str) -> None:
        """A new or changed agent, by two authority members; the first two members by the operator."""
        agent, digest = asked.agent, record_digest(asked.agent)
        if principal == "operator" and agent.role == AUTHORITY and len(self._members()) < FOUNDERS:
            by = "operator"
        else:
            members = {self._verified(one, digest).agent.agent for one in asked.approvals if self._is_member(one.agent)}
            if len(members) < FOUNDERS:
                raise KeyholderError(Refusal.NOT_ALLOWED, "two members of the authority have to be there")
            by = " ".join(sorted(members))
        facts = {"agent": agent.agent, "role": agent.role, "departments": " ".join(agent.departments), "by": by}
        self._journal.append("enrol-agent", self._clock(), **facts)
        self._store.put(_name(agent.agent), msgspec.msgpack.encode(agent))
        self._tokens = {one: held for one, held in self._tokens.items() if held.agent != agent.agent}

    def member(self, touch: Assertion, agreed: bytes) -> Agent:
        """The member of the authority who touched for exactly this; raises `wrong`, `not-allowed`."""
        agent = self._verified(touch, agreed).agent
        if agent.role != AUTHORITY:
            raise KeyholderError(Refusal.NOT_ALLOWED, "role")
        return agent

    def raise_limit(self, asked: RaiseLimit) -> None:
        """A supervisor who is there raises an agent's hourly limit for a reason, up to a ceiling."""
        supervisor = self.there(asked.token).agent
        if supervisor.role != SUPERVISOR or supervisor.agent == asked.agent:
            raise KeyholderError(Refusal.NOT_ALLOWED, "role")
        limit = min(asked.limit, MOST_HOURLY)
        told = {"agent": asked.agent, "by": supervisor.agent, "reason": asked.reason[:100]}
        self._journal.append("raise-limit", self._clock(), limit=limit, **told)
        self._store.put(_name(asked.agent, "limits"), str(limit).encode())

    def limit(self, agent: str) -> int:
        return int(self._store.get(_name(agent, "limits")) or HOURLY)

    def _verified(self, assertion: Assertion, agrees: bytes) -> There:
        """The agent of a right assertion over an open challenge, which is spent whatever comes of it, and what it was for."""
        agent = self._agent(assertion.agent)
        challenge, opens = self._spent(assertion, agrees)
        credential = AttestedCredentialData.create(
            bytes(16), agent.credential_id, CoseKey.parse(_map(cbor.decode(agent.public_key)))
        )
        state = {"challenge": websafe_encode(challenge), "user_verification": UserVerificationRequirement.REQUIRED}
        try:
            self._server.authenticate_complete(state, [credential], _response(assertion))
        except Exception:  # the library has no base class for what it refuses
            raise KeyholderError(Refusal.WRONG, "assertion") from None
        self._advance(agent, assertion)
        return There(agent, opens)

    def _spent(self, assertion: Assertion, agrees: bytes) -> tuple[bytes, Opens | None]:
        try:
            told = msgspec.json.decode(assertion.client_data_json, type=dict[str, Any])["challenge"]
            known = next(one for one in self._challenges if websafe_encode(one) == told)
        except (msgspec.DecodeError, KeyError, StopIteration):
            raise KeyholderError(Refusal.WRONG, "challenge") from None
        held = self._challenges.pop(known)
        if held.agent != assertion.agent or not hmac.compare_digest(held.agrees, agrees) or held.until <= self._clock():
            raise KeyholderError(Refusal.WRONG, "challenge")
        return known, held.opens

    def _advance(self, agent: Agent, assertion: Assertion) -> None:
        """A passkey that counts never counts back: else it was copied."""
        count, name = int.from_bytes(assertion.authenticator_data[33:37], "big"), _name(agent.credential_id.hex(), "counts")
        before = int(self._store.get(name) or 0)
        if (count or before) and count <= before:
            raise KeyholderError(Refusal.WRONG, "count")
        self._store.put(name, str(count).encode())

    def _agent(self, name: str) -> Agent:
        if (agent := self.who_is(name)) is None:
            raise KeyholderError(Refusal.WRONG, "agent")
        return agent

    def _is_member(self, name: str) -> bool:
        return name in self._members()

    def _members(self) -> set[str]:
        held = (msgspec.msgpack.decode(self._store.ensure(name), type=Agent) for name in self._store.names("agents"))
        return {agent.agent for agent in held if agent.role == AUTHORITY}


def record_digest(agent: Agent) -> bytes:
    """What the authority's members agree to when they enrol an agent: SHA-256 of the record as encoded."""
    return hashlib.sha256(msgspec.msgpack.encode(agent)).digest()


def _response(assertion: Assertion) -> AuthenticationResponse:
    told = {
        "clientDataJSON": websafe_encode(assertion.client_data_json),
        "authenticatorData": websafe_encode(assertion.authenticator_data),
        "signature": websafe_encode(assertion.signature),
    }
    name = websafe_encode(assertion.credential_id)
    return AuthenticationResponse.from_dict({"id": name, "rawId": name, "type": "public-key", "response": told})


def _map(decoded: object) -> Mapping[int, Any]:
    if not isinstance(decoded, Mapping):
        raise KeyholderError(Refusal.WRONG, "public key")
    return decoded


def _name(agent: str, folder: str = "agents") -> str:
    """A file of the store, whatever characters the agent's name has."""
    return f"{folder}/{hashlib.sha256(agent.encode()).hexdigest()}"


def _digest(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()
