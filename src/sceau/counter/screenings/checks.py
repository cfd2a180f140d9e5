"""Whether the outcomes that pages show are those that the registry signed."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import QuerySet

from sceau.core.audit.checkpoint import Signer
from sceau.core.audit.checks import Check, Progress
from sceau.core.sealing import signing, statements
from sceau.core.sealing.errors import SealingError
from sceau.counter.config.keys import registry_keys
from sceau.counter.relay.models import Envelope, EnvelopeState

_OTHERWISE = """
select s.id from screenings_screening s join relay_envelope e on e.id = s.envelope_id
where s.outcome <> case when e.state = 'acknowledged' then coalesce(e.outcomes[s.position + 1], '') else '' end order by s.id
"""


def _acknowledged() -> QuerySet[Envelope]:
    return Envelope.objects.filter(state=EnvelopeState.ACKNOWLEDGED).defer("data")


def _faults(_: Signer, progress: Progress) -> Iterator[str]:
    for number, row in enumerate(_acknowledged().order_by("id").iterator(), 1):
        if not _signed(row):
            yield f"envelope {row.id}: no acknowledgement that the registry signed says what is kept of it"
        progress(number)
    with connection.cursor() as cursor:
        cursor.execute(_OTHERWISE)
        yield from (f"screening {report}: its outcome is not the one that was acknowledged" for (report,) in cursor.fetchall())


def _signed(row: Envelope) -> bool:
    if row.signature is None or row.told_at is None:
        return False
    reasons = bytes(row.sealed_reasons or b"")
    statement = statements.acknowledgement(row.id, row.outcomes or [], reasons, row.told_at, row.flaw)
    try:
        signing.check(registry_keys().receipt, bytes(row.signature), statement)
    except SealingError:
        return False
    return True


OUTCOMES = Check("outcomes", lambda: _acknowledged().count(), _faults)
