"""`sceau demo`: the main job on this machine, once and headless, or kept up to be looked at; `sceau laboratory` sends to that one."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer
import urllib3
from rich.console import Console

from sceau.core.terminal import fail
from sceau.demo.authority import Authority
from sceau.demo.processes import ChildFailed, NotReady, Supervisor, exit_on_signals, port_or_another
from sceau.demo.sending import Sender
from sceau.demo.stage import Stage, StageError
from sceau.demo.welcome import welcome

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
        stage = Stage(folder, supervisor, ports=ports, durable=False, bench=not once)
        _start(stage)
        status = stage.import_files(files or [SAMPLE], show=not as_json)
        if once:
            raise typer.Exit(0 if status in (0, 1) else 2)
        supervisor.wait(meanwhile=_welcomed(stage).vouch)


def _start(stage: Stage) -> None:
    with _failing(), Console(stderr=True).status("starting PostgreSQL, counter and registry…"):
        stage.start()
    if lacking := stage.accounts.separation.lacking:
        typer.echo(f"All processes run as one user, which is not how to run Sceau: {lacking}.", err=True)


def _welcomed(stage: Stage) -> Authority:
    with _failing():
        return welcome(stage)


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except (StageError, ChildFailed, NotReady) as error:
        fail(f"The demo could not start: {error}")


@contextmanager
def _folder() -> Iterator[Path]:
    """A temporary folder that PostgreSQL's own user may pass through, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="sceau-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def laboratory(
    folder: Annotated[Path, typer.Argument(help="Of the laboratory, as the demo prints it.")],
    file: Annotated[Path, typer.Argument(help=".csv, .hl7, .ndjson; anything else is taken for a FHIR bundle.")],
    mllp: Annotated[bool, typer.Option(help="By MLLP over mutual TLS instead of HTTP.")] = False,
) -> None:
    """Sends a file as the laboratory of a demo that is up; prints what the registry's door answered."""
    try:
        sender, body = Sender.of(folder), file.read_bytes()
        answer = sender.exchange(body) if mllp else sender.post_file(file).data
    except (OSError, urllib3.exceptions.HTTPError) as error:
        fail(f"nothing was sent, or nobody answered: {error}")
    sys.stdout.write(answer.decode(errors="replace").replace("\r", "\n").rstrip() + "\n")
