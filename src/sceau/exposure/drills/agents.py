"""The registry's authority and its agents, enrolled for a drill with passkeys in software; and asking as the web process asks."""

from collections.abc import Sequence
from typing import Any, Protocol

from sceau.core.keyholder.agent_verbs import Agent, Challenge, EnrolAgent, Opens, Present
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.presence import record_digest
from sceau.core.keyholder.shapes import Question, SealedAt
from sceau.demo.authenticator import Passkey

PURPOSE = "drill"


class Asked(Protocol):
    """A keyholder, behind a socket or not."""

    def ask(self, question: Question) -> Any: ...


class Agents:
    """Two of the authority, who enrol whom they are asked to. `web` asks as the web process does."""

    def __init__(self, web: Asked, operator: Asked, *, origin: str, members: Sequence[Passkey] = ()) -> None:
        """The operator founds the authority where its `members` are not there yet."""
        self.web, self.operator, self.origin = web, operator, origin
        self.members = members or [Passkey(name, origin=origin) for name in ("farid", "gaelle")]
        for member in () if members else self.members:
            operator.ask(EnrolAgent(member.record("authority", ()), []))

    def enrol(self, name: str, *departments: str, role: str = "agent") -> Passkey:
        passkey = Passkey(name, origin=self.origin)
        self.enrol_record(passkey.record(role, departments))
        return passkey

    def enrol_record(self, record: Agent) -> None:
        """Both members touch for it."""
        approvals = [one.touched(self.web.ask(Challenge(one.agent, record_digest(record)))) for one in self.members]
        self.web.ask(EnrolAgent(record, approvals))

    def there(self, passkey: Passkey, *rows: SealedAt) -> bytes:
        """The token of an agent who touched to open these, for the drill."""
        opens = Opens(tuple(row.report for row in rows), PURPOSE) if rows else None
        token: bytes = self.web.ask(Present(passkey.touched(self.web.ask(Challenge(passkey.agent, opens=opens)))))
        return token


def refused(client: Asked, question: Question) -> str:
    """The refusal's name, empty when it was answered."""
    try:
        client.ask(question)
    except KeyholderError as error:
        return error.refusal.value
    return ""
