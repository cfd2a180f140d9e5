"""For whom what the operator enters is entered: a name is anybody's, an account is somebody's."""

import pytest
from tests.registry.world import gaelle

from sceau.registry.approvals.models import Publisher
from sceau.registry.approvals.publishers import named

pytestmark = pytest.mark.django_db


def test_a_product_entered_under_a_name_is_not_theirs_who_registered_under_it() -> None:
    squatter = gaelle("Sceau", "somebody@logiciels.example").publishes.publisher
    assert named("Sceau") != squatter
    assert named("Sceau") == named("Sceau")
    assert Publisher.objects.filter(name="Sceau").count() == 2


def test_it_is_theirs_whose_account_is_named() -> None:
    user = gaelle("Sceau", "gaelle@sceau.example")
    gaelle("Sceau", "somebody@logiciels.example")
    assert named("Sceau", account="gaelle@sceau.example") == user.publishes.publisher


@pytest.mark.parametrize("account", ["gaelle@autre.example", "nobody@sceau.example"], ids=["of another firm", "nobody"])
def test_an_account_that_does_not_speak_for_the_firm_is_refused(account: str) -> None:
    gaelle("Un autre", "gaelle@autre.example")
    with pytest.raises(LookupError):
        named("Sceau", account=account)
