"""The passkeys of whoever is signed in, for the page of their sign-in."""

from typing import NamedTuple
from uuid import UUID

from django import template

from sceau.core.accounts import people
from sceau.core.accounts.models import Passkey, User

register = template.Library()


class Shown(NamedTuple):
    pk: UUID
    name: str


@register.simple_tag
def passkeys_of(user: User) -> list[Shown]:
    keys = list(Passkey.objects.filter(slot__user=user).order_by("slot__created_at"))
    return [Shown(key.pk, "".join(told)) for key, told in zip(keys, people.opened(keys), strict=True)]
