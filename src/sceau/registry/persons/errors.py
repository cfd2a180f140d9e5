"""Why persons cannot be merged or kept apart."""


class Decided(Exception):
    """Somebody decided this doubt before, or one of its identities is gone: there is nothing left to decide."""


class NotKept(Exception):
    """No identity is kept for this report: consent was refused, it was erased, or retention is over."""
