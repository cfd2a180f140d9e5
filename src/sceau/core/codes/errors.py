"""Why a string is not a code."""


class BadCode(ValueError):
    """The string is no code of its system.

    `reason` is one of `shape` (not written like one), `check_digit`, `unknown` (well formed, not in our tables);
    `system` names the code system, for people.
    """

    def __init__(self, system: str, reason: str) -> None:
        super().__init__(f"{system}: {reason}")
        self.system = system
        self.reason = reason
