"""Where an approval may go: the table alone decides, for actions and pages alike; each act is told to the log."""

from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.utils import timezone
from tests.plugins.services import break_table
from tests.registry.world import FARID, Publisher, shown

from sceau.core.audit.models import Entry
from sceau.registry.approvals import actions, machine
from sceau.registry.approvals.enums import Act, Actor, ApprovalState
from sceau.registry.approvals.errors import NotNow, NotShown
from sceau.registry.approvals.models import Decision, Software
from sceau.registry.approvals.scope import Scope

AUTHORITY: dict[str, Any] = {"authority": FARID, "by": "user:1"}
GAELLE = {"by": "user:2"}
EVERY = list(product(ApprovalState, Act))


@pytest.mark.parametrize(("state", "act"), EVERY)
def test_what_is_not_in_the_table_is_refused(state: ApprovalState, act: Act) -> None:
    listed = [one for one in machine.TRANSITIONS if (one.start, one.act) == (state, act)]
    for actor in Actor:
        if [one for one in listed if one.actor is actor]:
            assert machine.after(state, act, actor=actor) is listed[0].end
        else:
            with pytest.raises(NotNow):
                machine.after(state, act, actor=actor)


def test_nothing_leads_out_of_withdrawn() -> None:
    assert [machine.offered(ApprovalState.WITHDRAWN, actor=actor) for actor in Actor] == [[], []]


def state_of(publisher: Publisher) -> str:
    return Software.objects.get(pk=publisher.software.pk).state


@pytest.fixture
def submitted(publisher: Publisher) -> Publisher:
    Software.objects.update(state=ApprovalState.DRAFT)
    shown(publisher.software)
    actions.submit(publisher.software, **GAELLE, at=timezone.now())
    return publisher


def test_what_was_shown_is_kept_with_the_decision(submitted: Publisher) -> None:
    actions.approve(submitted.software, scope=Scope(), reason="", **AUTHORITY, at=timezone.now())
    decision = Decision.objects.order_by("-id")[0]
    assert (decision.state, decision.by, decision.evidence) == ("approved", FARID, actions.latest(submitted.software))
    told = Entry.objects.get(event="software-decided", by="user:1")
    assert told.subject == f"software:{submitted.software.id}"


@pytest.mark.parametrize(("passed", "kept"), [(False, True), (True, False)], ids=["bench not passed", "no key"])
def test_it_is_not_submitted_without_a_passed_bench_and_a_key(publisher: Publisher, passed: bool, kept: bool) -> None:
    Software.objects.update(state=ApprovalState.DRAFT)
    shown(publisher.software, passed=passed)
    if not kept:
        publisher.software.keys.update(ends_at=timezone.now())
    with pytest.raises(NotShown):
        actions.submit(publisher.software, **GAELLE, at=timezone.now())
    assert state_of(publisher) == "draft"


def test_refused_it_may_be_asked_for_again(submitted: Publisher) -> None:
    actions.decide(submitted.software, act=Act.REFUSE, reason="perd des résultats", **AUTHORITY, at=timezone.now())
    actions.submit(submitted.software, **GAELLE, at=timezone.now())
    assert state_of(submitted) == "submitted"


def test_the_publisher_takes_back_what_waits_and_not_what_was_decided(submitted: Publisher) -> None:
    actions.take_back(submitted.software, **GAELLE, at=timezone.now())
    actions.submit(submitted.software, **GAELLE, at=timezone.now())
    actions.approve(submitted.software, scope=Scope(), reason="", **AUTHORITY, at=timezone.now())
    with pytest.raises(NotNow):
        actions.take_back(submitted.software, **GAELLE, at=timezone.now())


def test_of_two_officers_the_second_decides_on_what_the_first_made_of_it(submitted: Publisher) -> None:
    stale = Software.objects.get(pk=submitted.software.pk)
    actions.decide(submitted.software, act=Act.REFUSE, reason="x", **AUTHORITY, at=timezone.now())
    with pytest.raises(NotNow):
        actions.approve(stale, scope=Scope(), reason="", **AUTHORITY, at=timezone.now())


def test_if_the_log_cannot_be_told_nothing_is_decided(submitted: Publisher) -> None:
    break_table("audit_entry")
    with pytest.raises(DatabaseError), transaction.atomic():
        actions.approve(submitted.software, scope=Scope(), reason="", **AUTHORITY, at=timezone.now())
    assert state_of(submitted) == "submitted"
    assert not Decision.objects.filter(software=submitted.software, by=FARID, act="approve").exclude(evidence=None).exists()
