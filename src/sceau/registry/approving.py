"""`sceau registry approvals …`: what the authority has the operator enter, when it does not do so on its own pages."""

from pathlib import Path
from typing import Annotated

import typer

from sceau.core import service
from sceau.core.terminal import say

approvals = typer.Typer(no_args_is_help=True, help="Software that may feed the registry.")


@approvals.command()
def approve(
    jwk: Annotated[Path, typer.Option(help="The publisher's public key, as JWK.")],
    publisher: Annotated[str, typer.Option(help="The firm, as the public list says it.")],
    name: Annotated[str, typer.Option()],
    version: Annotated[str, typer.Option()],
    by: Annotated[str, typer.Option(help="Who decides, as the public list says it.")],
    through: Annotated[list[str] | None, typer.Option("--format", help="sealed, fhir, hl7v2, csv; again for several.")] = None,
    disease: Annotated[list[str] | None, typer.Option(help="covid-19, …; again for several; none: all.")] = None,
    account: Annotated[str, typer.Option(help="E-mail address of who speaks for the firm here, and sees to the product.")] = "",
) -> None:
    """Enters a product version that was approved without this site's pages; prints its id, with which it signs in."""
    service.load("registry")
    from django.utils import timezone

    from sceau.core.codes.loinc import Disease
    from sceau.registry.approvals import actions, publishers
    from sceau.registry.approvals.enums import Format
    from sceau.registry.approvals.scope import Scope

    scope = Scope([Format(one) for one in through or ["sealed"]], [Disease(one) for one in disease or []])
    try:
        firm = publishers.named(publisher, account=account)
    except LookupError as error:
        raise typer.BadParameter(str(error), param_hint="--account") from None
    told = {"name": name, "version": version, "authority": by, "by": "operator"}
    software = actions.enter(publisher=firm, **told, key=jwk.read_text(), scope=scope, at=timezone.now())
    say(id=str(software.id), state=software.state)


@approvals.command()
def quota(
    software: str,
    reports_a_minute: Annotated[int | None, typer.Option(min=1)] = None,
    reports_a_day: Annotated[int | None, typer.Option(min=1)] = None,
    bytes_a_minute: Annotated[int | None, typer.Option(min=1)] = None,
    bytes_a_day: Annotated[int | None, typer.Option(min=1)] = None,
) -> None:
    """How much it may send, from the next call on; what is not given stays. Says what holds then."""
    service.load("registry")
    from django.utils import timezone

    from sceau.registry.approvals import actions
    from sceau.registry.approvals.models import Software

    found = Software.objects.get(id=software)
    told = {"reports_a_minute": reports_a_minute, "reports_a_day": reports_a_day}
    told |= {"bytes_a_minute": bytes_a_minute, "bytes_a_day": bytes_a_day}
    given = {name: value for name, value in told.items() if value is not None}
    if given:
        actions.limit(found, quota=found.quota._replace(**given), by="operator", at=timezone.now())
    say(id=software, **Software.objects.get(id=software).quota._asdict())


@approvals.command()
def decide(
    software: str,
    state: Annotated[str, typer.Argument(help="approved (again, within the scope it had), suspended or withdrawn")],
    reason: Annotated[str, typer.Option()],
    by: Annotated[str, typer.Option(help="Who decides, as the public list says it.")],
    key: Annotated[list[str] | None, typer.Option(help="With an approval: a key to be taken, by its thumbprint.")] = None,
) -> None:
    """Suspends, withdraws or approves again, from the next request on."""
    service.load("registry")
    from django.utils import timezone

    from sceau.registry.approvals import actions
    from sceau.registry.approvals.enums import Act
    from sceau.registry.approvals.models import Software

    acts = {"approved": Act.APPROVE, "suspended": Act.SUSPEND, "withdrawn": Act.WITHDRAW}
    found = Software.objects.get(id=software)
    taking = list(found.keys.filter(thumbprint__in=key or []))
    actions.decide(found, act=acts[state], reason=reason, authority=by, by="operator", at=timezone.now(), taking=taking)
    say(id=software, state=found.state)
