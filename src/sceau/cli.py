"""`sceau …`: every command of both services. Errors go to stderr; 2 is the exit status of what could not run at all."""

import sys

import typer

from sceau.core.audit.commands import audit
from sceau.core.doctor import doctor
from sceau.core.keyholder.commands import keyholder
from sceau.core.totp import totp
from sceau.counter.commands import counter, import_files
from sceau.demo.commands import demo
from sceau.exposure.commands import exposure
from sceau.registry.commands import registry

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Sceau: sealed screening results."
)
app.add_typer(counter, name="counter")
app.add_typer(registry, name="registry")
app.add_typer(audit, name="audit")
app.add_typer(keyholder, name="keyholder")
app.add_typer(exposure, name="exposure")
app.command("demo")(demo)
app.command("import")(import_files)
app.command("totp")(totp)
app.command("doctor")(doctor)


def main() -> None:
    """What nobody caught ends with 2: it could not run."""
    try:
        app()
    except Exception:
        sys.excepthook(*sys.exc_info())
        raise SystemExit(2) from None
