"""A sandbox knows the software under test from the registry that it is the sandbox of: its public keys, and when its test began.

Only public data comes over, asked for at each sign-in and when somebody looks. In the sandbox every such software is approved, for all
that it is to show.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import urllib3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction

from sceau.core.audit import states
from sceau.core.audit.events import Event
from sceau.core.codes.identifiers import Finess
from sceau.core.keyholder.assertions import subject
from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.keyholder.software_verbs import AddKey
from sceau.core.report import fhir
from sceau.core.report.model import Performer, blind
from sceau.core.sealing import suite
from sceau.core.sealing.header import Header
from sceau.core.sealing.seal import seal_envelope
from sceau.registry.approvals import telling
from sceau.registry.approvals.checks import key_state
from sceau.registry.approvals.enums import ApprovalState, Format
from sceau.registry.approvals.errors import KeyRefused
from sceau.registry.approvals.jwk import read
from sceau.registry.approvals.models import Key, Publisher, Software
from sceau.registry.bench.models import Reference
from sceau.registry.bench.scenarios import COVERED, reference
from sceau.registry.config.keyholder import keyholder
from sceau.registry.intake.stamping import stamp

FINESS = Finess("990000002")
"""Of the bench's own envelope: no establishment's."""
_BY = "system:bench"
_TIMEOUT = urllib3.Timeout(connect=3.0, read=5.0)
_LONGEST = 100_000
_DAY = timedelta(days=1)


class Told(msgspec.Struct, frozen=True):
    """A product as `/v1/software?id=` tells it."""

    id: UUID
    publisher: str
    name: str
    version: str
    keys: list[dict[str, str]]
    tested_from: datetime | None


class _List(msgspec.Struct, frozen=True):
    software: list[Told]


def refresh(assertion: str, *, at: datetime) -> None:
    """Before it signs in: brings over whom the assertion names, if it names anybody."""
    if named := subject(assertion):
        bring(named, at=at)


def bring(software: UUID, *, at: datetime) -> None:
    """As the registry knows it now. What cannot be reached changes nothing."""
    for told in _ask(software):
        take_over(told, at=at)


@transaction.atomic
def take_over(told: Told, *, at: datetime) -> None:
    """Writes it down as the sandbox approves it, and the day's reference."""
    firm = Publisher.objects.filter(name=told.publisher).order_by("pk").first() or Publisher.objects.create(name=told.publisher)
    scope = {"formats": sorted(map(str, Format)), "diseases": sorted(map(str, COVERED))}
    shown = {"publisher": firm, "name": told.name, "version": told.version, "tested_from": told.tested_from}
    state = {"state": ApprovalState.APPROVED, "since": told.tested_from or at}
    software, _ = Software.objects.update_or_create(id=told.id, defaults={**scope, **shown, **state})
    telling.tell(software, event=Event.SOFTWARE_DESCRIBED, by=_BY, at=at)
    keys = [_key(software, jwk, at) for jwk in told.keys]
    rows = [key_state(key) for key in keys]
    states.tell(rows, event=Event.SOFTWARE_DESCRIBED, by=_BY, keyholder=keyholder(), at=at)
    _remember(software, at)


def _ask(subject: UUID) -> list[Told]:
    address = f"{settings.SANDBOX_OF}/v1/software?id={subject}"
    try:
        answer = urllib3.request("GET", address, timeout=_TIMEOUT, retries=False, redirect=False)
        return msgspec.json.decode(answer.data[:_LONGEST], type=_List).software
    except (urllib3.exceptions.HTTPError, msgspec.MsgspecError):
        return []


def _key(software: Software, jwk: dict[str, str], at: datetime) -> Key:
    """Lives a day from the last time it was told; the registry that it comes from says when it ends."""
    try:
        found = read(msgspec.json.encode(jwk).decode())
    except KeyRefused:
        raise ValueError("the registry told a key that it would not take") from None
    told = {"software": software, "jwk": found.jwk, "added_at": at, "ends_at": at + _DAY}
    key, _ = Key.objects.update_or_create(thumbprint=found.thumbprint, defaults=told)
    keyholder().ask(AddKey(software.pk, found.jwk))
    return key


def _remember(software: Software, at: datetime) -> None:
    """The day's envelope about the invented persons, in the name of whatever was told first that day."""
    if not Reference.objects.filter(day=at.date()).exists():
        Reference.objects.get_or_create(day=at.date(), defaults={"data": _sealed(software, at)})


def _sealed(software: Software, at: datetime) -> bytes:
    encoded, root = keyholder().keys()
    public = KeyList.decode(encoded).check(root).envelope_for(at.date())
    reports = reference(Performer(name="Sceau", finess=FINESS), at=at)
    header = Header(suite.key_id(public), uuid4(), software.id, FINESS, at, len(reports))
    lines, twins = [fhir.write(one) for one in reports], [fhir.write(blind(one)) for one in reports]
    signer = Ed25519PrivateKey.generate()
    sealed = seal_envelope(header, lines, twins, registry=suite.public_key(public), signer=signer).data
    return sealed + stamp(sealed, plain=False, at=at)
