"""`sceau doctor`: what is wrong with this installation, in order of danger. 1 if anything is."""

import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

import typer

from sceau.core import service
from sceau.core.audit.events import Event
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.service_verbs import SKEW, Health, Told
from sceau.core.keyholder.shapes import Question

_SKEW = timedelta(minutes=1)
_UNLOOKED = timedelta(days=2)
_REMEMBERED = timedelta(days=14)
_NAMED = 10
_PUT_BACK = "Put back the keyholder's newest store."


class Finding(NamedTuple):
    """`danger` from 1, the worst; `fix` is what to do."""

    danger: int
    what: str
    fix: str


class Asked:
    """The keyholder of the service that is loaded."""

    def ask(self, question: Question) -> object:
        from sceau.core.accounts.keyholder import keyholder

        return keyholder().ask(question)

    def user(self) -> int:
        """The keyholder's operating-system user."""
        from sceau.core.accounts.keyholder import keyholder

        return keyholder().user()


def doctor(
    which: Annotated[str, typer.Option("--service", help="counter or registry")] = "registry",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Says what is wrong with this installation, the most dangerous first."""
    service.load(which)
    from django.utils import timezone

    found = sorted([*findings(Asked(), now=timezone.now()), *of_the_service()])
    if as_json:
        json.dump([one._asdict() for one in found], sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        for one in found:
            typer.echo(f"{one.danger}  {one.what}\n   {one.fix}")
        typer.echo("nothing found" if not found else "", nl=not found)
    raise typer.Exit(1 if found else 0)


def of_the_service() -> Iterator[Finding]:
    """What the service that is loaded looks at by itself: its setting `DOCTORS` names the functions."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    for name in getattr(settings, "DOCTORS", ()):
        yield from import_string(name)()


def findings(keyholder: Asked, *, now: datetime) -> Iterator[Finding]:
    try:
        told = keyholder.ask(Health())
    except KeyholderError as error:
        yield Finding(
            1, f"the keyholder does not answer ({error.refusal})", "Start it, and set KEYHOLDER to this process's socket."
        )
        return
    assert isinstance(told, Told)
    if told.unsafe:
        fix = "Give the store a passphrase with `sceau keyholder rotate`, and serve it without --unsafe-unlock-file."
        yield Finding(2, "the keyholder's store is unlocked by a key that lies in a file", fix)
    if keyholder.user() == os.geteuid():
        fix = "Run it as a user of its own, and let each process in with `sceau keyholder serve --allow PRINCIPAL=UID`."
        yield Finding(2, "the keyholder runs as the user of this process, which may read its folder", fix)
    yield from _clocks(told, now)
    yield from _log(told)
    yield from _older(keyholder, told, now)
    yield from _verified(now)


def _clocks(told: Told, now: datetime) -> Iterator[Finding]:
    apart, fix = abs(told.now - now), "Let both follow the same time server."
    if apart > SKEW:
        more = "nothing is taken in and no receipt is signed" if told.service == "registry" else "days begin and end apart"
        yield Finding(1, f"the keyholder's clock and this one differ by more than five minutes: {more}", fix)
    elif apart > _SKEW:
        yield Finding(3, "the keyholder's clock and this one differ by more than a minute", fix)


def _log(told: Told) -> Iterator[Finding]:
    from sceau.core.audit import tree
    from sceau.core.audit.models import Pending

    if told.checkpoint > tree.size():
        fix = (
            "The database was put back, or the log cut: `sceau audit verify` says where. Nothing is signed until that is settled."
        )
        yield Finding(1, f"the keyholder signed a log of {told.checkpoint} entries, and here are {tree.size()}", fix)
    if Pending.objects.count() > 1_000:
        yield Finding(4, "entries wait to be numbered and signed", "See that the worker runs.")


def _older(keyholder: Asked, told: Told, now: datetime) -> Iterator[Finding]:
    """A store that was put back to an older state: by what it signed, by what the log tells of it, and by what it does not open."""
    from sceau.core.audit.models import Checkpoint, Entry

    newest = Checkpoint.objects.order_by("-size").first()
    if newest and told.checkpoint < newest.size:
        signed = f"it signed {told.checkpoint} entries of the log, and here {newest.size} are signed"
        what = f"the keyholder's store is older than this database: {signed}"
        yield Finding(1, what, _PUT_BACK)
    seen = Entry.objects.filter(by="system:audit", event=Event.STORE_PUT_BACK, at__gt=now - _REMEMBERED).order_by("-at").first()
    if seen:
        fix = "Credentials that were ended since that store was copied live again: end those once more."
        yield Finding(3, f"on {seen.at:%Y-%m-%d %H:%M} UTC the keyholder answered from an older store", fix)
    yield from _lacked(keyholder)


def _lacked(keyholder: Asked) -> Iterator[Finding]:
    from sceau.core import older
    from sceau.core.accounts.models import Slot

    try:
        lacked = older.lacked(keyholder)
    except KeyholderError:
        yield Finding(4, "what the keyholder's store lacks was not looked at", "Set KEYHOLDER to the operator's socket.")
        return
    if lacked.credentials:
        users = sorted(set(Slot.objects.filter(id__in=lacked.credentials).values_list("user_id", flat=True)))
        who = ", ".join(f"user:{user}" for user in users[:_NAMED]) + (" …" if len(users) > _NAMED else "")
        what = f"{len(lacked.credentials)} credentials open nothing: the keyholder's store does not have them ({who})"
        yield Finding(1, what, f"{_PUT_BACK} If it is lost, these people are invited again or use their recovery codes.")
    if lacked.days:
        days, owners = sorted({day for _, day in lacked.days}), {owner for owner, _ in lacked.days if owner}
        where = f" of {len(owners)} pharmacies" if owners else ""
        what = f"rows{where} on {len(days)} days, {days[0]} to {days[-1]}, cannot be opened: the keyholder's store has no key of these"
        yield Finding(1, what, f"{_PUT_BACK} If it is lost they stay shut until retention ends them.")


def _verified(now: datetime) -> Iterator[Finding]:
    from sceau.core.audit.models import Verification

    last = Verification.objects.order_by("-at").first()
    if last is None or last.at < now - _UNLOOKED:
        when = f"for the last time on {last.at:%Y-%m-%d %H:%M} UTC" if last else "never yet"
        yield Finding(
            4, f"whether the log is whole was looked at {when}", "See that the worker runs, or run `sceau audit verify`."
        )
    if last and last.faults:
        what = f"on {last.at:%Y-%m-%d %H:%M} UTC, {last.faults} things were not as the log says"
        yield Finding(1, what, "`sceau audit verify` names them. Keep the database as it is, and look who could write to it.")
