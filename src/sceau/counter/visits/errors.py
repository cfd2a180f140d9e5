class Moved(Exception):
    """Somebody else has taken this visit further meanwhile."""


class Known(Exception):
    """A visit of this number is there already."""


class NoKit(Exception):
    """No kit is in hand, or the one in hand has expired or failed its control."""


class ResultsMissing(Exception):
    """The kit has another number of results."""
