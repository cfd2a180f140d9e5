"""`sceau counter …` and `sceau import`: running a counter, setting pharmacies up, importing files."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from sceau.core import service

counter = typer.Typer(no_args_is_help=True, help="The pharmacy platform.")


def _say(**told: object) -> None:
    json.dump(told, sys.stdout)
    sys.stdout.write("\n")


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
    finess: str, name: str, code: Annotated[str, typer.Option(help="The enrolment code that the registry gave to the owner.")]
) -> None:
    """Adds a pharmacy, makes its keys and enrols them at the registry; prints their fingerprint, to compare."""
    service.load("counter")
    from django.utils import timezone

    from sceau.core.codes.identifiers import Finess
    from sceau.counter.config.keys import pharmacy_keys
    from sceau.counter.pharmacies import actions
    from sceau.counter.relay.client import client

    made = actions.add(finess=Finess(finess), name=name)
    keys = pharmacy_keys(made.id)
    _say(id=str(made.id), fingerprint=actions.enrol(made, code=code, keys=keys, registry=client(), at=timezone.now()))


@counter.command()
def user(
    email: str, name: str, finess: Annotated[str, typer.Option()], role: Annotated[str, typer.Option()] = "pharmacist"
) -> None:
    """Adds somebody to a pharmacy's staff; prints the password and the second factor's seed once."""
    service.load("counter")
    from sceau.core.accounts import actions as accounts
    from sceau.core.accounts.models import User
    from sceau.counter.pharmacies import actions
    from sceau.counter.pharmacies.models import Pharmacy, Role

    sign_in = accounts.create(email=email, name=name)
    member = User.objects.get(email=sign_in.email)
    actions.add_member(pharmacy=Pharmacy.objects.get(finess=finess), user=member, role=Role(role))
    _say(**sign_in._asdict())


@counter.command()
def imports(finess: Annotated[str, typer.Option(help="The pharmacy.")]) -> None:
    """Lists a pharmacy's imports, the latest first, with what `undo` needs."""
    service.load("counter")
    from sceau.counter.imports.models import Import

    columns = ("id", "at", "form", "state", "rows", "taken", "already", "refused")
    found = Import.objects.filter(pharmacy__finess=finess).order_by("-at").values(*columns)
    _say(imports=[row | {"id": str(row["id"]), "at": row["at"].isoformat()} for row in found])


@counter.command()
def undo(source: Annotated[str, typer.Argument(help="The import's id, as `sceau counter imports` gives it.")]) -> None:
    """Cancels, at the registry too, every report that an import recorded; giving the file again makes new ones."""
    service.load("counter")
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from sceau.counter.config.keys import pharmacy_keys
    from sceau.counter.imports import actions
    from sceau.counter.imports.models import Import

    try:
        found = Import.objects.get(id=source)
    except (Import.DoesNotExist, ValidationError):
        typer.echo("no such import: `sceau counter imports` lists them", err=True)
        raise typer.Exit(2) from None
    keys = pharmacy_keys(found.pharmacy_id)
    _say(id=source, cancelled=actions.undo(found, keys=keys, at=timezone.now()))


def import_files(
    files: Annotated[list[Path], typer.Argument(help="CSV (accepted templates), HL7 v2.5.1 or FHIR R4.")],
    finess: Annotated[str, typer.Option(help="The pharmacy that imports.")],
    wait: Annotated[bool, typer.Option(help="Wait until the registry has answered for every row.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Imports results, each row once, and says what became of each. 1: something was refused; 2: a file could not be read."""
    service.load("counter")
    from sceau.counter.imports import report

    told = report.import_all(files, finess=finess, wait=wait, quiet=as_json)
    report.show(told, as_json=as_json)
    raise typer.Exit(told.exit_status)
