"""Consent refused or withdrawn: facts stay, of nobody, and it cannot be undone. The keyholder sets a tombstone, so that no backup opens
the identity either, and what is stated of the same screening later leaves none.
"""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from sceau.core.audit.events import Event
from sceau.core.audit.models import Destruction
from sceau.core.audit.record import record
from sceau.core.bulk import array, insert_new
from sceau.core.keyholder.envelope_verbs import Accepted
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.errors import Refusal as Refused
from sceau.core.keyholder.identity_verbs import Forget
from sceau.core.keyholder.service_verbs import Statement
from sceau.core.keyholder.shapes import Question
from sceau.registry.contacts.models import Call, Contact
from sceau.registry.persons.errors import NotKept
from sceau.registry.persons.models import Doubt, Identity, Move, Refusal
from sceau.registry.results.actions import of_lineages
from sceau.registry.results.models import Report

_BARRED = "select lineage from persons_refusal where lineage = any(%s::uuid[])"
_REFUSAL = (("lineage", "uuid"), ("day", "date"), ("at", "timestamptz"))


class NotForgotten(Exception):
    """The keyholder knows of no refusal that would have these identities forgotten: their envelope waits for somebody to look."""


class Forgetting(Protocol):
    """The keyholder's client."""

    def ask(self, question: Question) -> object: ...


def heed(reports: Sequence[Accepted], *, keyholder: Forgetting, at: datetime) -> set[UUID]:
    """Part of the intake's transaction: the lineages of these reports of which no identity may be kept, by what they or others said.
    What was kept of them before somebody refused is erased.
    """
    refused = {one.lineage: one.day for one in reports if one.refused}
    if refused:
        _bar(refused, at)
        _forget(_kept_of(refused), keyholder, by="system:intake", reason="consent refused", at=at, lineages=list(refused))
    with connection.cursor() as cursor:
        cursor.execute(_BARRED, [array("uuid", [one.lineage for one in reports if one.identity or one.refused])])
        return {lineage for (lineage,) in cursor.fetchall()}


@transaction.atomic
def withdraw(report: UUID, *, keyholder: Forgetting, by: str, reason: str, at: datetime) -> int:
    """Erases whoever this report is about: every identity of that person, as a contact too, and what was noted about them. Gives how
    many identities there were. Safe to run again. Raises `NotKept`, `KeyholderError`.
    """
    person = Identity.objects.filter(report_id=report).values_list("person_id", flat=True).first()
    if person is None:
        raise NotKept
    kept = dict(Identity.objects.filter(person_id=person).values_list("report_id", "day"))
    _bar({lineage: kept[one] for one, lineage in Report.objects.filter(id__in=kept).values_list("id", "lineage")}, at)
    _forget(list(kept), keyholder, by=by, reason=reason, at=at)
    return len(kept)


def _bar(lineages: dict[UUID, date], at: datetime) -> None:
    insert_new(Refusal, _REFUSAL, [(lineage, day, at) for lineage, day in lineages.items()])


def _kept_of(lineages: Collection[UUID]) -> list[UUID]:
    reports = of_lineages(lineages).values("id")
    return list(Identity.objects.filter(report_id__in=reports).values_list("report_id", flat=True))


def _forget(
    reports: Sequence[UUID], keyholder: Forgetting, *, by: str, reason: str, at: datetime, lineages: Sequence[UUID] = ()
) -> None:
    """Rows first: what the keyholder forgets no rollback brings back, and a second run forgets it again. `lineages` are those whose
    consent was refused: without them only the operator has anything forgotten. Raises `NotForgotten`.
    """
    if not reports:
        return
    about = Q(report_id__in=reports) | Q(other_id__in=reports)
    Call.objects.filter(Q(contact_id__in=reports) | Q(case__report_id__in=reports)).delete()
    Contact.objects.filter(id__in=reports).delete()
    Doubt.objects.filter(about).delete()
    Move.objects.filter(report_id__in=reports).delete()
    Identity.objects.filter(report_id__in=reports).delete()
    for report in reports:
        record(Event.PERSON_ERASED, by=by, subject=f"report:{report}", at=at, purpose=reason[:100])
    try:
        told = keyholder.ask(Forget(list(reports), list(lineages)))
    except KeyholderError as error:
        if error.refusal is Refused.NOT_ALLOWED:
            raise NotForgotten from error
        raise
    _attest(told, at)


def _attest(told: object, at: datetime) -> None:
    """Keeps the keyholder's signed word."""
    assert isinstance(told, Statement)
    assert json.loads(told.text)["destroyed"]
    kept = {"text": told.text.decode(), "key": told.signature.key, "signature": told.signature.value}
    Destruction.objects.create(at=at, **kept)
