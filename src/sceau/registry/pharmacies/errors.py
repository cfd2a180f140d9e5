"""Why a key is not enrolled, or an owner not invited."""


class EnrolmentRefused(Exception):
    """The key's proof is wrong, or it was asked for in the future."""


class TooManyRequests(Exception):
    """So many keys were asked for at this FINESS today that nobody could compare them."""


class NoSuchRequest(Exception):
    """This key does not wait for a decision: it was decided, replaced by another one, or never asked for."""


class FingerprintDiffers(Exception):
    """What was read at the counter is not this key's fingerprint."""


class AddressTaken(Exception):
    """This address has another account at the registry."""
