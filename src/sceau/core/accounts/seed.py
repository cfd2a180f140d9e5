"""What a person needs to sign in, as it is shown once. No Django."""

from typing import NamedTuple


class SignIn(NamedTuple):
    """`totp_secret` is the seed of the second factor, base32; the recovery code opens when the password is lost."""

    email: str
    password: str
    totp_secret: str
    recovery_code: str
