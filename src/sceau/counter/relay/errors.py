"""What the registry, or the way to it, answered instead of taking envelopes."""

from sceau.core.problems import HEALS, PREFIX, ProblemDetails, ProblemType


class RegistryRefused(Exception):
    """The whole request was refused."""

    def __init__(self, details: ProblemDetails) -> None:
        super().__init__(details.type)
        self.details = details


def heals(details: ProblemDetails) -> bool:
    """Whether trying again later can help without anybody changing the envelope: by its type, else by its status."""
    if details.kind is not None:
        return details.kind in HEALS
    return details.status >= 500 or details.status in (408, 429)


def away(reason: str) -> ProblemDetails:
    """The registry did not answer; `reason` is a word for it, never a text from outside."""
    return ProblemDetails(type=PREFIX + ProblemType.UNAVAILABLE, title="", status=503, detail=reason)
