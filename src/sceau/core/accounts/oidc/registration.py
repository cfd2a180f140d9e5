"""What the provider and this site have agreed on, from the settings; None where nothing is agreed and the feature is off."""

from typing import NamedTuple

from django.conf import settings


class Registration(NamedTuple):
    """`name` is what people call the provider. `acr`, when not empty, is the level of assurance that is asked for and insisted on."""

    issuer: str
    client: str
    secret: str
    name: str
    scope: str
    acr: str


def registration() -> Registration | None:
    """As `docs/reference/settings.md` lists it; a site without these settings has none."""
    told: dict[str, str] = getattr(settings, "OIDC", {})
    if not told.get("ISSUER") or not told.get("CLIENT_ID"):
        return None
    names = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME", "SCOPE", "ACR")
    return Registration(*(told[name] for name in names))
