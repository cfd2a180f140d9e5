"""Why a case is not followed up by somebody."""


class AlreadyClaimed(Exception):
    """Another agent follows this case up; `by` says which (`user:12`)."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


class NotYours(Exception):
    """Only the agent who claimed a case acts on it."""
