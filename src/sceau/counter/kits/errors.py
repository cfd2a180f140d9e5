class KitExpired(Exception):
    """The box in hand is past its expiry date."""


class UnknownKit(Exception):
    """No kit of this pharmacy has that number: it is to be described once."""


class NothingFailed(Exception):
    """No control of this lot has failed: there is nothing to use it in spite of."""
