"""Why somebody is not appointed or enrolled."""


class HasAnotherPart(Exception):
    """This address is a pharmacy owner's or a publisher's account, or somebody's who has an appointment already."""


class NoPasskey(Exception):
    """Nobody is enrolled before they have brought their passkey."""


class PasskeyRefused(Exception):
    """What the browser gave is no new passkey of this site, or took too long."""
