"""A keyholder's store that is older than the database: noticed, and what does not open is named. Nothing is written over."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from structlog.testing import capture_logs
from tests.core.keyholder.world import Running
from tests.counter.world import Place, file, signed_in

from sceau.core.accounts import slots
from sceau.core.accounts.actions import Account
from sceau.core.accounts.keyholder import keyholder
from sceau.core.accounts.models import Slot
from sceau.core.audit import checkpoint, whole
from sceau.core.audit.checkpoint import Witness
from sceau.core.doctor import Asked, Finding, findings
from sceau.core.keyholder.client import Client as Keyholder
from sceau.counter.pharmacies import keys as keyring
from sceau.counter.pharmacies.models import Role
from sceau.counter.screenings.models import Screening

NOW = datetime.now(UTC)
COPIED, RECORDED = NOW - timedelta(days=20), NOW - timedelta(days=3)


class Older:
    """A pharmacy that was founded twenty days ago, when the store was copied, and where people came and results since."""

    def __init__(self, folder: Path, settings: Any) -> None:
        self._folder, self._settings = folder, settings

    @contextmanager
    def answering(self, name: str, at: datetime) -> Iterator[Keyholder]:
        """The keyholder of one of the two stores, at a moment."""
        running = Running("counter", self._folder / name)
        running.clock.now = at
        self._settings.KEYHOLDER = str(running.socket("operator"))
        keyholder.cache_clear()
        with running.up("demo"):
            yield keyholder()
        keyholder.cache_clear()

    def copy(self) -> None:
        shutil.copytree(self._folder / "newest" / "state", self._folder / "older" / "state")

    def live(self) -> Place:
        """What happened; the pharmacy as it is today."""
        with self.answering("newest", COPIED) as asked:
            place = Place.opened("750123457", "Pharmacie des Lilas")
            sign(asked, COPIED)
            self.copy()
        with self.answering("newest", RECORDED) as asked:
            place = again(place)
            place.imports(file(3), at=RECORDED)
            self.amina = place.join("amina@example.org", Role.PHARMACIST)
            sign(asked, RECORDED)
        return place


def sign(asked: Keyholder, at: datetime) -> None:
    checkpoint.make(asked, origin="sceau/counter", witness=Witness(""), at=at)


def again(place: Place) -> Place:
    """The same pharmacy, its owner having signed in now."""
    opened = slots.open_with_password(place.owner.user, place.owner.sign_in.password)
    assert opened is not None
    account = Account(place.owner.user, place.owner.sign_in, opened)
    return Place(place.pharmacy, keyring.open_keys(place.bruno, opened), account, place.bruno)


def found(asked: Keyholder) -> list[Finding]:
    class Beside(Asked):
        """As another user, whose looks at the log are recent."""

        def user(self) -> int:
            return -1

    return [one for one in findings(Beside(), now=NOW) if one.danger < 4]


def said(asked: Keyholder) -> str:
    return "\n".join(f"{one.danger} {one.what}" for one in found(asked))


@pytest.fixture
def older(tmp_path: Path, settings: Any, db: None) -> Iterator[Older]:
    yield Older(tmp_path, settings)
    keyholder.cache_clear()


def test_with_the_newest_store_nothing_is_missing(older: Older) -> None:
    older.live()
    with older.answering("newest", NOW) as asked:
        assert said(asked) == ""


def test_an_older_store_is_noticed_and_what_does_not_open_is_named(older: Older) -> None:
    older.live()
    gone = Slot.objects.filter(user=older.amina.user).count()
    with older.answering("older", NOW) as asked:
        told = said(asked)
        assert "1 the keyholder's store is older than this database" in told
        assert f"1 {gone} credentials open nothing: the keyholder's store does not have them (user:{older.amina.user.pk})" in told
        assert f"1 rows of 1 pharmacies on 1 days, {RECORDED:%Y-%m-%d} to {RECORDED:%Y-%m-%d}, cannot be opened" in told


def test_once_it_has_signed_again_the_log_itself_remembers(older: Older) -> None:
    older.live()
    with older.answering("older", NOW) as asked:
        with capture_logs() as logged:
            Place.opened("690000005", "Pharmacie du Pont")
            sign(asked, NOW)
        assert ["older than this database" in one["event"] for one in logged] == [True]
        assert "is older than this database" not in said(asked)
        assert f"3 on {NOW:%Y-%m-%d %H:%M} UTC the keyholder answered from an older store" in said(asked)
        sign(asked, NOW)
        assert whole.look(asked, at=NOW).faults == []


def test_the_page_says_which_rows_stay_shut_and_the_newest_store_opens_them_again(older: Older) -> None:
    place = older.live()
    kept = list(Screening.objects.order_by("id").values_list("id", "sealed"))
    with older.answering("older", NOW):
        page = day(signed_in(again(place).owner))
        assert ("LUNEVILLE" in page, "TESTARD" in page, "keyholder&#x27;s store is older" in page) == (False, False, True)
    with older.answering("newest", NOW):
        assert "TESTARD" in day(signed_in(again(place).owner))
    assert list(Screening.objects.order_by("id").values_list("id", "sealed")) == kept


def test_who_came_since_cannot_sign_in_and_who_was_there_can(older: Older) -> None:
    place = older.live()
    with older.answering("older", NOW):
        assert slots.open_with_password(older.amina.user, older.amina.sign_in.password) is None
        assert again(place).keys.pharmacy == place.pharmacy.id


def day(browser: Client) -> str:
    return browser.get(f"/?day={RECORDED:%Y-%m-%d}", headers={"Accept-Language": "en"}).content.decode()
