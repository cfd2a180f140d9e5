"""Once, in either order, and taken back: what statements about one screening make of each other across the wire."""

from datetime import datetime
from typing import Any

from tests.wire.rows import later, row, rows
from tests.wire.wire import Wire


def standings(wire: Wire, series: str) -> list[str]:
    """The standing of each report of an import, by the names of its file's rows."""
    found = wire.ask("counter", "select id from screenings_screening where source_id = %s order by position", series)
    ids = [report for (report,) in found]
    told = dict(wire.ask("registry", "select id, standing from results_report where id = any(%s)", ids))
    return [told[report] for report in ids]


def cases(wire: Wire, source: str) -> list[str]:
    found = [report for (report,) in wire.ask("counter", "select id from screenings_screening where source_id = %s", source)]
    return [state for (state,) in wire.ask("registry", "select state from cases_case where report_id = any(%s)", found)]


def imports(wire: Wire) -> list[dict[str, Any]]:
    """The latest first."""
    told: list[dict[str, Any]] = wire.stage.tell("counter", "counter", "imports", "--finess", "750123457")["imports"]
    return told


def test_a_file_given_twice_leaves_nothing_new_at_the_registry(wire: Wire) -> None:
    file = wire.file("twice", rows(6, series="twice"))
    assert wire.give(file).outcomes == ["recorded"] * 6
    reports, envelopes = wire.count("registry", "results_report"), wire.count("registry", "intake_inboxenvelope")
    assert wire.give(file).outcomes == ["duplicate"] * 6
    assert wire.count("registry", "results_report") == reports
    assert wire.count("registry", "intake_inboxenvelope") == envelopes


def test_the_same_rows_among_others_in_another_file_are_duplicates_and_the_others_are_recorded(wire: Wire) -> None:
    assert wire.give(wire.file("some", rows(2, series="some"))).outcomes == ["recorded"] * 2
    assert wire.give(wire.file("more", rows(3, series="some"))).outcomes == ["duplicate", "duplicate", "recorded"]


def test_a_correction_that_comes_before_its_original_stands(wire: Wire) -> None:
    corrected = later(0, "corrigé", series="early", resultat_covid_19="non détecté")
    assert wire.give(wire.file("corrected", [corrected])).outcomes == ["amended"]
    correction = imports(wire)[0]["id"]
    assert wire.give(wire.file("original", [row(0, series="early")])).outcomes == ["amended"]
    original = imports(wire)[0]["id"]
    assert standings(wire, correction) == ["current"]
    assert standings(wire, original) == ["superseded"]
    assert cases(wire, original) == ["no-case"]


def test_an_original_whose_cancellation_came_first_is_born_cancelled_and_another_is_not(wire: Wire) -> None:
    assert wire.give(wire.file("cancellation", [later(0, "annulé", series="void")])).outcomes == ["cancelled"]
    told = wire.give(wire.file("cancelled", [row(0, series="void"), row(3, series="void")]))
    assert told.outcomes == ["cancelled", "recorded"]
    source = imports(wire)[0]["id"]
    assert standings(wire, source) == ["cancelled", "current"]
    assert sorted(cases(wire, source)) == ["no-case", "open"]


def test_an_import_undone_is_cancelled_at_the_registry_and_given_again_makes_new_reports(wire: Wire) -> None:
    file = wire.file("undone", rows(7, series="undone"))
    assert wire.give(file).counts == {"recorded": 7}
    listed = imports(wire)[0]
    assert (listed["state"], listed["rows"], listed["taken"]) == ("done", 7, 7)
    assert datetime.fromisoformat(listed["at"]).tzinfo is not None
    assert cases(wire, listed["id"]) == ["open"] * 3
    assert wire.stage.tell("counter", "counter", "undo", listed["id"]) == {"id": listed["id"], "cancelled": 7}
    wire.until(lambda: standings(wire, listed["id"]) == ["cancelled"] * 7, what="the cancellations")
    assert cases(wire, listed["id"]) == ["no-case"] * 3
    assert imports(wire)[0]["state"] == "undone"
    assert wire.give(file).counts == {"recorded": 7}
    again = imports(wire)[0]["id"]
    assert standings(wire, again) == ["current"] * 7
    assert cases(wire, again) == ["open"] * 3
    assert wire.stage.tell("counter", "counter", "undo", listed["id"])["cancelled"] == 0


def test_undoing_an_import_that_there_is_not_changes_nothing(wire: Wire) -> None:
    before = wire.count("counter", "screenings_screening", "undone")
    assert wire.stage.run("counter", "counter", "undo", "019a0000-0000-7000-8000-000000000000", check=False) == ""
    assert wire.count("counter", "screenings_screening", "undone") == before
