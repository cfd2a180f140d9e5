"""Quality control: a kit's lot is tried with its maker's positive and negative control. Stays in the pharmacy: nothing is sent."""

from datetime import date, datetime

from django.db import transaction

from sceau.core.audit.events import Event
from sceau.core.audit.record import record
from sceau.core.codes.snomed import Result
from sceau.counter.kits.errors import NothingFailed
from sceau.counter.kits.models import Control, Kit
from sceau.counter.pharmacies.models import ControlRule, Member, Pharmacy
from sceau.counter.pharmacies.policies import check_manage_staff, check_sign_off


@transaction.atomic
def run(kit: Kit, lot: str, *, positive: Result, negative: Result, by: Member, at: datetime) -> Control:
    """What the lot showed of the positive and of the negative control. Anybody of the staff runs it; the last run counts."""
    kit = _held(kit)
    control = Control.objects.create(kit=kit, lot=lot, positive=positive, negative=negative, by_id=by.user_id, at=at)
    _mark(kit, lot, failed=not control.passed)
    purpose = "passed" if control.passed else "failed"
    record(Event.KIT_CONTROLLED, by=f"user:{by.user_id}", subject=f"kit:{kit.id}", purpose=purpose, at=at)
    return control


@transaction.atomic
def use_all_the_same(kit: Kit, lot: str, reason: str, *, by: Member, at: datetime) -> Control:
    """A lot whose last control failed, used until the next control: a pharmacist says why, and the log keeps it.
    Raises `NotAllowed`, `NothingFailed`.
    """
    check_sign_off(by)
    kit = _held(kit)
    control = last(kit, lot)
    if control is None or control.passed:
        raise NothingFailed
    control.override = reason
    control.save(update_fields=["override"])
    _mark(kit, lot, failed=False)
    record(Event.KIT_OVERRIDDEN, by=f"user:{by.user_id}", subject=f"kit:{kit.id}", purpose=reason, at=at)
    return control


@transaction.atomic
def ask(pharmacy: Pharmacy, rule: ControlRule, *, by: Member, at: datetime) -> None:
    """From now on the counter reminds of controls as this rule says; it never holds a test back for one. Raises `NotAllowed`."""
    check_manage_staff(by)
    pharmacy.controls = rule
    pharmacy.save(update_fields=["controls"])
    record(Event.CONTROLS_ASKED, by=f"user:{by.user_id}", subject=f"pharmacy:{pharmacy.id}", purpose=rule, at=at)


def missing(kit: Kit, pharmacy: Pharmacy, today: date) -> bool:
    """Whether the lot in hand has not been tried as the pharmacy asks. No query where it asks nothing."""
    if pharmacy.controls == ControlRule.NEVER:
        return False
    control = last(kit, kit.lot)
    return control is None or (pharmacy.controls == ControlRule.EACH_DAY and pharmacy.day(control.at) < today)


def last(kit: Kit, lot: str) -> Control | None:
    return Control.objects.filter(kit=kit, lot=lot).order_by("-at", "-id").first()


def failed(kit: Kit, lot: str) -> bool:
    """Whether the lot's last control failed, and nobody has said why it is used all the same."""
    control = last(kit, lot)
    return control is not None and not control.passed and not control.override


def _held(kit: Kit) -> Kit:
    """As it is now, and nobody else's to change until this is done: another workstation may take another lot."""
    return Kit.objects.select_for_update().get(pk=kit.pk)


def _mark(kit: Kit, lot: str, *, failed: bool) -> None:
    if kit.lot == lot:
        kit.failed = failed
        kit.save(update_fields=["failed"])
