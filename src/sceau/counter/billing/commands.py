"""`sceau counter invoices …`: what the platform's operator does about invoices."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from sceau.core import service
from sceau.core.terminal import fail, say

if TYPE_CHECKING:  # Django's models load once the service is chosen
    from sceau.counter.billing.issuing import Ran

invoices = typer.Typer(no_args_is_help=True, help="Invoices to the pharmacies.")
AsJson = Annotated[bool, typer.Option("--json")]


@invoices.command()
def run(
    month: Annotated[str, typer.Option(help="YYYY-MM: up to and with this month.")],
    as_json: AsJson = False,
) -> None:
    """Issues what is owed and credits what was cancelled since, at all pharmacies. 1: something was not issued, and why."""
    service.load("counter")
    from django.utils import timezone

    from sceau.counter.billing import issuing
    from sceau.counter.billing.errors import IssuerIncomplete, MonthNotOver

    first = _month(month)
    with _progress(quiet=as_json) as progress:
        task = progress.add_task(month, total=None)
        try:
            ran = issuing.run(first, at=timezone.now(), progress=lambda done, of: progress.update(task, completed=done, total=of))
        except MonthNotOver:
            fail(f"{month} is not over yet: its invoices are made from the first of the next month")
        except IssuerIncomplete as why:
            fail(str(why))
    _tell(ran, as_json)
    raise typer.Exit(1 if ran.failed else 0)


@invoices.command()
def paid(
    number: str,
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day on which the money came.")],
) -> None:
    """Marks an invoice as paid, or a credit note as paid back."""
    service.load("counter")
    from django.conf import settings
    from django.utils import timezone

    from sceau.counter.billing import actions
    from sceau.counter.billing.errors import AlreadyPaid
    from sceau.counter.billing.models import Invoice

    issuer = settings.BILLING["SIRET"][:9]
    try:
        actions.mark_paid(number, issuer=issuer, on=on.date(), by=actions.OPERATOR, at=timezone.now())
    except Invoice.DoesNotExist:
        fail(f"no invoice {number} of this issuer: see BILLING_SIRET, and the number")
    except AlreadyPaid:
        fail(f"{number} is marked as paid on another day: nothing was changed")
    say(number=number, paid_on=on.date().isoformat())


@invoices.command()
def price(
    cents: Annotated[int, typer.Argument(min=0, help="Of one test, without VAT.")],
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="For tests reported from this day.")],
    regime: Annotated[str, typer.Option(help="Under this regime alone.")] = "",
) -> None:
    """Sets the price of a relayed test; what is in the ledger already keeps its own."""
    service.load("counter")
    from django.utils import timezone

    from sceau.core.regime import REGIMES
    from sceau.counter.billing import actions

    if regime not in ("", *(one.name for regimes in REGIMES.values() for one in regimes)):
        fail(f"no regime is called {regime}: docs/reference/regimes.md lists them")
    actions.set_price(cents, regime=regime, since=since.date(), by=actions.OPERATOR, at=timezone.now())
    say(cents=cents, since=since.date().isoformat(), regime=regime)


@invoices.command("csv")
def accounts(year: Annotated[int, typer.Option(help="Of issue.")]) -> None:
    """Writes a year's invoices and credit notes of all pharmacies to standard output, for whoever keeps the books."""
    service.load("counter")
    from sceau.counter.billing.accounts import table
    from sceau.counter.billing.queries import of_year

    for line in table(of_year(year).iterator(500)):
        sys.stdout.write(line)


@invoices.command()
def pdf(number: str, file: Path) -> None:
    """Writes an invoice as it was issued to a new file."""
    service.load("counter")
    from django.conf import settings

    from sceau.counter.billing.models import Invoice

    found = Invoice.objects.filter(issuer=settings.BILLING["SIRET"][:9], number=number).first()
    if found is None:
        fail(f"no invoice {number} of this issuer: see BILLING_SIRET, and the number")
    with file.open("xb") as sink:
        sink.write(bytes(found.pdf))
    say(number=number, file=str(file))


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        fail(f"{text} is no month: write it as 2026-10")


def _progress(*, quiet: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True)


def _tell(ran: "Ran", as_json: bool) -> None:
    issued = [
        {"number": one.number, "finess": one.pharmacy.finess, "tests": one.tests, "gross": str(one.gross)} for one in ran.issued
    ]
    failed = [{"finess": one.pharmacy.finess, "month": f"{one.month:%Y-%m}", "why": str(one.why)} for one in ran.failed]
    if as_json:
        return say(issued=issued, failed=failed)
    typer.echo(f"{len(issued)} issued, {len(failed)} not issued")
    for told in failed:
        typer.echo(f"{told['finess']} {told['month']}: {told['why']}", err=True)
    return None
