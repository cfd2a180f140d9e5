"""`sceau registry agents …`: appointing somebody, and founding the authority, whose members then enrol everybody by their page."""

from typing import Annotated

import typer

from sceau.core import service
from sceau.core.terminal import fail, say

agents = typer.Typer(no_args_is_help=True, help="Who may open people.")


@agents.command()
def appoint(
    email: Annotated[str, typer.Argument(help="Their work e-mail.")],
    name: str,
    role: Annotated[str, typer.Option(help="agent, supervisor or authority")] = "authority",
    departments: Annotated[str, typer.Option(help="As `69 38`; `*` for all.")] = "",
) -> None:
    """Appoints somebody; prints the code that opens their account, unless they have one. They then bring their passkey."""
    service.load("registry")
    from django.utils import timezone

    from sceau.registry.agents import actions
    from sceau.registry.agents.errors import HasAnotherPart
    from sceau.registry.agents.models import Role

    part, places = Role(role), tuple(departments.split())
    try:
        code = actions.appoint(email=email, name=name, role=part, departments=places, by="operator", at=timezone.now())
    except HasAnotherPart:
        fail("this address has an account with another part at the registry")
    say(email=email, role=role, code=code)


@agents.command()
def found(
    email: str,
    fingerprint: Annotated[str, typer.Option(help="All 64 digits of the passkey, as they read them from their page.")],
) -> None:
    """Enrols one of the authority's first two members at the keyholder. From then on two members enrol everybody."""
    service.load("registry")
    from django.utils import timezone

    from sceau.core.accounts.models import User
    from sceau.core.keyholder.errors import KeyholderError
    from sceau.core.sealing.signing import key_digest
    from sceau.registry.agents import actions
    from sceau.registry.agents.models import Appointment
    from sceau.registry.config.keyholder import keyholder

    one = Appointment.objects.filter(user__in=User.objects.at(email)).select_related("user").first()
    if one is None or one.public_key is None or key_digest(bytes(one.public_key)) != "".join(fingerprint.split()).lower():
        fail("no passkey of that fingerprint was brought by this person: compare again, nobody was enrolled")
    try:
        actions.found(keyholder(), one, at=timezone.now())
    except KeyholderError:
        fail("the keyholder refuses: the authority has two members already, who enrol the others on their page")
    say(email=email, role=one.role)
