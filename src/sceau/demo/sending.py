"""Software that sends plain for one establishment: a token at the registry, then a file at the door of its form, or by MLLP.

It knows addresses and its own keys, and nothing of the demo's processes: `sceau laboratory` is one of another terminal.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode
from uuid import uuid4

import jwt
import msgspec
import urllib3

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PATIENCE, PLACE = 60.0, "laboratory.json"
_LIFE, _EARLY = timedelta(minutes=4), timedelta(minutes=1)
FORMS = {".csv": ("/csv", "text/csv"), ".hl7": ("/hl7v2", "application/hl7-v2"), ".ndjson": ("/fhir", "application/fhir+ndjson")}


class Place(msgspec.Struct, frozen=True):
    """Where a sender sends, as which software and for whom. Its keys lie beside it: `software.pem`, `client.pem`, `authority.pem`."""

    registry: str
    doors: str
    mllp: int
    software: str
    finess: str


class Sender:
    """One software for one establishment; its files lie in `folder`."""

    def __init__(self, place: Place, folder: Path) -> None:
        self.place = place
        self.authority, self.client, self.key = (folder / f"{name}.pem" for name in ("authority", "client", "software"))
        self._token, self._until = "", datetime.min.replace(tzinfo=UTC)

    @classmethod
    def of(cls, folder: Path) -> Self:
        """The one that a demo keeps there."""
        return cls(msgspec.json.decode((folder / PLACE).read_bytes(), type=Place), folder)

    @property
    def finess(self) -> str:
        return self.place.finess

    @property
    def software(self) -> str:
        return self.place.software

    def post(self, path: str, body: bytes, kind: str, *, finess: str | None = None, token: str | None = None) -> Any:
        """One call at a plain door."""
        headers = {"Authorization": f"Bearer {self.token() if token is None else token}", "Content-Type": kind}
        address = f"{self.place.doors}{path}?finess={self.finess if finess is None else finess}"
        return urllib3.request("POST", address, body=body, headers=headers, retries=False, timeout=PATIENCE)

    def post_file(self, file: Path) -> Any:
        """A file, at the door of its form."""
        path, kind = door(file)
        return self.post(path, file.read_bytes(), kind)

    def get(self, path: str) -> Any:
        """What the registry answers about what was sent."""
        headers = {"Authorization": f"Bearer {self.token()}"}
        return urllib3.request("GET", self.place.registry + path, headers=headers, timeout=PATIENCE).json()

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
        plain = socket.create_connection(("127.0.0.1", self.place.mllp), timeout=PATIENCE)
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

    def assertion(self, at: datetime, **changes: object) -> str:
        """What its key signs to sign in at that moment."""
        who = self.software
        claims = {"iss": who, "sub": who, "aud": self._endpoint, "iat": at, "exp": at + _LIFE, "jti": str(uuid4())}
        return jwt.encode(claims | changes, self.key.read_text(), algorithm="ES256")

    @property
    def _endpoint(self) -> str:
        return f"{self.place.registry}/oauth/token"

    def _sign_in(self, now: datetime) -> str:
        form = {"grant_type": "client_credentials", "client_assertion_type": _ASSERTION, "client_assertion": self.assertion(now)}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        told = urllib3.request("POST", self._endpoint, body=urlencode(form), headers=headers).json()
        return str(told["access_token"])


def door(file: Path) -> tuple[str, str]:
    """Door and type of a file, by how its name ends; what ends otherwise is taken for a FHIR bundle."""
    return FORMS.get(file.suffix, ("/fhir", "application/fhir+json"))


def received(connection: ssl.SSLSocket) -> bytes:
    """A block with its frame; what came before the end of the connection, where it ends instead."""
    answer = bytearray()
    while not answer.endswith(b"\x1c\r") and (more := connection.recv(1 << 18)):
        answer += more
    return bytes(answer)
