"""`sceau …`: every command of both services. Errors go to stderr; 2 is the exit status of what could not run at all.

A command's module is loaded when that command is asked for: the keyholder loads nothing of the sites, and nobody waits for what
another's command needs.
"""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

COMMANDS = {
    "counter": "sceau.counter.commands:counter",
    "registry": "sceau.registry.commands:registry",
    "audit": "sceau.core.audit.commands:audit",
    "keyholder": "sceau.core.keyholder.commands:keyholder",
    "exposure": "sceau.exposure.commands:exposure",
    "demo": "sceau.demo.commands:demo",
    "laboratory": "sceau.demo.commands:laboratory",
    "import": "sceau.counter.commands:import_files",
    "totp": "sceau.core.totp:totp",
    "doctor": "sceau.core.doctor:doctor",
}


class _Commands(Mapping[str, Any]):
    """Each command by its name, made from the group or function where `COMMANDS` says."""

    def __getitem__(self, name: str) -> Any:
        module, _, attribute = COMMANDS[name].partition(":")
        found, holder = getattr(import_module(module), attribute), typer.Typer()
        if isinstance(found, typer.Typer):
            holder.add_typer(found, name=name)
        else:
            holder.command(name)(found)
        return get_group(holder).commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Sceau(TyperGroup):
    def __init__(self, **told: Any) -> None:
        super().__init__(**told | {"commands": _Commands()})


app = typer.Typer(
    cls=_Sceau,
    callback=lambda: None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Sceau: sealed screening results.",
)


def main() -> None:
    """What nobody caught ends with 2: it could not run."""
    try:
        app()
    except Exception:
        sys.excepthook(*sys.exc_info())
        raise SystemExit(2) from None
