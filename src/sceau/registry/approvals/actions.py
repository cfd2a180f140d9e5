"""What is done to an approval, by its publisher or the authority. Each is one transaction with the decision that tells it.

What the authority decides on its pages needs the `touch` of one of its members, which the keyholder checks (`telling`); the operator's
command needs none.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from sceau.core.audit.events import Event
from sceau.core.keyholder.agent_verbs import Assertion
from sceau.registry.approvals import keys, machine, telling
from sceau.registry.approvals.enums import Act, Actor, ApprovalState
from sceau.registry.approvals.errors import NotShown
from sceau.registry.approvals.models import Decision, Evidence, Key, Publisher, Software
from sceau.registry.approvals.notices import owe
from sceau.registry.approvals.quota import Quota
from sceau.registry.approvals.scope import Scope

_SCOPE = ["formats", "diseases", "starts_on", "ends_on"]


@transaction.atomic
def describe(publisher: Publisher, *, name: str, version: str, by: str, at: datetime) -> Software:
    """A product version, not yet shown to anybody. Raises `IntegrityError` if the publisher has it already."""
    software = Software.objects.create(publisher=publisher, name=name, version=version, since=at)
    telling.tell(software, event=Event.SOFTWARE_DESCRIBED, by=by, at=at)
    return software


@transaction.atomic
def submit(software: Software, *, by: str, at: datetime) -> None:
    """Asks for approval, with what the bench saw last. Raises `NotNow`, `NotShown`."""
    evidence = latest(software)
    if evidence is None or not evidence.passed or not keys.live(software, at=at).exists():
        raise NotShown
    _act(software, Act.SUBMIT, Actor.PUBLISHER, public=software.publisher.name, reason="", by=by, at=at)


@transaction.atomic
def take_back(software: Software, *, by: str, at: datetime) -> None:
    """Raises `NotNow`."""
    _act(software, Act.TAKE_BACK, Actor.PUBLISHER, public=software.publisher.name, reason="", by=by, at=at)


@transaction.atomic
def approve(
    software: Software,
    *,
    scope: Scope,
    reason: str,
    authority: str,
    by: str,
    at: datetime,
    touch: Assertion | None = None,
    taking: Collection[Key] = (),
) -> None:
    """Within `scope`, from the next request on, and with the keys `taking` that waited. Raises `NotNow`, `KeyholderError`."""
    telling.put(software, scope.fields())
    software.save(update_fields=_SCOPE)
    _act(software, Act.APPROVE, Actor.AUTHORITY, public=authority, reason=reason, by=by, at=at, touch=touch, taken=taking)


@transaction.atomic
def decide(
    software: Software,
    *,
    act: Act,
    reason: str,
    authority: str,
    by: str,
    at: datetime,
    touch: Assertion | None = None,
    taking: Collection[Key] = (),
) -> None:
    """Refuses, suspends, withdraws, or approves again within the scope it had, with the keys `taking`; takes effect at the next
    request. The owners of the pharmacies that it served are owed a word when it is suspended or withdrawn. Raises `NotNow`,
    `KeyholderError`.
    """
    decision = _act(software, act, Actor.AUTHORITY, public=authority, reason=reason, by=by, at=at, touch=touch, taken=taking)
    if act in (Act.SUSPEND, Act.WITHDRAW):
        owe(decision, at=at)


@transaction.atomic
def limit(software: Software, *, quota: Quota, by: str, at: datetime, touch: Assertion | None = None) -> None:
    """How much it may send, from the next call on. Raises `KeyholderError`."""
    software = Software.objects.select_for_update().get(pk=software.pk)
    telling.put(software, quota._asdict())
    software.save(update_fields=Quota._fields)
    telling.tell(software, event=Event.SOFTWARE_QUOTA_SET, by=by, at=at, touch=touch)


@transaction.atomic
def enter(
    *, publisher: Publisher, name: str, version: str, key: str, scope: Scope, authority: str, by: str, at: datetime
) -> Software:
    """Enters software that the authority approved without this site: no bench was seen, and the list says so. Raises `KeyRefused`."""
    software = Software.objects.create(publisher=publisher, name=name, version=version, since=at, state=ApprovalState.SUBMITTED)
    keys.add(software, key, by=by, at=at)
    approve(software, scope=scope, reason="", authority=authority, by=by, at=at)
    return software


def latest(software: Software) -> Evidence | None:
    """What the bench saw last."""
    return software.evidence.order_by("-id").first()


def _act(
    software: Software,
    act: Act,
    actor: Actor,
    *,
    public: str,
    reason: str,
    by: str,
    at: datetime,
    touch: Assertion | None = None,
    taken: Collection[Key] = (),
) -> Decision:
    """The decision itself is public, with its reason and who took it; the log keeps it from being rewritten."""
    keys.take(taken, by=by, at=at)
    now = Software.objects.select_for_update().get(pk=software.pk)
    software.state, software.since = machine.after(ApprovalState(now.state), act, actor=actor), at
    software.save(update_fields=["state", "since"])
    telling.tell(software, event=Event.SOFTWARE_DECIDED, by=by, at=at, reason=reason, touch=touch, taken=taken)
    told = {"scope": _told(software.scope), "evidence": latest(software), "reason": reason}
    return Decision.objects.create(software=software, act=act, state=software.state, at=at, by=public, **told)


def _told(scope: Scope) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in scope.fields().items()}
