"""OpenID Connect providers for tests: a certified one in a process of its own, and one of ours that also lies on demand.

Both are visited as a browser does it (`visit`): the fake one is checked by the same tests as the real one.
"""

import hashlib
import json
import os
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import jwt
import urllib3
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from sceau.demo.child import Child
from sceau.demo.processes import Supervisor, free_port

CLIENT, SECRET = "sceau", "a secret of no one's"
_SCRIPT = Path(__file__).with_name("openid_provider.mjs")


class Issuer(Protocol):
    issuer: str

    def visit(self, address: str, who: str) -> str:
        """Signs in there as `who`; the address that the browser is sent back to."""
        ...


def settings(issuer: str, **told: str) -> dict[str, str]:
    """The site's settings for it."""
    agreed = {"ISSUER": issuer, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET, "NAME": "Pro Santé", "SCOPE": "openid", "ACR": ""}
    return agreed | told


def child(port: int, log: Path, *, back: str, algorithm: str = "RS256") -> Child:
    """The certified provider's process; its issuer is `http://127.0.0.1:PORT`."""
    argv = ["node", str(_SCRIPT), str(port), CLIENT, SECRET, back, algorithm]
    return Child(name="provider", argv=argv, log=log, env={"PATH": os.environ["PATH"]})


class Real:
    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def visit(self, address: str, who: str) -> str:
        with urllib3.PoolManager(retries=False) as http:
            cookies: dict[str, str] = {}
            form = self._follow(http, address, cookies)
            return self._follow(http, form, cookies, login=who)

    def _follow(self, http: urllib3.PoolManager, address: str, cookies: dict[str, str], **form: str) -> str:
        """Until a page, or away from the provider."""
        body, method = urlencode(form), "POST" if form else "GET"
        while address.startswith(self.issuer):
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
            headers |= {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
            told = http.request(method, address, headers=headers, body=body if method == "POST" else None, redirect=False)
            for line in told.headers.getlist("Set-Cookie"):
                name, _, value = line.partition(";")[0].partition("=")
                cookies[name] = value
            if told.status == 200:
                break
            assert told.status in (302, 303), told.data
            address, method = urljoin(address, told.headers["Location"]), "GET"
        return address


@contextmanager
def real(folder: Path, *, back: str, algorithm: str = "RS256") -> Iterator[Real]:
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    with Supervisor() as supervisor:
        supervisor.start(child(port, folder / "provider.log", back=back, algorithm=algorithm))
        supervisor.wait_http(f"{issuer}/.well-known/openid-configuration", deadline=60)
        yield Real(issuer)


class Fake:
    """Honest until told otherwise: `claims` replace the token's (None leaves one out), `sign` is how it is signed, `metadata` replace
    what is published, `status` is answered to everything, `held` keeps every answer back until it is set.
    """

    def __init__(self) -> None:
        self.key, self.kid = rsa.generate_private_key(public_exponent=65537, key_size=2048), "one"
        self.claims: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.sign = self._signed
        self.status = 200
        self.held = threading.Event()
        self.held.set()
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def running(self) -> Iterator["Fake"]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            self.held.set()
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def visit(self, address: str, who: str) -> str:
        told = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (told["response_type"], told["client_id"], told["code_challenge_method"]) == ("code", CLIENT, "S256")
        code = os.urandom(16).hex()
        self._codes[code] = told | {"sub": who}
        return f"{told['redirect_uri']}?{urlencode({'code': code, 'state': told['state'], 'iss': self.issuer})}"

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        self.asked.append(path)
        self.held.wait(60)
        if self.status != 200:
            return self.status, {}
        if path == "/.well-known/openid-configuration":
            return 200, self._discovery() | self.metadata
        if path == "/jwks":
            public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            return 200, {"keys": [public | {"kid": self.kid, "use": "sig", "alg": "RS256"}]}
        return self._token(form, authorization)

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "authorization_response_iss_parameter_supported": True,
        }

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        """A code counts once, for who asked for it, with the verifier of its challenge."""
        told = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = authorization == f"{CLIENT}:{urlencode({'': SECRET})[1:]}"
        if told is None or not right or (told["code_challenge"], told["redirect_uri"]) != (challenge, form["redirect_uri"]):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "of no use", "token_type": "Bearer", "id_token": self.sign(self._claims(told))}

    def _claims(self, told: dict[str, str]) -> dict[str, Any]:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": told["sub"], "nonce": told["nonce"], "iat": now, "exp": now + 300}
        return {name: value for name, value in (claims | self.claims).items() if value is not None}

    def _signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": self.kid})


def _handler(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(text).items()})

        def _answer(self, form: dict[str, str]) -> None:
            authorization = b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
            status, told = fake.answer(urlsplit(self.path).path, form, authorization)
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler
