class AlreadySent(Exception):
    """The report is on its way or has arrived: it can be corrected or cancelled, not taken back."""
