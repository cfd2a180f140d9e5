"""Why software is refused at the doors, and why an act on an approval is."""

from enum import StrEnum

from sceau.core.problems import ProblemType
from sceau.registry.approvals.enums import Act, ApprovalState


class SoftwareRefused(Exception):
    """`reason` is the authority's, where there is a decision, or what the scope leaves out; public. `again`: in so many seconds."""

    def __init__(self, kind: ProblemType, reason: str = "", *, again: int = 0) -> None:
        super().__init__(kind.value)
        self.kind = kind
        self.reason = reason
        self.again = again


class NotNow(Exception):
    """This cannot be done from where the approval stands, or not by whoever asks."""

    def __init__(self, state: ApprovalState, act: Act) -> None:
        super().__init__(f"{act} from {state}")


class NotShown(Exception):
    """Submitted without a key that lives, or without a bench that was passed."""


class BenchAway(Exception):
    """The bench does not answer, or what it says is not signed by its key, or not about this test."""


class Flaw(StrEnum):
    """Why a publisher's key is not taken."""

    UNREADABLE = "unreadable"
    PRIVATE = "private"
    ALGORITHM = "algorithm"
    NOT_FOR_SIGNING = "not-for-signing"
    KNOWN = "known"
    LEAKED = "leaked"
    TOO_MANY = "too-many"
    ENDED = "ended"
    UNPROVEN = "unproven"


class KeyRefused(Exception):
    """`thumbprint` is that of the public half, where it could be read."""

    def __init__(self, flaw: Flaw, thumbprint: str = "") -> None:
        super().__init__(flaw.value)
        self.flaw = flaw
        self.thumbprint = thumbprint
