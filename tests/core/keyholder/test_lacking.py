"""A store that was copied earlier lacks what was made since, and says so to the operator alone."""

import shutil
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.core.keyholder.world import AT, Running

from sceau.core.keyholder.credential_verbs import CredentialKind, Enrol, Evaluate, Lacking
from sceau.core.keyholder.envelope_verbs import Ingest
from sceau.core.keyholder.errors import KeyholderError

LILAS = str(UUID(int=1))
TODAY = AT.date()


def enrolled(counter: Running) -> UUID:
    credential = uuid4()
    counter.ask("operator", Enrol(credential, LILAS, CredentialKind.RECOVERY, bytes(32)))
    return credential


def days(*ahead: int) -> list[tuple[str, date]]:
    return [(LILAS, TODAY + timedelta(days=each)) for each in ahead]


def test_an_older_store_lacks_the_credentials_and_days_made_since(tmp_path: Path) -> None:
    with Running("counter", tmp_path / "now").up() as counter:
        bruno = enrolled(counter)
        shutil.copytree(counter.state, tmp_path / "then" / "state")
        counter.clock.later(days=20)
        amina = enrolled(counter)
        counter.ask("web", Evaluate(bruno, bytes(32)))
        asked = Lacking([bruno, amina], days(0, 15, 16, 19, 35))
        assert counter.ask("operator", asked).credentials == []
        assert counter.ask("operator", asked).days == days(16)
    with Running("counter", tmp_path / "then").up() as older:
        told = older.ask("operator", asked)
        assert (told.credentials, told.days) == ([amina], days(16, 19, 35))


def test_the_registrys_days_have_no_owner(tmp_path: Path) -> None:
    with Running("registry", tmp_path).up() as registry:
        registry.ask("worker", Ingest([], AT, []))
        asked = Lacking([], [("", TODAY), ("", date(1999, 1, 1))])
        assert registry.ask("operator", asked).days == [("", date(1999, 1, 1))]


@pytest.mark.parametrize("owner", ["../days", "/etc", "no name"])
def test_an_owner_that_is_no_name_of_a_folder_is_not_understood(tmp_path: Path, owner: str) -> None:
    with Running("counter", tmp_path).up() as counter, pytest.raises(KeyholderError, match="not-understood"):
        counter.ask("operator", Lacking([], [(owner, TODAY)]))


@pytest.mark.parametrize("principal", ["web", "worker"])
def test_only_the_operator_may_ask(tmp_path: Path, principal: str) -> None:
    with Running("counter", tmp_path).up() as counter, pytest.raises(KeyholderError, match="not-understood"):
        counter.ask(principal, Lacking([], []))
