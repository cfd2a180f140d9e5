class Full(Exception):
    """More came than a pharmacy can have waiting; to be tried again in a while."""


class Settled(Exception):
    """The pharmacy has verified or dismissed it meanwhile, or it was never there: nothing is changed."""
