"""What every service asks about the small secrets of its staff: sealed for its database, or digested to be found by."""

from sceau.core.keyholder.shapes import Question


class SealSecret(Question, frozen=True, tag="seal-secret"):
    """Seals a small secret of the service (a second factor's seed) for its database; `name` says what it is, and binds it."""

    name: str
    secret: bytes


class OpenSecret(Question, frozen=True, tag="open-secret"):
    name: str
    sealed: bytes


class OpenSecrets(Question, frozen=True, tag="open-secrets"):
    """Names and sealed secrets, opened in their order; None for one that does not open. A page of colleagues is one question."""

    secrets: list[tuple[str, bytes]]


class OpenStaff(Question, frozen=True, tag="open-staff"):
    """As `open-secrets`, of names and addresses of the staff alone: what a process that sends e-mail needs, and no second factor."""

    secrets: list[tuple[str, bytes]]


class AddressToken(Question, frozen=True, tag="address-token"):
    """A keyed digest (32 bytes) of a staff member's e-mail address, however it is written: what an account is found by."""

    address: str


class SubjectToken(Question, frozen=True, tag="subject-token"):
    """A keyed digest (32 bytes) of whom an OpenID Connect issuer means by a subject: what a link is found by."""

    issuer: str
    subject: str


class DoorKey(Question, frozen=True, tag="door-key"):
    """The key (32 bytes) under which the web process digests what it counts at the door: no database has it."""
