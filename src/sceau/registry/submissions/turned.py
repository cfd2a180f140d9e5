"""What plain doors turned away of a software's submissions, by row number. No body is kept, so that nothing else could be said."""

from uuid import UUID

from sceau.registry.intake.reconciling import MOST, Refused
from sceau.registry.submissions.models import Submission


def turned_away(software: UUID, *, most: int = MOST) -> list[Refused]:
    """The latest submissions of which a row was refused at once."""
    rows = Submission.objects.filter(software_id=software).exclude(refused=[]).order_by("-id")[:most]
    return [Refused(one.id, one.form.partition(":")[0], one.received_at, one.refused, one.rows) for one in rows]
