"""What a measurement runs against: the demo's processes in a folder of their own, and a progress bar on stderr."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sceau.demo.processes import Supervisor
from sceau.demo.stage import Stage


@contextmanager
def passable_folder() -> Iterator[Path]:
    """One through which PostgreSQL's own user, and those of the services, can pass."""
    with tempfile.TemporaryDirectory(prefix="sceau-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@contextmanager
def running_stage() -> Iterator[tuple[Stage, Supervisor]]:
    with passable_folder() as folder, Supervisor() as supervisor:
        stage = Stage(folder, supervisor)
        stage.start()
        yield stage, supervisor


def progress_bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))
