"""Who of a pharmacy's staff may do what. `check_…` raises, `can_…` answers."""

from collections.abc import Callable

from sceau.counter.pharmacies.models import Member, Role


class NotAllowed(Exception):
    """This role may not do that."""


def check_sign_off(member: Member) -> None:
    """To say what a test found, or to change it, is a pharmacist's act; an assistant registers and starts."""
    if member.role not in (Role.OWNER, Role.PHARMACIST):
        raise NotAllowed


def check_manage_staff(member: Member) -> None:
    """Who works here, with which role and at which workstation, is the owner's to say."""
    if member.role != Role.OWNER:
        raise NotAllowed


def _can(check: Callable[[Member], None]) -> Callable[[Member], bool]:
    def can(member: Member) -> bool:
        try:
            check(member)
        except NotAllowed:
            return False
        return True

    return can


can_sign_off = _can(check_sign_off)
can_manage_staff = _can(check_manage_staff)
