"""The way to the registry: OAuth 2 client credentials with `private_key_jwt`, then envelopes and acknowledgements over HTTPS.

Holds the software's key and nothing of a pharmacy's. Every answer is bounded and decoded into a type; every receipt and every
acknowledgement is checked against the registry's pinned keys before it is believed.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID, uuid4

import jwt
import msgspec
import urllib3
from django.conf import settings

from sceau.core.problems import PREFIX, ProblemDetails, ProblemType
from sceau.core.sealing.framing import CONTENT_TYPE, join
from sceau.core.wire import Acknowledgements, KeyAnswer, KeyRequest, Receipt, Search
from sceau.counter.relay.errors import RegistryRefused, away

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST_ANSWER = 32 * 1024 * 1024
_TIMEOUT = urllib3.Timeout(connect=3.0, read=30.0)
_EARLY = timedelta(seconds=30)

T = TypeVar("T")


class Token(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: int


class Client:
    """One software at one registry."""

    def __init__(self, *, url: str, software: UUID, key: str) -> None:
        self._url = url.rstrip("/")
        self._software = software
        self._key = key
        self._http = urllib3.PoolManager(retries=False, timeout=_TIMEOUT)
        self._token = ""
        self._until = datetime.min.replace(tzinfo=UTC)

    def send(self, envelopes: Sequence[bytes], *, at: datetime) -> Receipt:
        return self._call("/v1/envelopes", join(envelopes), CONTENT_TYPE, Receipt, at)

    def acknowledgements(self, envelopes: Sequence[UUID], *, at: datetime) -> Acknowledgements:
        asked = msgspec.json.encode(Search(list(envelopes)))
        return self._call("/v1/acknowledgements/search", asked, "application/json", Acknowledgements, at)

    def ask_key(self, asked: KeyRequest, *, at: datetime) -> KeyAnswer:
        return self._call("/v1/pharmacies", msgspec.json.encode(asked), "application/json", KeyAnswer, at)

    def _call(self, path: str, body: bytes, content_type: str, answer: type[T], at: datetime) -> T:
        """One call; a token that the registry no longer knows is replaced once. Raises `RegistryRefused`."""
        try:
            return self._post(path, body, content_type, answer, self.bearer(at))
        except RegistryRefused as refused:
            if refused.details.kind is not ProblemType.TOKEN_REFUSED:
                raise
        self._token = ""
        return self._post(path, body, content_type, answer, self.bearer(at))

    def bearer(self, at: datetime) -> dict[str, str]:
        """The header that says who calls, with a token that still lives half a minute."""
        if not self._token or at >= self._until:
            token = self._sign_in(at)
            self._token, self._until = token.access_token, at + timedelta(seconds=token.expires_in) - _EARLY
        return {"Authorization": f"Bearer {self._token}"}

    def _sign_in(self, at: datetime) -> Token:
        who, audience = str(self._software), self._url + "/oauth/token"
        claims = {"iss": who, "sub": who, "aud": audience, "iat": at, "exp": at + timedelta(minutes=4), "jti": str(uuid4())}
        assertion = jwt.encode(claims, self._key, algorithm="ES256")
        form = {"grant_type": "client_credentials", "client_assertion_type": _ASSERTION, "client_assertion": assertion}
        return self._post("/oauth/token", urlencode(form).encode(), "application/x-www-form-urlencoded", Token, {})

    def _post(self, path: str, body: bytes, content_type: str, answer: type[T], headers: dict[str, str]) -> T:
        headers = {"Content-Type": content_type, "Accept-Language": "fr", **headers}
        try:
            with self._http.request("POST", self._url + path, body=body, headers=headers, preload_content=False) as response:
                data, status = response.read(_LONGEST_ANSWER), response.status
        except urllib3.exceptions.HTTPError as error:
            raise RegistryRefused(away(type(error).__name__)) from None
        if status != 200:
            raise RegistryRefused(_details(data, status))
        try:
            return msgspec.json.decode(data, type=answer)
        except msgspec.MsgspecError:
            raise RegistryRefused(away("UnreadableAnswer")) from None


def _details(data: bytes, status: int) -> ProblemDetails:
    """The problem as told (RFC 9457), or one made from the status when something between answered instead."""
    try:
        return msgspec.json.decode(data, type=ProblemDetails)
    except msgspec.MsgspecError:
        return ProblemDetails(type=f"{PREFIX}http-{status}", title="", status=status)


@lru_cache(maxsize=1)
def client() -> Client:
    """The configured one; the token is kept for this process."""
    key = Path(settings.SOFTWARE_KEY).read_text()
    return Client(url=settings.REGISTRY_URL, software=UUID(settings.SOFTWARE_ID), key=key)
