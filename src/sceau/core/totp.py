"""`sceau totp SEED`: the one-time code of a demo's sign-in, for whoever has no authenticator at hand."""

import typer
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time


def totp(seed: str) -> None:
    """Prints the present one-time code of a second factor's seed."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(MFA_TOTP_PERIOD=30, MFA_TOTP_DIGITS=6)
        django.setup()
    typer.echo(format_hotp_value(hotp_value(seed, next(iter(yield_hotp_counters_from_time())))))
