"""Why a pharmacy cannot enrol."""


class EnrolmentRefused(Exception):
    """The code is unknown, used, too old or for another pharmacy, or the key's proof is wrong. Which one is not said."""
