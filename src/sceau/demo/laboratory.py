"""A laboratory that sends plain to the demo's registry: software of its own that was approved for every form, and client certificates
of an authority of its own for MLLP. For the demo, drills, tests and measurements.
"""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from jwt.algorithms import ECAlgorithm

from sceau.demo.child import Child
from sceau.demo.processes import free_port
from sceau.demo.sending import PLACE, Place, Sender
from sceau.demo.stage import Stage, listening

FARID = "Farid, pour l’autorité"


class Laboratory(Sender):
    """`finess` is the establishment for which it sends. Its files lie in `folder`, which must be empty; MLLP is at `port`.
    `firm` makes its software; `account` speaks for the firm, where somebody does.
    """

    def __init__(
        self,
        stage: Stage,
        folder: Path,
        *,
        finess: str,
        name: str = "Labo",
        port: int | None = None,
        firm: str = "Gaëlle",
        account: str = "",
    ) -> None:
        place = Place(stage.url("registry"), stage.doors_url, port or free_port(), software="", finess=finess)
        super().__init__(place, folder)
        self.stage, self._folder, self._name = stage, folder, name
        self._firm, self._account = firm, account
        self.server = folder / "server.pem"
        self._certify()
        self.place = msgspec.structs.replace(place, software=self._approved())
        self._registered()
        (folder / PLACE).write_bytes(msgspec.json.format(msgspec.json.encode(self.place)))

    def mllp(self) -> Child:
        """The registry's MLLP door, as the user of its plain doors."""
        env = self.stage.env("registry", "doors")
        env |= {"MLLP_CERTIFICATE": str(self.server), "MLLP_KEY": str(self.server), "MLLP_CLIENTS": str(self.authority)}
        child = self.stage.child("registry", "doors")
        argv = [*child.argv[:3], "registry", "mllp", f"--port={self.place.mllp}"]
        log = self.stage.folder / "registry-mllp.log"
        return Child(name="registry-mllp", argv=argv, log=log, env=env, account=child.account)

    def start_mllp(self) -> None:
        """Until it takes connections."""
        self.stage.supervisor.start(self.mllp())
        self.stage.supervisor.wait_for(lambda: listening(self.place.mllp), what="the MLLP door", deadline=30)

    def _approved(self) -> str:
        key, jwk = ec.generate_private_key(ec.SECP256R1()), self._folder / "software.jwk"
        self.key.touch(mode=0o600)
        self.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        jwk.write_text(ECAlgorithm.to_jwk(key.public_key()))
        self.stage.accounts.give(jwk, to=("registry", "owner"), mode=0o644)
        firm = ("--publisher", self._firm, "--account", self._account)
        product = (*firm, "--name", self._name, "--version", "1")
        forms = [word for form in ("fhir", "hl7v2", "csv") for word in ("--format", form)]
        told = self._tell("approvals", "approve", "--jwk", str(jwk), *product, "--by", FARID, *forms)
        return str(told["id"])

    def _registered(self) -> None:
        named = ("--name", self._name, "--by", FARID, "--certificate", str(self.client))
        self._tell("senders", "register", self.software, self.finess, *named)

    def _tell(self, *arguments: str) -> dict[str, Any]:
        return self.stage.tell("registry", "registry", *arguments, role="owner")

    def _certify(self) -> None:
        """An authority, the server's certificate and the client's, each with its key in one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        authority = certificate("Authority", key, issuer=None, signer=key)
        self.authority.write_bytes(authority.public_bytes(Encoding.PEM))
        for file in (self.server, self.client):
            self.issue(file, authority, key)
        self.stage.accounts.give(self.authority, to=("registry", "doors"), mode=0o644)
        self.stage.accounts.give(self.server, to=("registry", "doors"), mode=0o640)
        self.stage.accounts.give(self.client, to=("registry", "owner"), mode=0o644)
        self.stranger = self._folder / "stranger.pem"
        self.issue(self.stranger, authority, key)

    def issue(self, file: Path, authority: x509.Certificate, signer: ec.EllipticCurvePrivateKey) -> None:
        """A certificate of that authority with its key, in one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = certificate(file.stem, key, issuer=authority.subject, signer=signer)
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(made.public_bytes(Encoding.PEM) + secret)


def certificate(
    name: str, key: ec.EllipticCurvePrivateKey, *, issuer: x509.Name | None, signer: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    """For a day, on this machine; without an issuer an authority's own."""
    subject, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(issuer or subject, subject, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    return made.add_extension(names, critical=False).sign(signer, hashes.SHA256())
