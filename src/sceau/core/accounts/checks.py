"""Whether every user was added by the application, with the key that they have."""

import hashlib

from sceau.core.accounts.models import User
from sceau.core.audit.checks import simple
from sceau.core.audit.states import State


def user_state(user: User) -> State:
    """What the log is told of a user: the key, never name or address."""
    return State(f"user:{user.pk}", 1, hashlib.sha256(bytes(user.public_key)).digest())


USERS = simple("user", User, user_state)
