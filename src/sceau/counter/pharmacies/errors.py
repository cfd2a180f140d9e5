"""Why a pharmacy's keys are not at hand."""


class KeysNotTrusted(Exception):
    """The keys in the database are not those that this person's slot pins: somebody else put them there."""


class NotAMember(Exception):
    """This person has no key of this pharmacy."""


class AlreadyHere(Exception):
    """This pharmacy or address has an account already, or this invitation was opened."""


class LastOwner(Exception):
    """Nobody would be left to say who works here."""


class LastMember(Exception):
    """Nobody would be left to open the pharmacy's copies."""
