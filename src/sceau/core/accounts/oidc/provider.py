"""The provider, asked over HTTP: what it publishes (OpenID Connect Discovery 1.0), its keys (RFC 7517), and a code's token (RFC 6749).

It answers within five seconds or is away, and is then left alone for a while, so that a slow provider takes no time from those who
are at work. What it publishes is kept in memory for minutes. Nothing that it tells of a person is kept, logged, or put into an address.
"""

import time
from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import quote_plus, urlencode, urlsplit

import jwt
import msgspec
import urllib3
from jwt import PyJWK

from sceau.core.accounts.oidc.errors import ProviderAway, ProviderRefused
from sceau.core.accounts.oidc.identity import ALGORITHMS, Expected, subject
from sceau.core.accounts.oidc.question import Question
from sceau.core.accounts.oidc.registration import Registration

PATIENCE = 5.0
KEPT, AGAIN, REST = 300.0, 10.0, 20.0
"""Seconds: what is published is kept; keys are fetched again for an unknown id, no sooner; a provider that is away is not asked."""
_LARGEST = 256 * 1024
_FORM = "application/x-www-form-urlencoded"


class Metadata(msgspec.Struct, frozen=True):
    """What is needed of the discovery document."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class Keys(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]


class Tokens(msgspec.Struct, frozen=True):
    """The access token is not even read."""

    id_token: str


Shape = TypeVar("Shape", Metadata, Keys, Tokens)


class Provider:
    """All methods raise `ProviderAway` and `ProviderRefused`."""

    def __init__(self, registration: Registration, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.registration, self._clock = registration, clock
        self._http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(total=PATIENCE))
        self._kept: dict[str, tuple[float, Any]] = {}
        self._away_until = 0.0

    def address(self, question: Question, *, back: str) -> str:
        """Where the browser asks it. The provider is asked first whether it is there, since nobody comes back from one that is not."""
        return question.address(self._metadata(longest=0.0).authorization_endpoint, self.registration, back=back)

    def check_origin(self, issuer: str | None) -> None:
        """Whether an answer came from this provider and no other (RFC 9207)."""
        wanted = self._metadata().authorization_response_iss_parameter_supported
        if issuer != self.registration.issuer and (wanted or issuer is not None):
            raise ProviderRefused

    def subject(self, code: str, question: Question, *, back: str) -> str:
        """Whom the answer to a question names; the provider takes a code once."""
        token = self._token(code, question, back)
        told = self.registration
        return subject(token, key_of=self._key, expected=Expected(told.issuer, told.client, question.nonce, told.acr))

    def _token(self, code: str, question: Question, back: str) -> str:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": question.verifier}
        headers = {"Content-Type": _FORM}
        if "client_secret_basic" in self._metadata().token_endpoint_auth_methods_supported:
            headers["Authorization"] = _basic(self.registration)
        else:
            form |= {"client_id": self.registration.client, "client_secret": self.registration.secret}
        body = self._ask("POST", self._metadata().token_endpoint, headers=headers, body=urlencode(form))
        return _read(body, Tokens).id_token

    def _metadata(self, *, longest: float = KEPT) -> Metadata:
        address = self.registration.issuer.rstrip("/") + "/.well-known/openid-configuration"
        metadata = self._published(address, Metadata, longest=longest)
        addresses = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri)
        if metadata.issuer != self.registration.issuer or not all(self._may_ask(one) for one in addresses):
            raise ProviderRefused
        return metadata

    def _may_ask(self, address: str) -> bool:
        """With TLS, but where the issuer itself is asked without (loopback, in tests)."""
        return urlsplit(address).scheme in {"https", urlsplit(self.registration.issuer).scheme}

    def _key(self, name: str | None, algorithm: str) -> PyJWK:
        """A name that is not there may be a new key's: fetched again, but not at every stranger's token."""
        address = self._metadata().jwks_uri
        found = _find(self._published(address, Keys), name, algorithm)
        if found is None and self._clock() - self._kept[address][0] >= AGAIN:
            found = _find(self._published(address, Keys, longest=0.0), name, algorithm)
        if found is None:
            raise ProviderRefused
        return found

    def _published(self, address: str, shape: type[Shape], *, longest: float = KEPT) -> Shape:
        at, kept = self._kept.get(address, (0.0, None))
        if isinstance(kept, shape) and self._clock() - at < longest:
            return kept
        found = _read(self._ask("GET", address, headers={"Accept": "application/json"}), shape)
        self._kept[address] = self._clock(), found
        return found

    def _ask(self, method: str, address: str, **told: Any) -> bytes:
        """The body of a 200. A refusal is an answer; silence, nonsense on the line and a 5xx are none."""
        if self._clock() < self._away_until:
            raise ProviderAway
        try:
            status, body = self._answer(method, address, **told)
        except (urllib3.exceptions.HTTPError, OSError, TimeoutError):
            status, body = 503, b""
        if status >= 500:
            self._away_until = self._clock() + REST
            raise ProviderAway
        if status != 200:
            raise ProviderRefused
        return body

    def _answer(self, method: str, address: str, **told: Any) -> tuple[int, bytes]:
        """As it comes, within the time and up to a size: what drips for ever is cut."""
        until, body = self._clock() + PATIENCE, b""
        response = self._http.request(method, address, redirect=False, preload_content=False, **told)
        try:
            while chunk := response.read1(_LARGEST):
                body += chunk
                if len(body) > _LARGEST or self._clock() > until:
                    raise TimeoutError
        finally:
            response.close()
        return response.status, body


@lru_cache(maxsize=2)
def provider(registration: Registration) -> Provider:
    """The same for all requests of this process, which share what it remembers."""
    return Provider(registration)


def _basic(told: Registration) -> str:
    """RFC 6749, section 2.3.1: both parts are form-encoded first."""
    return "Basic " + b64encode(f"{quote_plus(told.client)}:{quote_plus(told.secret)}".encode()).decode()


def _read(body: bytes, shape: type[Shape]) -> Shape:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ProviderRefused from None


def _find(published: Keys, name: str | None, algorithm: str) -> PyJWK | None:
    """The one key that fits; a token that names none is for a provider with one."""
    fitting = [key for key in published.keys if _fits(key, algorithm) and name in (None, key.get("kid"))]
    if len(fitting) != 1:
        return None
    try:
        return PyJWK(fitting[0], algorithm=algorithm)
    except jwt.PyJWTError:
        return None


def _fits(key: dict[str, Any], algorithm: str) -> bool:
    to_sign, for_it = key.get("use", "sig") == "sig", key.get("alg", algorithm) == algorithm
    return to_sign and for_it and key.get("kty") == ALGORITHMS[algorithm]
