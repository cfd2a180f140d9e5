"""`sceau totp SEED`: the present one-time code of a demo's sign-in, for whoever has no authenticator at hand."""

import base64
import time

import typer
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

_DIGITS, _PERIOD = 6, 30


def totp(seed: str) -> None:
    """Prints the present one-time code of a second factor's seed."""
    try:
        typer.echo(code(seed))
    except ValueError:
        raise typer.BadParameter("no whole seed: copy it as it was printed, letters and the digits 2 to 7") from None


def code(seed: str) -> str:
    """The present six digits (RFC 6238) of a base32 seed."""
    return TOTP(base64.b32decode(seed), _DIGITS, SHA1(), _PERIOD).generate(int(time.time())).decode()  # noqa: S303 - RFC 6238 as authenticator apps have it
