"""An import that runs while something is done to it: killed, or kept from its database."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Self

from sceau.demo.stage import FINESS, Stage

LONGEST = 120.0
"""Seconds that an import may take."""


@dataclass(frozen=True)
class Told:
    """What an import said, and how it ended."""

    status: int
    rows: list[dict[str, Any]]
    counts: dict[str, int]
    errors: str

    @property
    def outcomes(self) -> list[str]:
        return [row["outcome"] for row in self.rows]


class Importing:
    """A running `sceau import`, whose words go to files: nobody need listen while it runs."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str]) -> None:
        self._output, self._errors = TemporaryFile("w+"), TemporaryFile("w+")  # noqa: SIM115 - closed in `told`
        self._process = subprocess.Popen(argv, env=env, stdout=self._output, stderr=self._errors)  # noqa: S603 - our own program

    @classmethod
    def started(cls, stage: Stage, *files: Path, wait: bool = True) -> Self:
        """At the stage's pharmacy; it answers as JSON."""
        arguments = ["import", *map(str, files), "--finess", FINESS, "--json", *(["--wait"] if wait else [])]
        return cls(stage.command("counter", *arguments), stage.env("counter", "web"))

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def ended(self) -> bool:
        return self._process.poll() is not None

    def told(self) -> Told:
        """Waits for its end."""
        with self._output, self._errors:
            status = self._process.wait(timeout=LONGEST)
            output, errors = (_content(each) for each in (self._output, self._errors))
        said = json.loads(output) if output else {"rows": [], "counts": {}}
        return Told(status, said["rows"], said["counts"], errors)


def _content(written: IO[str]) -> str:
    written.seek(0)
    return written.read()
