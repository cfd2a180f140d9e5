"""A laboratory that sends plain to the demo's registry: software of its own that was approved for every form, a token, and client
certificates of an authority of its own for MLLP. For drills, tests and measurements; the demo itself has none.
"""

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import jwt
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from jwt.algorithms import ECAlgorithm

from sceau.demo.child import Child
from sceau.demo.processes import free_port
from sceau.demo.stage import Stage, listening

FARID = "Farid, the authority"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PATIENCE = 60.0
_LIFE, _EARLY = timedelta(minutes=4), timedelta(minutes=1)


class Laboratory:
    """`finess` is the establishment for which it sends. Its files lie in `folder`, which must be empty."""

    def __init__(self, stage: Stage, folder: Path, *, finess: str, name: str = "Labo") -> None:
        self.stage, self.finess, self._folder, self._name = stage, finess, folder, name
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._token, self._until = "", datetime.min.replace(tzinfo=UTC)
        self.port = free_port()
        self.authority, self.server, self.client = (folder / f"{each}.pem" for each in ("authority", "server", "client"))
        self._certify()
        self.software = self._approved()
        self._registered()

    def post(self, path: str, body: bytes, kind: str, *, finess: str | None = None, token: str | None = None) -> Any:
        """One call at a plain door."""
        headers = {"Authorization": f"Bearer {self.token() if token is None else token}", "Content-Type": kind}
        address = f"{self.stage.doors_url}{path}?finess={self.finess if finess is None else finess}"
        return urllib3.request("POST", address, body=body, headers=headers, retries=False, timeout=PATIENCE)

    def get(self, path: str) -> Any:
        """What the registry answers about what was sent."""
        headers = {"Authorization": f"Bearer {self.token()}"}
        return urllib3.request("GET", self.stage.url("registry") + path, headers=headers, timeout=PATIENCE).json()

    def exchange(self, block: bytes, *, file: Path | None = None) -> bytes:
        """What answers one block by MLLP, without its frame; empty where the connection ends instead. `file` is another certificate."""
        with suppress(ConnectionError, ssl.SSLError), self.connected(file or self.client) as connection:
            connection.sendall(b"\x0b" + block + b"\x1c\r")
            return received(connection).strip(b"\x0b\x1c\r")
        return b""

    @contextmanager
    def connected(self, file: Path | None) -> Iterator[ssl.SSLSocket]:
        """To the MLLP door, with the certificate of a file."""
        context = ssl.create_default_context(cafile=str(self.authority))
        if file:
            context.load_cert_chain(file)
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        with plain, context.wrap_socket(plain, server_hostname="localhost") as made:
            yield made

    def token(self) -> str:
        """A living one."""
        now = datetime.now(UTC)
        if now >= self._until:
            self._token, self._until = self._sign_in(now), now + _LIFE - _EARLY
        return self._token

    def fresh(self) -> str:
        """A new one."""
        self._until = datetime.min.replace(tzinfo=UTC)
        return self.token()

    def _sign_in(self, now: datetime) -> str:
        who, audience = self.software, f"{self.stage.url('registry')}/oauth/token"
        claims = {"iss": who, "sub": who, "aud": audience, "iat": now, "exp": now + _LIFE, "jti": str(uuid4())}
        assertion = jwt.encode(claims, self._key, algorithm="ES256")
        form = {"grant_type": "client_credentials", "client_assertion_type": _ASSERTION, "client_assertion": assertion}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        told = urllib3.request("POST", audience, body=urlencode(form), headers=headers).json()
        return str(told["access_token"])

    def mllp(self) -> Child:
        """The registry's MLLP door, as the user of its plain doors."""
        env = self.stage.env("registry", "doors")
        env |= {"MLLP_CERTIFICATE": str(self.server), "MLLP_KEY": str(self.server), "MLLP_CLIENTS": str(self.authority)}
        child = self.stage.child("registry", "doors")
        argv = [*child.argv[:3], "registry", "mllp", f"--port={self.port}"]
        log = self.stage.folder / "registry-mllp.log"
        return Child(name="registry-mllp", argv=argv, log=log, env=env, account=child.account)

    def start_mllp(self) -> None:
        """Until it takes connections."""
        self.stage.supervisor.start(self.mllp())
        self.stage.supervisor.wait_for(lambda: listening(self.port), what="the MLLP door", deadline=30)

    def _approved(self) -> str:
        jwk = self._folder / "software.jwk"
        jwk.write_text(ECAlgorithm.to_jwk(self._key.public_key()))
        self.stage.accounts.give(jwk, to=("registry", "owner"), mode=0o644)
        product = ("--publisher", "Gaëlle", "--name", self._name, "--version", "1", "--by", FARID)
        forms = [word for form in ("fhir", "hl7v2", "csv") for word in ("--format", form)]
        told = self._tell("approvals", "approve", "--jwk", str(jwk), *product, *forms)
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


def received(connection: ssl.SSLSocket) -> bytes:
    """A block with its frame; what came before the end of the connection, where it ends instead."""
    answer = bytearray()
    while not answer.endswith(b"\x1c\r") and (more := connection.recv(1 << 18)):
        answer += more
    return bytes(answer)


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
