"""`sceau exposure …`: what a thief would find, played for real."""

import json
import sys
from typing import Annotated

import typer

exposure = typer.Typer(no_args_is_help=True, help="What a thief would find.")


@exposure.callback()
def _group() -> None:
    """What a thief would find."""


@exposure.command()
def drill(
    numbers: Annotated[list[int] | None, typer.Argument(help="Which drills; without any, all.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Plays attacks on both services, set up on this machine for it. 1: a drill failed or could not run; 2: there is no such drill."""
    from sceau.demo.processes import exit_on_signals
    from sceau.exposure.drills import every
    from sceau.exposure.drills.drill import Verdict

    exit_on_signals()
    try:
        drills = every.chosen(numbers or ())
    except every.UnknownDrill as error:
        typer.echo(f"no such drill: {error}", err=True)
        raise typer.Exit(2) from None
    held = True
    for outcome in every.run(drills):
        held &= outcome.verdict is Verdict.HELD
        _tell(outcome.number, outcome.name, outcome.verdict, outcome.obtained, as_json=as_json)
    raise typer.Exit(0 if held else 1)


def _tell(number: int, name: str, verdict: str, obtained: str, *, as_json: bool) -> None:
    """One line."""
    told = {"number": number, "name": name, "verdict": verdict, "obtained": obtained}
    sys.stdout.write(
        (json.dumps(told, ensure_ascii=False) if as_json else f"{number:>3}  {verdict:<13}  {name}: {obtained}") + "\n"
    )
    sys.stdout.flush()
