"""Who calls, whether the authority approves it now, and the keys of the pharmacies it speaks for: one statement a request."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from sceau.core.problems import ProblemType
from sceau.registry.approvals import tokens
from sceau.registry.approvals.errors import SoftwareRefused
from sceau.registry.approvals.models import Software
from sceau.registry.approvals.policies import check_approved

_CALLER = """
select software.id, software.state, pharmacy.finess, pharmacy.public_key
from approvals_accesstoken token join approvals_software software on software.id = token.software_id
left join pharmacies_pharmacy pharmacy on pharmacy.finess = any(%s)
where token.digest = %s and token.expires_at > %s
"""


class Caller(NamedTuple):
    """Approved software (its id and state alone), and the enrolled keys of the pharmacies that were asked for."""

    software: Software
    keys: dict[str, bytes]


def calling(token: str, finess: Collection[str], *, at: datetime) -> Caller:
    """Raises `SoftwareRefused` for a token that does not live and for software that is not approved at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(_CALLER, [list(finess), tokens.digest(token), at])
        rows = cursor.fetchall()
    if not rows:
        raise SoftwareRefused(ProblemType.TOKEN_REFUSED)
    software = Software(id=rows[0][0], state=rows[0][1])
    check_approved(software)
    return Caller(software, {number: bytes(key) for _, _, number, key in rows if number})
