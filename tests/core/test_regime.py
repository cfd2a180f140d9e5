"""Which rules hold is decided by the day the specimen was taken."""

from datetime import date, timedelta

import pytest

from sceau.core.regime import DEMO, LAW, REGIMES, RetentionFrom, regime_on
from sceau.core.report.model import Consent


@pytest.mark.parametrize(
    ("taken", "name"),
    [
        (date(2020, 5, 12), "before-2020-05-13"),
        (date(2020, 5, 13), "mandatory-recording"),
        (date(2023, 1, 31), "mandatory-recording"),
        (date(2023, 2, 1), "consent"),
        (date(2023, 6, 30), "consent"),
        (date(2023, 7, 1), "consent-one-month"),
        (date(2026, 11, 23), "consent-one-month"),
    ],
)
def test_the_law_changes_on_its_days(taken: date, name: str) -> None:
    assert regime_on(taken, LAW).name == name


def test_the_order_in_which_regimes_are_listed_does_not_matter() -> None:
    assert regime_on(date(2023, 3, 1), LAW[::-1]).name == "consent"


@pytest.mark.parametrize("said", Consent)
def test_under_mandatory_recording_an_identity_is_kept_whatever_was_said(said: Consent) -> None:
    assert regime_on(date(2021, 1, 1), LAW).keeps_identity(said)


@pytest.mark.parametrize("said", Consent)
def test_under_consent_only_a_yes_keeps_an_identity(said: Consent) -> None:
    assert regime_on(date(2023, 2, 1), LAW).keeps_identity(said) == (said is Consent.GIVEN)


def test_tracing_ended_with_mandatory_recording() -> None:
    assert [regime.tracing for regime in LAW] == [False, True, False, False]


def test_an_identity_is_kept_for_three_months_then_for_one() -> None:
    assert [regime.retention for regime in LAW] == [timedelta(days) for days in (0, 93, 93, 31)]


def test_the_demo_has_a_regime_of_its_own_that_counts_from_receipt() -> None:
    assert REGIMES == {"law": LAW, "demo": DEMO}
    assert regime_on(date(1999, 1, 1), DEMO).counted_from is RetentionFrom.RECEIPT
    assert not regime_on(date(2026, 1, 1), DEMO).consent
