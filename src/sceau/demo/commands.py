"""`sceau demo`: the main job on this machine, once and headless, or kept up to be looked at."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from sceau.core.accounts.seed import SignIn
from sceau.demo.processes import ChildFailed, NotReady, Supervisor, exit_on_signals, port_or_another
from sceau.demo.stage import Stage, StageError

COUNTER, REGISTRY = 8000, 8001
SAMPLE = Path(str(resources.files("sceau.demo.samples") / "depistages.csv"))


def demo(
    files: Annotated[list[Path] | None, typer.Argument(help="Files to import; without any, a bundled sample.")] = None,
    once: Annotated[bool, typer.Option(help="Import, wait for every answer, print one table, and end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
) -> None:
    """Plays the main job: a pharmacy's results reach the registry, sealed, and each one is answered."""
    exit_on_signals()
    with _folder() as folder, Supervisor() as supervisor:
        ports = None if once else (port_or_another(COUNTER), port_or_another(REGISTRY))
        stage = Stage(folder, supervisor, ports=ports, durable=False)
        _start(stage)
        status = stage.import_files(files or [SAMPLE], show=not as_json)
        if once:
            raise typer.Exit(0 if status in (0, 1) else 2)
        _welcome(stage)
        supervisor.wait()


def _start(stage: Stage) -> None:
    try:
        with Console(stderr=True).status("starting PostgreSQL, counter and registry…"):
            stage.start()
        if lacking := stage.accounts.separation.lacking:
            typer.echo(f"All processes run as one user, which is not how to run Sceau: {lacking}.", err=True)
    except (StageError, ChildFailed, NotReady) as error:
        typer.echo(f"The demo could not start: {error}", err=True)
        raise typer.Exit(2) from None


@contextmanager
def _folder() -> Iterator[Path]:
    """A temporary folder that PostgreSQL's own user may pass through, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="sceau-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _welcome(stage: Stage) -> None:
    """The addresses, and a ready sign-in for each of those whom the pages are for."""
    amina = ("counter", "amina@lilas.example", "Amina")
    farid = ("registry", "farid@authority.example", "Farid", "--authority", "Farid, the authority")
    _show(stage, "counter", "Amina, pharmacist", _added(stage, *amina))
    _show(stage, "counter", "Bruno, who owns the pharmacy", stage.owner)
    _show(stage, "registry", "Farid, the authority", _added(stage, *farid))
    Console().print("\nCtrl-C ends everything and leaves nothing behind.")
    sys.stdout.flush()


def _added(stage: Stage, service: str, *who: str) -> SignIn:
    return SignIn(**stage.tell(service, service, "user", *who, role="owner"))


def _show(stage: Stage, service: str, whom: str, sign_in: SignIn) -> None:
    console = Console()
    console.print(f"\n[bold]{service}[/bold]  {stage.url(service)}  {whom}")
    console.print(f"  sign in   {sign_in.email}  {sign_in.password}", highlight=False)
    console.print(f"  one-time code   .venv/bin/sceau totp {sign_in.totp_secret}", highlight=False)
