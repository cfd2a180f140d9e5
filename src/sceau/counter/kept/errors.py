from sceau.counter.kept.models import Reason


class BadTicket(Exception):
    """It is nobody's, another pharmacy's, or over."""


class Full(Exception):
    """More came than a pharmacy's workstations keep; to be sent again in a while."""


class Aside(Exception):
    """This entry cannot be taken in as it is."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Malformed(Aside):
    """What was typed is no person's particulars."""

    def __init__(self) -> None:
        super().__init__(Reason.MALFORMED)


class NotYet(Exception):
    """What this entry rests on is being taken in just now, in another session."""


class Settled(Exception):
    """It has been taken in or dismissed meanwhile, or is not this pharmacy's."""
