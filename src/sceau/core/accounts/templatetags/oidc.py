"""Whether this site has an OpenID Connect provider, and whether somebody is linked to it, for the pages of signing in."""

from django import template

from sceau.core.accounts.models import Link, User
from sceau.core.accounts.oidc.registration import registration

register = template.Library()


@register.simple_tag
def provider_name() -> str:
    """Empty without one."""
    told = registration()
    return told.name if told else ""


@register.simple_tag
def is_linked(user: User) -> bool:
    return Link.objects.filter(user=user).exists()
