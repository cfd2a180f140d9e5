"""Who sends to the registry in these tests: publishers with their keys, pharmacies that seal. And the reports they send."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, Self
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.utils import timezone
from jwt.algorithms import ECAlgorithm
from uuid_utils.compat import uuid7

from sceau.core.accounts import actions as accounts
from sceau.core.accounts.models import User
from sceau.core.codes.identifiers import Finess
from sceau.core.codes.loinc import Loinc
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.codes.territory import Department
from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.report import fhir
from sceau.core.report.model import Consent, Finding, Patient, Performer, Screening, ScreeningReport, Sex, Specimen, Status, blind
from sceau.core.sealing import signing, statements, suite
from sceau.core.sealing.framing import CONTENT_TYPE, join
from sceau.core.sealing.header import Header
from sceau.core.sealing.seal import SealedEnvelope, seal_envelope
from sceau.core.wire import KeyRequest
from sceau.registry.approvals import actions as approvals
from sceau.registry.approvals import publishers
from sceau.registry.approvals.enums import Act
from sceau.registry.approvals.models import Evidence, Member, Software
from sceau.registry.approvals.models import Publisher as Firm
from sceau.registry.approvals.scope import Scope
from sceau.registry.config.keyholder import keyholder
from sceau.registry.intake.receiving import Envelope, receive
from sceau.registry.pharmacies import owners
from sceau.registry.pharmacies.models import Owner

LILAS, OTHER = Finess("750123457"), Finess("690000005")
TAKEN = datetime(2023, 3, 1, 9, 30, tzinfo=UTC)
AT = datetime(2023, 3, 1, 12, 0, tzinfo=UTC)
FARID = "Farid, the authority"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
AUDIENCE = "http://localhost/oauth/token"


def hugo(*, result: Result = Result.NOT_DETECTED, consent: Consent = Consent.GIVEN, finess: Finess = LILAS) -> Screening:
    """Hugo's test at the Pharmacie des Lilas."""
    born, code = date(1987, 3, 14), Loinc("94558-4")
    patient = Patient(family="LUNEVILLE", given=("Hugo",), birth_date=born, sex=Sex.MALE, department=Department("75"))
    return Screening(
        patient=patient,
        performer=Performer(name="Pharmacie des Lilas", finess=finess),
        specimen=Specimen(type=SpecimenType.NASAL, taken_at=TAKEN),
        loinc=code,
        findings=(Finding(code, result),),
        consent=consent,
    )


def final(screening: Screening | None = None) -> ScreeningReport:
    own = uuid7()
    return ScreeningReport(id=own, lineage=own, status=Status.FINAL, issued=TAKEN, screening=screening or hugo())


def corrected(original: ScreeningReport, screening: Screening, *, later: int = 1) -> ScreeningReport:
    """A correction of `original`, issued so many hours after it."""
    return _about(original, Status.CORRECTED, screening, later)


def cancelled(original: ScreeningReport) -> ScreeningReport:
    return _about(original, Status.ENTERED_IN_ERROR, None, 2)


def _about(original: ScreeningReport, status: Status, screening: Screening | None, later: int) -> ScreeningReport:
    lineage, issued = original.lineage, TAKEN + timedelta(hours=later)
    return ScreeningReport(id=uuid7(), lineage=lineage, status=status, issued=issued, replaces=original.id, screening=screening)


class Sender(NamedTuple):
    """A pharmacy with its software and signing key."""

    software: UUID
    finess: Finess
    signer: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        return self.signer.public_key().public_bytes_raw()

    def sealed(self, *reports: ScreeningReport | bytes, envelope: UUID | None = None) -> SealedEnvelope:
        lines = [one if isinstance(one, bytes) else fhir.write(one) for one in reports]
        twins = [one if isinstance(one, bytes) else fhir.write(blind(one)) for one in reports]
        public = key_list().envelope_for(timezone.now().date())
        header = Header(suite.key_id(public), envelope or uuid7(), self.software, self.finess, AT, len(lines))
        return seal_envelope(header, lines, twins, registry=suite.public_key(public), signer=self.signer)

    def envelope(self, *reports: ScreeningReport | bytes, envelope: UUID | None = None) -> bytes:
        return self.sealed(*reports, envelope=envelope).data

    def arrive(self, *reports: ScreeningReport | bytes) -> UUID:
        """An envelope of these reports in the inbox."""
        return arrive(self.envelope(*reports))


def key_list() -> KeyList:
    """The registry's keys, as a counter pins them."""
    encoded, root = keyholder().keys()
    return KeyList.decode(encoded).check(root)


def arrive(data: bytes, *, at: datetime = AT) -> UUID:
    header = Header.parse(data)
    receive([Envelope(header, data)], by="software:test", at=at)
    return header.envelope


class Publisher(NamedTuple):
    """A product on the authority's list, with the key that its publisher holds."""

    software: Software
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def approved(cls, name: str, scope: Scope | None = None) -> Self:
        key = ec.generate_private_key(ec.SECP256R1())
        jwk = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
        firm, told = publishers.named("Gaëlle Logiciels"), {"name": name, "version": "0.1", "authority": FARID, "by": "operator"}
        software = approvals.enter(publisher=firm, **told, key=json.dumps(jwk), scope=scope or Scope(), at=timezone.now())
        return cls(software, key)

    def decided(self, act: Act, *, reason: str = "essai", at: datetime | None = None) -> None:
        """By the authority."""
        approvals.decide(self.software, act=act, reason=reason, authority=FARID, by="operator", at=at or timezone.now())

    def claims(self, **changes: Any) -> dict[str, Any]:
        who, now = str(self.software.id), timezone.now()
        claims = {"iss": who, "sub": who, "aud": AUDIENCE, "iat": now, "exp": now + timedelta(minutes=4), "jti": str(uuid4())}
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def assertion(self, **changes: Any) -> str:
        return jwt.encode(self.claims(**changes), self.key, algorithm="ES256")

    def proof(self, jwk: Mapping[str, Any], **changes: Any) -> str:
        """That this public key follows the publisher's."""
        now = timezone.now()
        told = {"sub": str(self.software.pk), "jwk": jwk, "iat": now, "exp": now + timedelta(hours=1)}
        return jwt.encode(told | changes, self.key, algorithm="ES256")

    def token(self, client: Client) -> str:
        token: str = sign_in(client, self.assertion()).json()["access_token"]
        return token

    def poster(self, client: Client) -> Callable[..., Any]:
        """Posts to an address with a live token of this software."""
        bearer = {"Authorization": f"Bearer {self.token(client)}"}

        def post(path: str, body: bytes, content_type: str = "application/json") -> Any:
            return client.post(path, body, content_type=content_type, headers=bearer)

        return post


def sign_in(client: Client, assertion: str, **changes: str) -> Any:
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
    return client.post("/oauth/token", form | changes)


def send(post: Callable[..., Any], envelopes: Sequence[bytes]) -> Any:
    return post("/v1/envelopes", join(envelopes), CONTENT_TYPE)


def asks(
    seed: bytes,
    *,
    finess: Finess = LILAS,
    at: datetime | None = None,
    name: str = "Pharmacie des Lilas",
    signed_by: bytes = b"",
    proved_for: str = "",
    proved_at: datetime | None = None,
) -> KeyRequest:
    """A request to enrol the key of `seed`; what differs in its proof, if anything does."""
    at = at or timezone.now()
    public = signing.public_bytes(seed)
    proof = signing.signer(signed_by or seed).sign(statements.enrolment(proved_for or finess, public, proved_at or at))
    return KeyRequest(finess=str(finess), name=name, public_key=public, proof=proof, asked_at=at)


def invite(finess: Finess, email: str) -> str:
    """The authority invites an owner; gives the code of the sheet."""
    return owners.invite(finess, email=email, name="Bruno", by="operator", at=timezone.now())


def owner(finess: Finess, email: str) -> User:
    """An owner with a second factor."""
    made = accounts.create(email=email, name="Bruno").user
    Owner.objects.create(user=made, finess=finess)
    return made


def signed_in(user: User) -> Client:
    """A browser in which this person has just signed in."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [{"method": "password", "at": timezone.now().timestamp()}]
    session.save()
    return client


def gaelle(firm: str = "Gaëlle Logiciels", email: str = "gaelle@logiciels.example") -> User:
    """Somebody who speaks for a publisher, with a second factor."""
    user = accounts.create(email=email, name="Gaëlle").user
    Member.objects.create(user=user, publisher=Firm.objects.create(name=firm))
    return user


def farid(email: str = "farid@authority.example") -> User:
    """Who decides for the authority."""
    user = accounts.create(email=email, name="Farid").user
    publishers.appoint(user, title=FARID, by="operator", at=timezone.now())
    return user


def public_jwk(curve: ec.EllipticCurve | None = None) -> str:
    """A fresh public key as a publisher uploads it."""
    return str(ECAlgorithm.to_jwk(ec.generate_private_key(curve or ec.SECP256R1()).public_key()))


def shown(software: Software, *, passed: bool = True) -> None:
    """The bench saw this product."""
    Evidence.objects.create(software=software, at=timezone.now(), document={"scenarios": []}, signature=b"x", passed=passed)
