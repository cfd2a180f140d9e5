"""`sceau counter …` and `sceau import`: running a counter, setting pharmacies up, importing files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sceau.core import service
from sceau.core.terminal import fail, say
from sceau.counter.billing.commands import invoices

if TYPE_CHECKING:  # Django's models load once the service is chosen
    from sceau.counter.pharmacies.unlocked import Present

retention = typer.Typer(no_args_is_help=True, help="The end of retention.")
counter = typer.Typer(no_args_is_help=True, help="The pharmacy platform.")


counter.add_typer(retention, name="retention")
counter.add_typer(invoices, name="invoices")

Workstation = Annotated[
    Path | None,
    typer.Option(envvar="WORKSTATION", help="File of this workstation's credential; without it, e-mail and password are asked."),
]


@contextmanager
def _present(workstation: Path | None) -> Iterator["Present"]:
    """Whoever is there: the workstation's credential, or somebody who types e-mail and password."""
    from sceau.core.keyholder.errors import KeyholderError
    from sceau.counter.pharmacies import unlocked
    from sceau.counter.pharmacies.errors import KeysNotTrusted, NotAMember

    try:
        if workstation:
            yield unlocked.at_workstation(workstation)
        else:
            email = typer.prompt("e-mail", err=True)
            yield unlocked.with_password(email, typer.prompt("password", hide_input=True, err=True))
    except unlocked.WorkstationRefused as error:
        fail(str(error))
    except NotAMember:
        fail("this account belongs to no pharmacy")
    except KeysNotTrusted:
        fail("these are not the pharmacy's keys that this account has known: nothing was opened; tell the operator")
    except KeyholderError as error:
        fail(f"the keyholder refused or does not answer ({error.refusal}): nothing was done; try again")


@counter.command()
def serve(port: Annotated[int, typer.Option()] = 8000) -> None:
    """Runs the web server on loopback."""
    service.load("counter")
    service.serve("counter", port=port)


@counter.command()
def worker() -> None:
    """Runs the relay."""
    service.load("counter")
    from sceau.counter.jobs.relay import relay

    relay.defer()
    service.work()


@counter.command()
def migrate() -> None:
    """Brings the database up to date and gives each process's role its rights. Runs as the owner of the tables."""
    service.load("counter")
    service.migrate()
    from sceau.core import grants
    from sceau.counter.config.grants import ROLES

    grants.apply(ROLES)


@counter.command()
def pharmacy(
    finess: str,
    name: str,
    owner: Annotated[str, typer.Option(help="The owner's work e-mail.")],
    owner_name: Annotated[str, typer.Option()],
    workstation: Annotated[Path | None, typer.Option(help="Also write a credential for imports to this file.")] = None,
) -> None:
    """Adds a pharmacy with its keys and its owner, and asks the registry for its key; prints what the owner signs in with, once, and
    the fingerprint that the owner compares and confirms at the registry.
    """
    service.load("counter")
    from django.db import transaction
    from django.utils import timezone

    from sceau.core.codes.identifiers import Finess
    from sceau.counter.pharmacies import actions, enrolment, workstations

    with transaction.atomic():
        made = actions.found(finess=Finess(finess), name=name, owner_email=owner, owner_name=owner_name)
        fingerprint = enrolment.ask(made.pharmacy, made.keys, at=timezone.now())
        if workstation:
            workstations.write(workstation, made.owner, made.account.opened, at=timezone.now())
    told = {"id": str(made.pharmacy.id), "fingerprint": fingerprint, "key": _key_now(finess)["key"]}
    say(**told, **made.account.sign_in._asdict())


def _key_now(finess: str) -> dict[str, str]:
    """Asks the registry how the pharmacy's key stands; while it is away, what was known."""
    from django.utils import timezone

    from sceau.core.sealing.signing import fingerprint
    from sceau.counter.pharmacies.models import Enrolment
    from sceau.counter.relay import enrolments
    from sceau.counter.relay.client import client

    found = enrolments.open_requests().filter(pharmacy__finess=finess).select_related("pharmacy").first()
    if found:
        enrolments.ask(found, client(), at=timezone.now())
    known = found or Enrolment.objects.filter(pharmacy__finess=finess).first()
    if known is None:
        fail("this counter has no such pharmacy")
    return {"fingerprint": fingerprint(bytes(known.public_key)), "key": known.state}


@counter.command()
def key(finess: str) -> None:
    """Asks the registry how the pharmacy's signing key stands; prints its fingerprint and state."""
    service.load("counter")
    say(finess=finess, **_key_now(finess))


@counter.command()
def user(email: str, name: str, role: Annotated[str, typer.Option()] = "pharmacist", workstation: Workstation = None) -> None:
    """Adds somebody to the staff of whoever is there; prints what they sign in with, once."""
    service.load("counter")
    from sceau.core.accounts.slots import Owned
    from sceau.counter.pharmacies import actions
    from sceau.counter.pharmacies.models import Role

    with _present(workstation) as there:
        owned = Owned(str(there.pharmacy.id), there.sponsor)
        _, account = actions.add_member(
            pharmacy=there.pharmacy, keys=there.keys, email=email, name=name, role=Role(role), owned=owned, by=there.member
        )
    say(**account.sign_in._asdict())


@counter.command()
def leave(email: str, workstation: Workstation = None) -> None:
    """Ends what a member can open, now and in every backup, and renews the pharmacy's keys for those who stay; the owner confirms them
    at the registry.
    """
    service.load("counter")
    from django.utils import timezone

    from sceau.core.accounts.models import User
    from sceau.counter.pharmacies import actions
    from sceau.counter.pharmacies.errors import LastMember
    from sceau.counter.pharmacies.models import Member

    with _present(workstation) as there:
        user = User.objects.at(email).first()
        found = Member.objects.filter(pharmacy=there.pharmacy, user=user).select_related("user", "pharmacy").first()
        if found is None:
            fail("nobody of this pharmacy's staff has that e-mail")
        try:
            fingerprint = actions.leave(found, by=there.member, keys=there.keys, at=timezone.now())
        except LastMember:
            fail("the last member cannot leave: nobody could open the pharmacy's copies any more")
    say(left=email, fingerprint=fingerprint)


@counter.command()
def workstation(file: Path) -> None:
    """Writes a credential for unattended imports at this workstation; asks for e-mail and password of a member."""
    service.load("counter")
    from django.utils import timezone

    from sceau.counter.pharmacies import workstations

    with _present(None) as there:
        workstations.write(file, there.member, there.opened, sponsor=there.sponsor, at=timezone.now())
    say(file=str(file))


@counter.command()
def kit(
    name: str,
    loinc: Annotated[str, typer.Option(help="What it tests, as a LOINC code.")] = "94558-4",
    gtin: Annotated[str, typer.Option(help="The number on its box.")] = "",
    minutes: Annotated[int, typer.Option(help="From the sample to the reading.")] = 15,
    workstation: Workstation = None,
) -> None:
    """Describes a test kit and takes it in hand, as the counter's page does."""
    service.load("counter")
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from sceau.counter.kits.models import Kit

    with _present(workstation) as there:
        made = Kit(pharmacy=there.pharmacy, name=name, loinc=loinc, gtin=gtin, minutes=minutes, used_at=timezone.now())
        try:
            made.full_clean()
        except ValidationError as error:
            fail("; ".join(error.messages))
        made.save()
    say(id=str(made.id))


@counter.command()
def imports(finess: Annotated[str, typer.Option(help="The pharmacy.")]) -> None:
    """Lists a pharmacy's imports, the latest first, with what `undo` needs."""
    service.load("counter")
    from sceau.counter.imports.models import Import

    columns = ("id", "at", "form", "state", "rows", "taken", "already", "refused")
    found = Import.objects.filter(pharmacy__finess=finess).order_by("-at").values(*columns)
    say(imports=[row | {"id": str(row["id"]), "at": row["at"].isoformat()} for row in found])


@counter.command()
def undo(
    source: Annotated[str, typer.Argument(help="The import's id, as `sceau counter imports` gives it.")],
    workstation: Workstation = None,
) -> None:
    """Cancels, at the registry too, every report that an import recorded; giving the file again makes new ones."""
    service.load("counter")
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from sceau.counter.imports import actions
    from sceau.counter.imports.models import Import

    with _present(workstation) as there:
        try:
            found = Import.objects.get(id=source, pharmacy=there.pharmacy)
        except (Import.DoesNotExist, ValidationError):
            fail("no such import: `sceau counter imports` lists them")
        cancelled = actions.undo(found, keys=there.keys, at=timezone.now())
    say(id=source, cancelled=cancelled)


def import_files(
    files: Annotated[list[Path], typer.Argument(help="CSV (accepted templates), HL7 v2.5.1 or FHIR R4.")],
    finess: Annotated[str, typer.Option(help="The pharmacy, to be sure that it is the workstation's.")] = "",
    workstation: Workstation = None,
    wait: Annotated[bool, typer.Option(help="Wait until the registry has answered for every row.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Imports results, each row once, and says what became of each. 1: something was refused; 2: a file could not be read."""
    service.load("counter")
    from sceau.counter.imports import report

    with _present(workstation) as there:
        if finess not in ("", there.pharmacy.finess):
            fail(f"this workstation's credential is another pharmacy's: {there.pharmacy.finess}")
        told = report.import_all(files, present=there, wait=wait, quiet=as_json)
    report.show(told, as_json=as_json)
    raise typer.Exit(told.exit_status)


@retention.command("run")
def end_retention() -> None:
    """Destroys the keys of days whose retention is over, deletes their rows, drops the log's months that are over, and says so."""
    service.load("counter")
    from django.utils import timezone

    from sceau.core.accounts.keyholder import keyholder
    from sceau.core.audit import retention as log
    from sceau.counter.jobs import retention as job

    ended = job.run()
    say(keys=ended.keys, rows=ended.rows, log=log.end_log(keyholder(), at=timezone.now()))
