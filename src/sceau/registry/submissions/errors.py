"""Why nobody's rows are looked at."""


class SenderExists(Exception):
    """This software speaks for this establishment already, or the certificate is another's."""
