"""A passkey in software, for trials: ES256 keys and WebAuthn assertions, right and wrong."""

import hashlib
import json
import os
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256

from sceau.core.keyholder.agent_verbs import Agent, Assertion

PRESENT, VERIFIED, _ATTESTED = 0x01, 0x04, 0x40
ORIGIN = "https://registre.example"


class Passkey:
    """One agent's, used at the site of `origin`."""

    def __init__(self, agent: str, *, origin: str = ORIGIN) -> None:
        self.agent, self.credential_id, self.count, self.origin = agent, os.urandom(16), 0, origin
        self._key = ec.generate_private_key(ec.SECP256R1())

    def record(self, role: str = "agent", departments: tuple[str, ...] = ("75",)) -> Agent:
        public = cbor.encode(dict(ES256.from_cryptography_key(self._key.public_key())))  # type: ignore[no-untyped-call]
        return Agent(self.agent, role, departments, self.credential_id, public)

    def touched(
        self, challenge: bytes, *, origin: str = "", rp_id: str = "", flags: int = PRESENT | VERIFIED, kind: str = "get"
    ) -> Assertion:
        """The assertion of a touch, which counts; at the passkey's own site unless told otherwise."""
        self.count += 1
        origin = origin or self.origin
        rp_id = rp_id or origin.partition("://")[2].partition(":")[0]
        data = hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")
        client = _client_data(kind, challenge, origin)
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return Assertion(self.agent, self.credential_id, data, client, signature)

    def made(self, challenge: bytes) -> dict[str, Any]:
        """The making of this passkey, as a browser's `toJSON` tells it; attested by nobody."""
        place = self.origin.partition("://")[2].partition(":")[0]
        key = cbor.encode(dict(ES256.from_cryptography_key(self._key.public_key())))  # type: ignore[no-untyped-call]
        told = bytes([PRESENT | VERIFIED | _ATTESTED]) + bytes(4 + 16) + len(self.credential_id).to_bytes(2, "big")
        data = hashlib.sha256(place.encode()).digest() + told + self.credential_id + key
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = _client_data("create", challenge, self.origin)
        return self._browser(clientDataJSON=client, attestationObject=attested)

    def answer(self, challenge: bytes) -> dict[str, Any]:
        """A touch, as a browser's `toJSON` tells it."""
        told = self.touched(challenge)
        parts = {"authenticatorData": told.authenticator_data, "signature": told.signature}
        return self._browser(clientDataJSON=told.client_data_json, **parts)

    def _browser(self, **parts: bytes) -> dict[str, Any]:
        own = _text(self.credential_id)
        response = {name: _text(part) for name, part in parts.items()}
        return {"id": own, "rawId": own, "type": "public-key", "response": response, "clientExtensionResults": {}}


def _client_data(kind: str, challenge: bytes, origin: str) -> bytes:
    return json.dumps({"type": f"webauthn.{kind}", "challenge": _text(challenge), "origin": origin}).encode()


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
