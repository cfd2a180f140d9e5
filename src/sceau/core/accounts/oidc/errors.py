"""What the page tells apart: nobody answers, or what was answered is not taken. Neither carries a text of the provider's."""


class ProviderAway(Exception):
    """The provider does not answer, or not in time."""


class ProviderRefused(Exception):
    """The provider says no, or its answer does not hold."""
