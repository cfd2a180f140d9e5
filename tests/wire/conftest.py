import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.wire.wire import Wire

from sceau.demo import processes
from sceau.demo.processes import Supervisor
from sceau.demo.stage import Stage


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """One that PostgreSQL's own user may pass through, which pytest's own are not."""
    path = Path(tempfile.mkdtemp(prefix="sceau-wire-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def wire(folder: Path) -> Iterator[Wire]:
    """Counter and registry, kept running; what is killed over and over is restarted as quickly as the first time."""
    files = folder / "files"
    files.mkdir()
    with pytest.MonkeyPatch.context() as patch, Supervisor() as supervisor:
        patch.setattr(processes, "LONGEST_DELAY", processes.FIRST_DELAY)
        stage = Stage(folder, supervisor, durable=False)
        stage.start()
        yield Wire(stage, files)
