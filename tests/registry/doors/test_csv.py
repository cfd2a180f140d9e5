"""`POST /csv`: each row that is refused is named, with its column and the fix."""

from tests.registry.doors.conftest import Knock
from tests.registry.doors.plain import CSV, TABLE, outcomes

from sceau.core.keyholder.clients import RegistryClient
from sceau.registry.submissions.models import Submission


def test_the_sample_is_taken_but_for_the_rows_that_are_wrong(knock: Knock, keys: RegistryClient) -> None:
    told = knock("/csv", TABLE, CSV).json()
    assert (told["rows"], told["taken"], len(told["refused"])) == (20, 18, 2)
    assert all(one["problems"][0]["where"] and one["problems"][0]["text"] for one in told["refused"])
    assert sum(outcomes(keys).values()) == 18
    kept = Submission.objects.get()
    assert (str(kept.id), kept.rows, kept.refused) == (told["submission"], 20, [one["row"] for one in told["refused"]])
    assert sum(kept.reasons.values()) == sum(len(one["problems"]) for one in told["refused"])


def test_a_table_of_no_dialect_is_refused_with_the_columns_it_lacks(knock: Knock) -> None:
    response = knock("/csv", b"name;result\nx;y\n", CSV)
    told = response.json()
    assert (response.status_code, told["submission"], told["refused"][0]["row"]) == (422, None, 0)
    assert "column-missing" in {one["trouble"] for one in told["refused"][0]["problems"]}
