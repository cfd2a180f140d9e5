"""`sceau registry …`: running the registry, and the authority's and operator's acts on it."""

from pathlib import Path
from typing import Annotated

import typer

from sceau.core import service
from sceau.core.terminal import fail, say
from sceau.registry.appointing import agents
from sceau.registry.approving import approvals

retention = typer.Typer(no_args_is_help=True, help="The end of retention.")
registry = typer.Typer(no_args_is_help=True, help="The national registry.")
senders = typer.Typer(no_args_is_help=True, help="Who may send plain, and for which establishment.")
registry.add_typer(approvals, name="approvals")
registry.add_typer(senders, name="senders")
registry.add_typer(agents, name="agents")
registry.add_typer(retention, name="retention")


@registry.command()
def serve(port: Annotated[int, typer.Option()] = 8001, workers: Annotated[int, typer.Option()] = 1) -> None:
    """Runs the web server on loopback; more workers where there are more than two cores."""
    service.load("registry")
    service.serve("registry", port=port, workers=workers, threads=32)  # calls that wait are done together: one process has most


@registry.command()
def doors(port: Annotated[int, typer.Option()] = 8002, workers: Annotated[int, typer.Option()] = 2) -> None:
    """Keeps the plain doors (FHIR R4, HL7 v2.5.1, CSV) on loopback: a process and a user of their own."""
    service.load("registry", settings="doors")
    service.serve("registry", port=port, workers=workers, program="doors")


@registry.command()
def mllp(port: Annotated[int, typer.Option()] = 2575, address: Annotated[str, typer.Option()] = "127.0.0.1") -> None:
    """Keeps the door for HL7 v2 by MLLP over mutual TLS, as the user of the plain doors."""
    service.load("registry", settings="doors")
    from sceau.registry.doors import mllp

    mllp.run(address=address, port=port)


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
    from django.utils import timezone

    from sceau.core.audit.events import Event
    from sceau.core.audit.record import record
    from sceau.core.jobs import wake
    from sceau.registry.config.keyholder import keyholder
    from sceau.registry.intake import actions
    from sceau.registry.intake.job import INTAKE

    readmitted = actions.readmit(keyholder()) if restored else 0
    with transaction.atomic():
        waiting = actions.replay()
        record(Event.REPLAY_ASKED, by="operator", subject=f"envelopes:{waiting}", at=timezone.now())
        wake(INTAKE)
    say(waiting=waiting, readmitted=readmitted)


@registry.command()
def migrate() -> None:
    """Brings the database up to date and gives each process's role its rights. Runs as the owner of the tables."""
    service.load("registry")
    service.migrate()
    from sceau.core import grants
    from sceau.registry.config.grants import ROLES

    grants.apply(ROLES)


@registry.command()
def keys(
    folder: Annotated[Path, typer.Option(help="Where the key list and the root's public key are written.")],
    name: Annotated[str, typer.Option(help="What the files' names begin with.")] = "registry",
) -> None:
    """Writes what a counter's operator pins: `registry-keys.json` and `registry-root`."""
    service.load("registry")
    from sceau.registry.config.keyholder import keyholder

    encoded, root = keyholder().keys()
    (folder / f"{name}-keys.json").write_bytes(encoded)
    (folder / f"{name}-root").write_text(root.hex())


@registry.command()
def publisher(email: str, name: str, firm: Annotated[str, typer.Option(help="Whom they speak for.")]) -> None:
    """Adds somebody who speaks for a publisher, as the site's page does by e-mail; prints the sign-in once."""
    service.load("registry")
    from sceau.core.accounts import actions
    from sceau.registry.approvals import publishers

    made = actions.create(email=email, name=name)
    publishers.join(made.user, firm=firm)
    say(**made.sign_in._asdict())


Email = Annotated[str, typer.Option(help="The owner's work e-mail.")]


@registry.command()
def invite(finess: str, email: Email, name: Annotated[str, typer.Option(help="The owner's name.")]) -> None:
    """Invites a pharmacy's owner to an account here; prints the code that opens it, once, within a week. Again: another account."""
    service.load("registry")
    from django.utils import timezone

    from sceau.core.codes.identifiers import Finess
    from sceau.registry.pharmacies import owners
    from sceau.registry.pharmacies.errors import AddressTaken

    try:
        code = owners.invite(Finess(finess), email=email, name=name, by="operator", at=timezone.now())
    except AddressTaken:
        fail("this address has another account at the registry: use the owner's own")
    say(finess=finess, email=email, code=code)


@registry.command()
def dismiss(finess: str, email: Email) -> None:
    """Ends an owner's account here; the pharmacy's key stays."""
    service.load("registry")
    from django.utils import timezone

    from sceau.core.codes.identifiers import Finess
    from sceau.registry.pharmacies import owners

    if not owners.dismiss(Finess(finess), email=email, by="operator", at=timezone.now()):
        fail("this pharmacy has no owner with that address")
    say(finess=finess, dismissed=email)


@registry.command()
def confirm(
    finess: str,
    fingerprint: Annotated[str, typer.Option(help="All 64 digits, as the owner reads them from the counter's page.")],
) -> None:
    """Enrols the key that waits, for an owner who compared by telephone; the log says that the operator did it."""
    service.load("registry")
    from django.utils import timezone

    from sceau.registry.pharmacies import keys
    from sceau.registry.pharmacies.errors import NoSuchRequest

    digest = "".join(fingerprint.split()).lower()
    try:
        keys.confirm(finess, digest=digest, read=digest, by="operator", at=timezone.now())
    except NoSuchRequest:
        fail("no key of that fingerprint waits for this pharmacy: compare again, nothing was enrolled")
    say(finess=finess, fingerprint=fingerprint)


@registry.command()
def user(
    email: str,
    name: str,
    authority: Annotated[str, typer.Option(help="They decide on software, under this title on the public list.")] = "",
    operator: Annotated[bool, typer.Option(help="They see how the registry runs, and replay what was set aside.")] = False,
) -> None:
    """Adds somebody of the registry's staff; prints the password and the second factor's seed once."""
    service.load("registry")
    from django.utils import timezone

    from sceau.core.accounts import actions
    from sceau.registry.approvals import publishers
    from sceau.registry.intake import operators

    made = actions.create(email=email, name=name)
    if operator:
        operators.appoint(made.user, by="operator", at=timezone.now())
    if authority:
        publishers.appoint(made.user, title=authority, by="operator", at=timezone.now())
    say(**made.sign_in._asdict())


@senders.command("register")
def register_sender(
    software: str,
    finess: str,
    name: Annotated[str, typer.Option(help="The establishment's name.")],
    by: Annotated[str, typer.Option(help="Who decides.")],
    time_zone: Annotated[str, typer.Option(help="That of times without one.")] = "Europe/Paris",
    certificate: Annotated[Path | None, typer.Option(help="The client certificate for MLLP, as PEM.")] = None,
) -> None:
    """Lets an approved software send FHIR, HL7 v2 or CSV for an establishment that does not sign; again, with another certificate."""
    service.load("registry")
    from django.utils import timezone

    from sceau.core.codes.identifiers import Finess
    from sceau.registry.approvals.models import Software
    from sceau.registry.submissions import certificates, senders
    from sceau.registry.submissions.errors import CertificateTaken

    pinned = certificates.fingerprint(certificate.read_bytes()) if certificate else None
    found = Software.objects.get(id=software)
    where, at = Finess(finess), timezone.now()
    try:
        sender = senders.register(found, where, name=name, time_zone=time_zone, certificate=pinned, by=by, at=at)
    except CertificateTaken:
        fail("this certificate is another sender's: give each a certificate of its own")
    say(id=str(sender.id), finess=finess, software=software)


@senders.command("end")
def end_sender(software: str, finess: str, by: Annotated[str, typer.Option(help="Who decides.")]) -> None:
    """Lets it no more, from the next call on."""
    service.load("registry")
    from django.utils import timezone

    from sceau.core.codes.identifiers import Finess
    from sceau.registry.approvals.models import Software
    from sceau.registry.submissions import senders

    if not senders.end(Software.objects.get(id=software), Finess(finess), by=by, at=timezone.now()):
        fail("this software does not send for this establishment")
    say(finess=finess, software=software, ended=True)


@registry.command()
def erase(
    report: Annotated[str, typer.Argument(help="The id of any report about the person, as the pharmacy has it.")],
    reason: Annotated[str, typer.Option(help="Why, without a name: it is written into the log.")],
) -> None:
    """Erases the person of a report who withdrew their consent: from every report, for good, in backups too. Facts stay, of nobody."""
    service.load("registry")
    from uuid import UUID

    from django.utils import timezone

    from sceau.registry.config.keyholder import keyholder
    from sceau.registry.contacts import erasure
    from sceau.registry.persons.errors import NotKept

    try:
        erased = erasure.withdraw(UUID(report), keyholder=keyholder(), by="operator", reason=reason, at=timezone.now())
    except NotKept:
        fail("no identity is kept of this report: it was erased before, was never kept, or its retention is over")
    say(report=report, identities=erased)


@retention.command("run")
def end_retention() -> None:
    """Destroys the keys of days whose retention is over, deletes their rows, drops the log's months that are over, and says so."""
    service.load("registry")
    from django.utils import timezone

    from sceau.core.accounts.keyholder import keyholder
    from sceau.core.audit import retention as log
    from sceau.registry.jobs import retention as job

    ended = job.run()
    say(keys=ended.keys, rows=ended.rows, log=log.end_log(keyholder(), at=timezone.now()))
