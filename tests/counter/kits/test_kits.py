"""A box is scanned, and its kit is in hand with the box's lot; what is past its date is not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.counter.world import AT, Place

from sceau.core.audit.models import Entry
from sceau.core.codes.identifiers import Gtin
from sceau.counter.kits import actions, box, queries
from sceau.counter.kits.errors import KitExpired, UnknownKit
from sceau.counter.pharmacies.models import Role
from sceau.counter.pharmacies.policies import NotAllowed

GTIN = "03760123456784"
FNC1 = "\u001d"


@pytest.mark.parametrize(
    "scanned",
    [
        f"]d201{GTIN}1728013110LOT7{FNC1}",
        f"]d201{GTIN}17280131 10LOT7".replace(" ", ""),
        f"01{GTIN}1728013110LOT7",
        f"]d201{GTIN}10LOT7{FNC1}17280131",
        f"]C101{GTIN}1728013110LOT7",
    ],
)
def test_a_box_tells_number_lot_and_expiry(scanned: str) -> None:
    assert box.read(scanned) == (GTIN, "LOT7", date(2028, 1, 31))


@pytest.mark.parametrize("scanned", ["", "hello", "01" + GTIN[:-1] + "5", "https://example.org/0376", "17280131", "\u001d"])
def test_anything_else_is_no_box(scanned: str) -> None:
    with pytest.raises(box.NotABox):
        box.read(scanned)


def test_the_box_scanned_is_in_hand_with_its_lot(lilas: Place) -> None:
    lilas.kit()
    lilas.kit(name="Autre", gtin="", used_at=AT + timedelta(hours=1))
    actions.take(box.Box(Gtin(GTIN), "B2", date(2027, 1, 31)), pharmacy=lilas.pharmacy, at=AT + timedelta(hours=2))
    in_hand = queries.in_hand(lilas.pharmacy)
    assert in_hand
    assert (in_hand.name, in_hand.lot, in_hand.expiry) == ("Panbio", "B2", date(2027, 1, 31))


@pytest.mark.parametrize(("expiry", "taken"), [(AT.date(), True), (AT.date() - timedelta(days=1), False)])
def test_a_box_is_good_until_the_end_of_its_last_day(lilas: Place, expiry: date, taken: bool) -> None:
    kit, scanned = lilas.kit(), box.Box(Gtin(GTIN), "B2", expiry)
    if taken:
        assert actions.take(scanned, pharmacy=lilas.pharmacy, at=AT).lot == "B2"
        return
    with pytest.raises(KitExpired):
        actions.take(scanned, pharmacy=lilas.pharmacy, at=AT)
    kit.refresh_from_db()
    assert kit.lot == "A1"


def test_midnight_is_the_pharmacys(lilas: Place) -> None:
    lilas.kit(expiry=date(2026, 11, 23))
    late = datetime(2026, 11, 23, 22, 59, tzinfo=UTC)  # 23:59 in Paris
    kit = queries.in_hand(lilas.pharmacy)
    assert kit
    assert not actions.expired(kit, lilas.pharmacy.day(late))
    assert actions.expired(kit, lilas.pharmacy.day(late + timedelta(minutes=1)))


def test_another_pharmacys_kit_is_unknown_here(lilas: Place, other: Place) -> None:
    lilas.kit()
    with pytest.raises(UnknownKit):
        actions.take(box.Box(Gtin(GTIN), "B2", None), pharmacy=other.pharmacy, at=AT)


def test_a_panel_has_a_result_for_each_part(lilas: Place) -> None:
    assert [str(one) for one in lilas.kit(loinc="97099-6").diseases] == ["covid-19", "influenza-a", "influenza-b"]


def test_a_pharmacist_uses_an_expired_box_for_a_reason_and_the_log_keeps_it(lilas: Place) -> None:
    kit, scanned = lilas.kit(), box.Box(Gtin(GTIN), "B2", AT.date() - timedelta(days=1))
    actions.use_expired(kit, scanned, "prolonged by its maker", by=lilas.bruno, at=AT)
    assert not actions.expired(kit, lilas.pharmacy.day(AT))
    assert actions.take(scanned, pharmacy=lilas.pharmacy, at=AT).lot == "B2"
    assert Entry.objects.get(event="kit-overridden").purpose == "prolonged by its maker"
    with pytest.raises(KitExpired):
        actions.take(scanned._replace(lot="B3"), pharmacy=lilas.pharmacy, at=AT)


def test_an_assistant_does_not(lilas: Place) -> None:
    kit, scanned = lilas.kit(), box.Box(Gtin(GTIN), "B2", AT.date() - timedelta(days=1))
    with pytest.raises(NotAllowed):
        actions.use_expired(kit, scanned, "prolonged", by=lilas.present("sam@example.org", Role.ASSISTANT).member, at=AT)


def test_another_box_ends_the_exception(lilas: Place) -> None:
    kit = lilas.kit(lot="B2", override="prolonged")
    actions.take(box.Box(Gtin(GTIN), "C3", None), pharmacy=lilas.pharmacy, at=AT)
    kit.refresh_from_db()
    assert kit.override == ""
