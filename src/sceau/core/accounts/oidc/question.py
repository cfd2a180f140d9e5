"""One question to the provider: state, nonce and PKCE verifier (RFC 7636, S256), all made of one secret that the session keeps."""

import hashlib
import hmac
import os
from base64 import urlsafe_b64encode
from typing import NamedTuple, Self
from urllib.parse import urlencode

from sceau.core.accounts.oidc.registration import Registration

_SECRET = 32


class Question(NamedTuple):
    """Each of what is made of the 32 bytes tells nothing of the others."""

    secret: bytes

    @classmethod
    def fresh(cls) -> Self:
        return cls(os.urandom(_SECRET))

    @property
    def state(self) -> str:
        return self._made("state")

    @property
    def nonce(self) -> str:
        return self._made("nonce")

    @property
    def verifier(self) -> str:
        return self._made("verifier")

    def address(self, endpoint: str, to: Registration, *, back: str) -> str:
        """Where the browser asks; `back` is the page that the answer comes to."""
        told = {
            "response_type": "code",
            "client_id": to.client,
            "redirect_uri": back,
            "scope": to.scope,
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": _written(hashlib.sha256(self.verifier.encode()).digest()),
            "code_challenge_method": "S256",
        }
        told |= {"acr_values": to.acr} if to.acr else {}
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(told)}"

    def _made(self, what: str) -> str:
        return _written(hmac.digest(self.secret, b"sceau/oidc/v1/" + what.encode(), "sha256"))


def _written(digest: bytes) -> str:
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
