"""How a command answers who typed it: one JSON object, or one sentence about what keeps it from being done."""

import json
import sys
from typing import NoReturn

import typer


def say(**told: object) -> None:
    """One JSON object, on a line."""
    json.dump(told, sys.stdout)
    sys.stdout.write("\n")


def fail(why: str) -> NoReturn:
    """Ends the command with status 2."""
    typer.echo(why, err=True)
    raise typer.Exit(2)
