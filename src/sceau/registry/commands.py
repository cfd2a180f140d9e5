"""`sceau registry …`: running the registry, and the authority's and operator's acts on it."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from sceau.core import service

retention = typer.Typer(no_args_is_help=True, help="The end of retention.")
registry = typer.Typer(no_args_is_help=True, help="The national registry.")
approvals = typer.Typer(no_args_is_help=True, help="Software that may feed the registry.")
registry.add_typer(approvals, name="approvals")


registry.add_typer(retention, name="retention")


def _say(**told: object) -> None:
    json.dump(told, sys.stdout)
    sys.stdout.write("\n")


@registry.command()
def serve(port: Annotated[int, typer.Option()] = 8001, workers: Annotated[int, typer.Option()] = 1) -> None:
    """Runs the web server on loopback."""
    service.load("registry")
    service.serve("registry", port=port, workers=workers)


@registry.command()
def worker() -> None:
    """Runs the intake."""
    service.load("registry")
    from sceau.registry.jobs.intake import intake

    intake.defer()
    service.work()


@registry.command()
def replay(
    restored: Annotated[bool, typer.Option(help="Also what was acknowledged before this database was put back to then.")] = False,
) -> None:
    """Takes in again what was set aside, once its cause is mended."""
    service.load("registry")
    from django.db import transaction

    from sceau.core.jobs import wake
    from sceau.registry.config.keyholder import keyholder
    from sceau.registry.intake import actions
    from sceau.registry.intake.job import INTAKE

    readmitted = actions.readmit(keyholder()) if restored else 0
    with transaction.atomic():
        waiting = actions.replay()
        wake(INTAKE)
    _say(waiting=waiting, readmitted=readmitted)


@registry.command()
def migrate() -> None:
    """Brings the database up to date and gives each process's role its rights. Runs as the owner of the tables."""
    service.load("registry")
    service.migrate()
    from sceau.core import grants
    from sceau.registry.config.grants import ROLES

    grants.apply(ROLES)


@registry.command()
def keys(folder: Annotated[Path, typer.Option(help="Where the key list and the root's public key are written.")]) -> None:
    """Writes what a counter's operator pins: `registry-keys.json` and `registry-root`."""
    service.load("registry")
    from sceau.registry.config.keyholder import keyholder

    encoded, root = keyholder().keys()
    (folder / "registry-keys.json").write_bytes(encoded)
    (folder / "registry-root").write_text(root.hex())


@registry.command()
def invite(finess: str) -> None:
    """Prints a code with which the pharmacy's owner enrols its key, once, within 14 days."""
    service.load("registry")
    from django.utils import timezone

    from sceau.core.codes.identifiers import Finess
    from sceau.registry.pharmacies import actions

    _say(finess=finess, code=actions.invite(Finess(finess), at=timezone.now()))


@registry.command()
def user(email: str, name: str) -> None:
    """Adds somebody of the registry's staff; prints the password and the second factor's seed once."""
    service.load("registry")
    from sceau.core.accounts import actions

    _say(**actions.create(email=email, name=name).sign_in._asdict())


@approvals.command()
def approve(
    jwk: Annotated[Path, typer.Option(help="The publisher's public key, as JWK.")],
    publisher: Annotated[str, typer.Option()],
    name: Annotated[str, typer.Option()],
    version: Annotated[str, typer.Option()],
    by: Annotated[str, typer.Option(help="Who decides.")],
    scope: Annotated[str, typer.Option()] = "FHIR R4, sealed envelopes",
) -> None:
    """Approves a product version; prints its id, with which it signs in."""
    service.load("registry")
    from django.utils import timezone

    from sceau.registry.approvals import actions

    key = json.loads(jwk.read_text())
    software = actions.approve(publisher=publisher, name=name, version=version, scope=scope, jwk=key, by=by, at=timezone.now())
    _say(id=str(software.id), state=software.state)


@approvals.command()
def decide(
    software: str,
    state: Annotated[str, typer.Argument(help="approved, suspended or withdrawn")],
    reason: Annotated[str, typer.Option()],
    by: Annotated[str, typer.Option(help="Who decides.")],
) -> None:
    """Suspends, withdraws or approves again, from the next request on."""
    service.load("registry")
    from django.utils import timezone

    from sceau.registry.approvals import actions
    from sceau.registry.approvals.enums import ApprovalState
    from sceau.registry.approvals.models import Software

    found = Software.objects.get(id=software)
    actions.decide(found, state=ApprovalState(state), reason=reason, by=by, at=timezone.now())
    _say(id=software, state=found.state)


@retention.command("run")
def end_retention() -> None:
    """Destroys the keys of days whose retention is over, deletes their rows, drops the log's months that are over, and says so."""
    service.load("registry")
    from django.utils import timezone

    from sceau.core.accounts.keyholder import keyholder
    from sceau.core.audit import retention as log
    from sceau.registry.jobs import retention as job

    ended = job.run()
    _say(keys=ended.keys, rows=ended.rows, log=log.end_log(keyholder(), at=timezone.now()))
