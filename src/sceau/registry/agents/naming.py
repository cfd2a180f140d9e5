"""What an agent is called at the keyholder, in the log and on a case: the account, and nobody's name."""

from sceau.core.accounts.models import User


def name_of(user: User) -> str:
    return f"user:{user.pk}"


def pk_of(name: str) -> int:
    """The account's; raises `ValueError` for what is no agent's name."""
    kind, _, pk = name.partition(":")
    if kind != "user":
        raise ValueError(name)
    return int(pk)
