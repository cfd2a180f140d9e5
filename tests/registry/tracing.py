"""Who traces in these tests: Driss in the Rhône, Élise in the Nord, with passkeys in software, enrolled by two of the authority; and
whom they call: Hugo, tested positive in the Rhône, and his twin Inès.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, Self

from django.test import Client
from django.utils import timezone
from msgspec.structs import replace
from tests.plugins.services import acting
from tests.registry.world import Sender, final, hugo

from sceau.core.accounts import actions as accounts
from sceau.core.accounts.models import User
from sceau.core.codes.snomed import Result
from sceau.core.codes.territory import Department
from sceau.core.keyholder.agent_verbs import Assertion
from sceau.core.report.model import Address, Patient, ScreeningReport, Sex
from sceau.demo.authenticator import Passkey
from sceau.exposure.drills.agents import Agents
from sceau.registry.agents.models import Appointment, Role
from sceau.registry.cases.models import Case
from sceau.registry.config.keyholder import keyholder
from sceau.registry.contacts.matching import match_waiting
from sceau.registry.intake.actions import take_in

ORIGIN = "http://localhost"
HUGO = Patient(
    family="LUNEVILLE",
    given=("Hugo",),
    birth_date=date(1987, 3, 14),
    sex=Sex.MALE,
    phone="+33639980101",
    address=Address(lines=("12 rue de l'Exemple",), postal_code="69003", city="Lyon"),
    department=Department("69"),
)
INES = replace(HUGO, given=("Inès",), sex=Sex.FEMALE)


@lru_cache(maxsize=1)
def authority() -> Agents:
    """Two of the authority, once a process: its keyholder is founded once."""
    return Agents(keyholder(), keyholder(), origin=ORIGIN)


class Tracer(NamedTuple):
    """An agent's browser, signed in with a second factor, and their passkey."""

    user: User
    client: Client
    passkey: Passkey

    @classmethod
    def enrolled(cls, name: str, *departments: str, role: Role = Role.AGENT) -> Self:
        user = accounts.create(email=f"{name}@ars.example", name=name.capitalize()).user
        passkey = authority().enrol(f"user:{user.pk}", *departments, role=role)
        Appointment.objects.create(user=user, role=role, departments=" ".join(departments), enrolled_at=timezone.now())
        return cls(user, signed_in(user), passkey)

    @property
    def name(self) -> str:
        return f"user:{self.user.pk}"

    def get(self, path: str) -> Any:
        with acting("registry_web"):
            return self.client.get(path)

    def post(self, path: str, **form: str) -> Any:
        with acting("registry_web"):
            return self.client.post(path, form)

    def claims(self, case: Case) -> Any:
        return self.post(f"/cases/{case.pk}/claim")

    def touches(self, path: str, purpose: str = "call") -> str:
        """What the browser answers to the challenge of an address."""
        asked = self.post(f"{path}/touch", purpose=purpose)
        assert asked.status_code == 200, asked.content
        return answer(self.passkey.touched(decoded(asked.json()["challenge"])))

    def opens(self, path: str, purpose: str = "call") -> Any:
        """The page of whoever is opened."""
        return self.post(f"{path}/open", purpose=purpose, answer=self.touches(path, purpose))

    def token(self, path: str) -> str:
        token: str = self.opens(path).context["token"]
        return token


def signed_in(user: User) -> Client:
    client = Client(headers={"Accept-Language": "fr"})
    client.force_login(user)
    return client


def answer(touched: Assertion) -> str:
    """As a browser's `toJSON` writes it."""
    parts = {
        "authenticatorData": touched.authenticator_data,
        "clientDataJSON": touched.client_data_json,
        "signature": touched.signature,
    }
    told = {name: encoded(part) for name, part in parts.items()}
    return json.dumps({"rawId": encoded(touched.credential_id), "response": told})


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "==")


def of(patient: Patient, *, result: Result = Result.DETECTED) -> ScreeningReport:
    screening = hugo(result=result)
    specimen = replace(screening.specimen, taken_at=timezone.now() - timedelta(minutes=1))
    return final(replace(screening, patient=patient, specimen=specimen))


def come(sender: Sender, *people: Patient, result: Result = Result.DETECTED) -> list[ScreeningReport]:
    """They are tested, in one envelope."""
    reports = [of(one, result=result) for one in people]
    sender.arrive(*reports)
    with acting("registry_worker"):
        take_in(keyholder(), limit=10, at=timezone.now())
    return reports


def case_of(report: ScreeningReport) -> Case:
    return Case.objects.get(report_id=report.id)


def matched() -> int:
    """The worker matches the contacts that wait."""
    with acting("registry_worker"):
        return match_waiting(keyholder(), at=timezone.now())


def contact(**changes: str) -> dict[str, str]:
    """Inès, as Hugo tells of her."""
    met = (timezone.localdate() - timedelta(days=1)).strftime("%d/%m/%Y")
    told = {"family": "Luneville", "given": "Inès", "born": "14/03/1987", "sex": "female", "phone": "06 39 98 01 01"}
    return told | {"last_on": met, "setting": "household", "postal_code": "69003"} | changes
