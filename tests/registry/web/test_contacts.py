"""Calls and contacts of a case that is open: sealed before they are stored, matched by the worker, linked to the case they became."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from msgspec.structs import replace
from tests.plugins.services import break_table
from tests.registry.tracing import HUGO, INES, Tracer, case_of, come, contact, matched
from tests.registry.world import Sender

from sceau.core.audit.models import Entry
from sceau.core.codes.snomed import Result
from sceau.core.report.model import Address
from sceau.registry.cases.models import Case, CaseState
from sceau.registry.contacts import settling
from sceau.registry.contacts.models import Call, Contact
from sceau.registry.jobs.retention import TABLES
from sceau.registry.persons.models import Doubt, DoubtState, Identity


@pytest.fixture
def path(driss: Tracer, case: Case) -> str:
    """Of Hugo's case, which is Driss's."""
    driss.claims(case)
    return f"/cases/{case.pk}"


def add(driss: Tracer, path: str, **changes: str) -> Any:
    return driss.post(f"{path}/contacts", token=driss.token(path), **contact(**changes))


def test_a_call_is_noted_with_its_outcome_and_a_sealed_note(driss: Tracer, path: str, case: Case) -> None:
    token = driss.token(path)
    answered = driss.post(f"{path}/calls", token=token, outcome="call-back", note="après 18 h")
    assert "après 18 h" in answered.content.decode()
    call = Call.objects.get()
    assert (call.outcome, call.by, "après".encode() in bytes(call.note or b"")) == ("call-back", driss.name, False)
    assert "après 18 h" not in driss.get(f"{path}/").content.decode()
    assert "après 18 h" in driss.opens(path).content.decode()
    assert Entry.objects.filter(event="call-noted", subject=f"case:{case.pk}", purpose="call-back").count() == 1


def test_a_contact_is_stored_sealed_and_nobody_named(driss: Tracer, path: str) -> None:
    answered = add(driss, path)
    assert answered.status_code == 200
    one = Contact.objects.get()
    assert b"Luneville" not in bytes(one.sealed or b"")
    assert (one.setting, one.last_on) == ("household", timezone.localdate() - timedelta(days=1))
    assert "Luneville" not in answered.content.decode() + driss.get(f"{path}/").content.decode()
    assert Entry.objects.filter(event="contact-recorded", purpose=f"contact:{one.pk}").count() == 1


def test_a_contact_is_matched_by_the_worker_and_opened_with_a_touch_of_its_own(driss: Tracer, path: str) -> None:
    add(driss, path)
    one = Contact.objects.get()
    assert driss.post(f"{path}/contacts/{one.pk}/touch", purpose="call").status_code == 403
    assert matched() == 1
    page = driss.opens(f"{path}/contacts/{one.pk}")
    assert page.context["person"]["given"] == "Inès"
    driss.post(f"{path}/contacts/{one.pk}/calls", token=page.context["token"], outcome="reached", note="prévenue")
    assert Call.objects.get().contact_id == one.pk
    assert "prévenue" in driss.opens(f"{path}/contacts/{one.pk}").content.decode()
    assert Contact.objects.get().sealed is None


def test_nothing_is_written_without_the_case_open(driss: Tracer, path: str, lilas: Sender) -> None:
    other = case_of(come(lilas, INES)[0])
    driss.claims(other)
    foreign = driss.token(f"/cases/{other.pk}")
    for token in ("", "AAAA", foreign):
        assert driss.post(f"{path}/contacts", token=token, **contact()).status_code == 403
        assert driss.post(f"{path}/calls", token=token, outcome="reached", note="x").status_code == 403
    assert (Contact.objects.count(), Call.objects.count()) == (0, 0)


def test_nobody_writes_about_a_colleagues_case_or_another_territorys(driss: Tracer, elise: Tracer, path: str) -> None:
    token, yann = driss.token(path), Tracer.enrolled("yann", "69")
    assert yann.post(f"{path}/contacts", token=token, **contact()).status_code == 403
    assert elise.post(f"{path}/contacts", token=token, **contact()).status_code == 404
    assert driss.post(f"{path}/contacts", token=token, **contact()).status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"family": ""}, {"last_on": "01/01/2021"}, {"last_on": "demain"}, {"born": "14/03/2187"}, {"phone": "x"}]
)
def test_a_slip_is_told_beside_its_field(driss: Tracer, path: str, wrong: dict[str, str]) -> None:
    answered = add(driss, path, **wrong)
    assert answered.status_code == 422
    assert "aria-invalid" in answered.content.decode()
    assert not Contact.objects.exists()


def test_a_name_alone_is_enough(driss: Tracer, path: str) -> None:
    assert add(driss, path, born="", phone="", sex="", postal_code="").status_code == 200
    assert matched() == 1


def test_a_contact_who_tests_positive_later_becomes_a_case_and_both_sides_say_so(
    driss: Tracer, path: str, lilas: Sender, case: Case
) -> None:
    add(driss, path)
    matched()
    came = case_of(come(lilas, INES)[0])
    one = Contact.objects.get()
    assert one.became_id == came.pk
    assert f"devenu le cas n° {came.pk}" in driss.get(f"{path}/").content.decode()
    assert f"cas n° {case.pk}" in driss.get(f"/cases/{came.pk}/").content.decode()
    assert Entry.objects.filter(event="contact-became-case", subject=f"contact:{one.pk}", purpose=f"case:{came.pk}").count() == 1


def test_a_negative_test_a_stranger_and_the_twin_leave_the_contact_a_contact(driss: Tracer, path: str, lilas: Sender) -> None:
    add(driss, path)
    matched()
    come(lilas, INES, result=Result.NOT_DETECTED)
    come(lilas, HUGO, replace(INES, given=("Léa",), phone=None))
    assert Contact.objects.get().became_id is None


def test_a_contact_recorded_after_the_test_is_linked_when_matched(driss: Tracer, path: str, lilas: Sender) -> None:
    came = case_of(come(lilas, INES)[0])
    add(driss, path)
    matched()
    assert Contact.objects.get().became_id == came.pk


def test_a_correction_to_negative_takes_the_link_away(driss: Tracer, path: str, lilas: Sender) -> None:
    from tests.registry.tracing import of
    from tests.registry.world import corrected

    add(driss, path)
    matched()
    (report,) = come(lilas, INES)
    assert Contact.objects.get().became_id
    negative = of(INES, result=Result.NOT_DETECTED).screening
    assert negative
    lilas.arrive(corrected(report, negative, later=24 * 365 * 10))
    from tests.plugins.services import acting

    from sceau.registry.config.keyholder import keyholder
    from sceau.registry.intake.actions import take_in

    with acting("registry_worker"):
        take_in(keyholder(), limit=10, at=timezone.now())
    assert case_of(report).state == CaseState.NO_CASE
    assert Contact.objects.get().became_id is None


def test_without_a_birth_date_a_likeness_waits_for_somebody_who_looks_and_the_link_comes_with_the_answer(
    driss: Tracer, path: str, lilas: Sender
) -> None:
    add(driss, path, born="")
    matched()
    came = case_of(come(lilas, INES)[0])
    assert Contact.objects.get().became_id is None
    doubt = Doubt.objects.get(state=DoubtState.OPEN)
    token = driss.opens(f"/doubts/{doubt.pk}", "settle").context["token"]
    driss.post(f"/doubts/{doubt.pk}/settle", token=token, same="yes")
    assert Contact.objects.get().became_id == came.pk
    driss.post(f"/doubts/{doubt.pk}/undo")
    assert Contact.objects.get().became_id is None


def test_a_row_that_was_changed_is_left_without_a_person_and_keeps_no_other_waiting(driss: Tracer, path: str) -> None:
    add(driss, path)
    add(driss, path, given="Zoé")
    first = Contact.objects.order_by("recorded_at")[0]
    Contact.objects.filter(pk=first.pk).update(sealed=b"\x01" + bytes(60))
    assert matched() == 2
    assert not Identity.objects.filter(report_id=first.pk).exists()
    assert Identity.objects.filter(report_id__in=Contact.objects.values("pk")).count() == 1


def test_if_the_log_fails_no_contact_and_no_call_is_kept(driss: Tracer, path: str) -> None:
    token = driss.token(path)
    break_table("audit_entry", when="new.event in ('contact-recorded', 'call-noted')")
    driss.client.raise_request_exception = False
    assert driss.post(f"{path}/contacts", token=token, **contact()).status_code == 500
    assert driss.post(f"{path}/calls", token=token, outcome="reached").status_code == 500


def test_contacts_and_calls_end_with_the_identities_they_are_about() -> None:
    assert [table.__name__ for table in TABLES[:3]] == ["Call", "Contact", "Identity"]


def away(family: str = "LUNEVILLE") -> Any:
    home = Address(lines=("4 quai Inventé",), postal_code="69009", city="Lyon")
    return replace(HUGO, family=family, phone="+33639980177", address=home)


def test_a_doubt_is_settled_by_an_agent_who_has_both_open_and_can_be_taken_back(driss: Tracer, lilas: Sender) -> None:
    come(lilas, HUGO)
    come(lilas, away())
    doubt = Doubt.objects.get()
    listed = driss.get("/doubts/")
    assert [one.pk for one in listed.context["doubts"]] == [doubt.pk]
    assert "ouverts dans les dernières 24 heures : 1" in listed.content.decode().replace("\u202f", " ").replace("\xa0", " ")
    assert "LUNEVILLE" not in listed.content.decode()
    page = driss.opens(f"/doubts/{doubt.pk}", "settle")
    lines = {line["label"]: line for line in page.context["lines"]}
    assert (lines["Nom de naissance"]["same"], lines["Téléphone"]["same"]) == (True, False)
    driss.post(f"/doubts/{doubt.pk}/settle", token=page.context["token"], same="yes")
    assert Identity.objects.values("person_id").distinct().count() == 1
    driss.post(f"/doubts/{doubt.pk}/undo")
    assert Identity.objects.values("person_id").distinct().count() == 2
    assert Doubt.objects.get().state == DoubtState.OPEN
    told = Entry.objects.filter(subject=f"doubt:{doubt.pk}").order_by("at").values_list("event", flat=True)
    assert list(told) == ["identity-revealed", "persons-merged", "doubt-reopened"]


def test_two_who_stay_two(driss: Tracer, lilas: Sender) -> None:
    come(lilas, HUGO)
    come(lilas, away())
    doubt = Doubt.objects.get()
    token = driss.opens(f"/doubts/{doubt.pk}", "settle").context["token"]
    driss.post(f"/doubts/{doubt.pk}/settle", token=token, same="no")
    assert (Doubt.objects.get().state, Identity.objects.values("person_id").distinct().count()) == (DoubtState.DIFFERENT, 2)
    assert driss.get("/doubts/").context["count"] == 0


def test_nobody_settles_a_doubt_blindly_or_from_another_territory(driss: Tracer, elise: Tracer, lilas: Sender) -> None:
    case = case_of(come(lilas, HUGO)[0])
    come(lilas, away())
    doubt = Doubt.objects.get()
    driss.claims(case)
    for token in ("", driss.token(f"/cases/{case.pk}")):
        driss.post(f"/doubts/{doubt.pk}/settle", token=token, same="yes")
    assert Doubt.objects.get().state == DoubtState.OPEN
    assert elise.get("/doubts/").context["count"] == 0
    assert elise.post(f"/doubts/{doubt.pk}/touch").status_code == 404
    assert elise.post(f"/doubts/{doubt.pk}/settle", token="", same="yes").status_code == 404


def test_an_empty_queue_says_what_will_fill_it(driss: Tracer) -> None:
    assert "Aucun doute n’attend" in driss.get("/doubts/").content.decode()
    assert list(settling.doubts_in(("69",))) == []
