"""`sceau audit …`: whether the log is whole, who did something to a subject, what somebody did."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from sceau.core import service

audit = typer.Typer(no_args_is_help=True, help="The log of what was done.")

Which = Annotated[str, typer.Option("--service", help="counter or registry")]
AsJson = Annotated[bool, typer.Option("--json")]


@audit.command()
def verify(
    which: Which = "registry",
    against: Annotated[Path | None, typer.Option(help="A file of checkpoints that was kept elsewhere.")] = None,
    as_json: AsJson = False,
) -> None:
    """Checks the log's every row, number and checkpoint, and the rows in clear that it tells of; 1 if anything is wrong."""
    service.load(which)
    from django.utils import timezone

    from sceau.core.accounts.keyholder import keyholder
    from sceau.core.audit import whole

    notes = [text.strip("\n") + "\n" for text in against.read_text().split("\n\n\n")] if against else []
    with Progress(console=Console(stderr=True), disable=as_json) as bar:
        witnessed = [text for text in notes if text.strip()]
        found = whole.look(keyholder(), at=timezone.now(), witnessed=witnessed, progress=_shown(bar))
    _tell(
        as_json,
        {"entries": found.entries, "root": found.root.hex(), "whole": not found.faults, "faults": found.faults},
        f"{found.entries} entries: " + ("whole" if not found.faults else "; ".join(found.faults)),
    )
    raise typer.Exit(1 if found.faults else 0)


def _shown(bar: Progress) -> Callable[[str, int, int], None]:
    """A bar for each thing that is looked at."""
    tasks: dict[str, TaskID] = {}

    def progress(name: str, done: int, total: int) -> None:
        if name not in tasks:
            tasks[name] = bar.add_task(name, total=total or None)
        bar.update(tasks[name], completed=done)

    return progress


@audit.command("checkpoint")
def make_checkpoint(which: Which = "registry") -> None:
    """Numbers and signs what happened since the last checkpoint, without waiting for the worker's minute; runs as the worker."""
    service.load(which)
    from sceau.core.audit import jobs

    made = jobs.now()
    _tell(True, {"signed": made.size if made else None}, "")


@audit.command()
def who(subject: Annotated[str, typer.Argument(help="A kind and an id, as `import:0190…`.")], which: Which = "registry") -> None:
    """What was done to a subject, and by whom."""
    _list(which, subject=subject)


@audit.command()
def did(by: Annotated[str, typer.Argument(help="A kind and an id, as `user:12`.")], which: Which = "registry") -> None:
    """What somebody did."""
    _list(which, by=by)


def _list(which: str, **wanted: str) -> None:
    service.load(which)
    from sceau.core.audit.models import Entry

    found = Entry.objects.filter(**wanted).order_by("at").values("at", "event", "by", "subject", "purpose")
    told = [row | {"at": row["at"].isoformat()} for row in found]
    _tell(True, {"entries": told}, "")


def _tell(as_json: bool, told: dict[str, Any], text: str) -> None:
    if as_json:
        json.dump(told, sys.stdout)
        sys.stdout.write("\n")
    else:
        typer.echo(text)
