"""The passkeys of whoever is signed in, for the page of their sign-in."""

from django import template
from django.db.models import QuerySet

from sceau.core.accounts.models import Passkey, User

register = template.Library()


@register.simple_tag
def passkeys_of(user: User) -> QuerySet[Passkey]:
    return Passkey.objects.filter(slot__user=user).order_by("slot__created_at")
