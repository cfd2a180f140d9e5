"""Why software is refused."""

from sceau.core.problems import ProblemType


class SoftwareRefused(Exception):
    """`reason` is the authority's, where there is a decision; public."""

    def __init__(self, kind: ProblemType, reason: str = "") -> None:
        super().__init__(kind.value)
        self.kind = kind
        self.reason = reason
