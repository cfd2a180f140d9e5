"""Django's sessions as a thief sees them: signed, not sealed. He reads them; with the secret key he writes his own.

The key of what a session holds unlocked is half in its row and half in a cookie (`core.accounts.unlocking`).
"""

import base64
import secrets
import string
import time
import zlib
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core.signing import JSONSerializer, TimestampSigner

from sceau.exposure.drills.world import World

_SALT = "django.contrib.sessions.SessionStore"
_BACKEND = "sceau.core.accounts.backends.SlotBackend"
_HALF, _NONCE = 32, 12


def unpack(session: str) -> dict[str, Any]:
    """What a session's row says."""
    payload = session.lstrip(".").partition(":")[0]
    data = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    told: dict[str, Any] = msgspec.json.decode(zlib.decompress(data) if session.startswith(".") else data)
    return told


def rows(world: World, service: str = "counter") -> list[dict[str, Any]]:
    """Every session of a service, unpacked."""
    return [unpack(str(data)) for (data,) in world.sql(service, "select session_data from django_session")]


def unlocked_rows(world: World) -> list[bytes]:
    """What each session holds that is unlocked: half a key, and what the whole key seals."""
    return [base64.b64decode(row["unlocked"]) for row in rows(world) if "unlocked" in row]


def opens(row: bytes, cookie: bytes) -> bool:
    """Whether that half of the key fits this row's."""
    sealed = row[_HALF:]
    try:
        AESGCM(_key(row, cookie)).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
    except InvalidTag:
        return False
    return True


def age(world: World, key: str, cookie: bytes, *, idle: float = 0.0, old: float = 0.0) -> None:
    """Makes a session look as if its person had done nothing for `idle` seconds, and had signed in `old` seconds earlier.

    It takes the service's secret key and both halves of the session's: the clock's part, which waiting would play.
    """
    [(data,)] = world.sql("counter", "select session_data from django_session where session_key = %s", key)
    told = unpack(str(data))
    told["seen"] -= idle
    row = base64.b64decode(told["unlocked"])
    cipher = AESGCM(_key(row, cookie))
    held = msgspec.msgpack.decode(cipher.decrypt(row[_HALF:][:_NONCE], row[_HALF:][_NONCE:], None))
    held[1] -= old
    nonce = secrets.token_bytes(_NONCE)
    sealed = nonce + cipher.encrypt(nonce, msgspec.msgpack.encode(held), None)
    told["unlocked"] = base64.b64encode(row[:_HALF] + sealed).decode()
    world.sql(
        "counter", "update django_session set session_data = %s where session_key = %s", _signed(world, "counter", told), key
    )


def forge(world: World, service: str, user: int, *, unlocked: str | None = None) -> dict[str, str]:
    """Writes a session of that user with the stolen secret key; gives the cookie that goes with it."""
    [(stamp,)] = world.sql(service, "select stamp from accounts_user where id = %s", user)
    told = {"_auth_user_id": str(user), "_auth_user_backend": _BACKEND, "_auth_user_hash": stamp, "seen": time.time()}
    key = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(32))
    data = _signed(world, service, told | ({"unlocked": unlocked} if unlocked else {}))
    expires = "insert into django_session (session_key, session_data, expire_date) values (%s, %s, now() + interval '1 hour')"
    world.sql(service, expires, key, data)
    return {"session": key}


def _key(row: bytes, cookie: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"sceau/session/v1").derive(row[:_HALF] + cookie)


def _signed(world: World, service: str, told: dict[str, Any]) -> str:
    signer = TimestampSigner(key=world.stage.env(service, "web")["SECRET_KEY"], salt=_SALT, fallback_keys=[])
    return signer.sign_object(told, serializer=JSONSerializer, compress=True)
