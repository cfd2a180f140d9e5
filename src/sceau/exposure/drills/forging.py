"""What an attacker makes for himself: keys, an approved product, an envelope in a pharmacy's name."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import ECAlgorithm

from sceau.core.codes.identifiers import Finess
from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.keyholder.software_keys import thumbprint
from sceau.core.report import fhir
from sceau.core.report.model import blind
from sceau.core.sealing import signing, suite
from sceau.core.sealing.framing import CONTENT_TYPE, join
from sceau.core.sealing.header import Header
from sceau.core.sealing.seal import seal_envelope
from sceau.demo.browser import Browser
from sceau.demo.stage import FINESS
from sceau.exposure.drills.canaries import final, newcomer, screening
from sceau.exposure.drills.world import World

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_APPROVE = """insert into approvals_software (id, name, publisher_id, version, formats, diseases, state, since)
select %s, 'Mallory', id, '1', '{sealed}', '{}', 'approved', now() from approvals_publisher limit 1"""
_KEY = """insert into approvals_key (thumbprint, software_id, jwk, added_at, ends_at)
values (%s, %s, %s, now(), now() + interval '1 day')"""


class Forger(NamedTuple):
    """A product's id and its key for signing in, and a signing key that no owner enrolled."""

    software: UUID
    key: ec.EllipticCurvePrivateKey
    seed: bytes

    @classmethod
    def approve(cls, world: World) -> Self:
        """A product that writes its own approval, and its key, into the registry's database."""
        software = uuid4()
        world.sql("registry", _APPROVE, software)
        return cls.beside(world, software)

    @classmethod
    def beside(cls, world: World, software: UUID) -> Self:
        """Writes a key of its own into the registry's database, beside those of that product."""
        forger = cls(software, ec.generate_private_key(ec.SECP256R1()), os.urandom(32))
        jwk = ECAlgorithm.to_jwk(forger.key.public_key(), as_dict=True)
        world.sql("registry", _KEY, thumbprint(jwk), software, json.dumps(jwk))
        return forger

    @classmethod
    def insider(cls, world: World, seed: bytes) -> Self:
        """With the software that the counter signs in as: the authority approved it, and the keyholder knows its key."""
        told = world.stage.env("counter", "relay")
        key = load_pem_private_key(Path(told["SOFTWARE_KEY"]).read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return cls(UUID(told["SOFTWARE_ID"]), key, seed)

    @property
    def public(self) -> bytes:
        return signing.public_bytes(self.seed)

    def sends(self, world: World) -> str:
        """Signs in and posts a report in the pharmacy's name; gives the problem it is answered with, empty when it was taken."""
        registry = Browser(world.stage.url("registry"))
        signed_in = registry.send("/oauth/token", self._assertion(world), content_type="application/x-www-form-urlencoded")
        if signed_in.status != 200:
            return _kind(json.loads(signed_in.body))
        bearer = f"Bearer {json.loads(signed_in.body)['access_token']}"
        page = registry.send("/v1/envelopes", join([self._envelope(world)]), content_type=CONTENT_TYPE, authorization=bearer)
        problem = json.loads(page.body)["envelopes"][0].get("problem")
        return _kind(problem) if problem else ""

    def _assertion(self, world: World) -> bytes:
        who, now = str(self.software), datetime.now(UTC)
        claims = {"iss": who, "sub": who, "aud": world.stage.url("registry") + "/oauth/token", "iat": now, "jti": str(uuid4())}
        signed = jwt.encode(claims | {"exp": now + timedelta(minutes=4)}, self.key, algorithm="ES256")
        form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION, "client_assertion": signed}
        return urlencode(form).encode()

    def _envelope(self, world: World) -> bytes:
        at = datetime.now(UTC)
        keys = KeyList.decode(Path(world.stage.env("counter", "web")["REGISTRY_KEYS"]).read_bytes())
        recipient = keys.envelope_for(at.date())
        report = final(uuid4().int >> 64, screening(newcomer()))
        header = Header(suite.key_id(recipient), uuid4(), self.software, Finess(FINESS), at, 1)
        lines, twins = [fhir.write(report)], [fhir.write(blind(report))]
        return seal_envelope(header, lines, twins, registry=suite.public_key(recipient), signer=signing.signer(self.seed)).data


def _kind(problem: dict[str, Any]) -> str:
    return str(problem["type"]).rpartition(":")[2]
