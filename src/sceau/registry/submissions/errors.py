"""Why nobody's rows are looked at."""


class CertificateTaken(Exception):
    """This client certificate is another sender's: by it nobody could tell who comes."""
