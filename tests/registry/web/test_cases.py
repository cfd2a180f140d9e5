"""An agent's cases: those of the territory, nobody named; claimed by one; the person opened with a touch, and nobody else."""

from typing import Any

import pytest
from msgspec.structs import replace
from pytest_django import DjangoAssertNumQueries
from tests.plugins.services import break_table
from tests.registry.tracing import HUGO, INES, Tracer, answer, authority, case_of, come, decoded, signed_in
from tests.registry.world import LILAS, Sender, owner

from sceau.core.accounts import actions as accounts
from sceau.core.audit.models import Entry
from sceau.core.codes.territory import Department
from sceau.registry.agents.models import Appointment, Role
from sceau.registry.cases.models import Case

SECRETS = ("LUNEVILLE", "Luneville", "Hugo", "1987", "639980101", "Exemple")


def told(page: Any) -> str:
    text: str = page.content.decode()
    return text


def log(case: Case) -> list[tuple[str, str, str]]:
    return list(Entry.objects.filter(subject=f"case:{case.pk}").order_by("at").values_list("event", "by", "purpose"))


def test_driss_sees_the_cases_of_the_rhone_without_names_and_elise_does_not(driss: Tracer, elise: Tracer, case: Case) -> None:
    page = driss.get("/cases/")
    (row,) = page.context["rows"]
    assert (row["pk"], row["department"], row["age_class"]) == (case.pk, "69", "de 30 à 39 ans")
    assert not [secret for secret in SECRETS if secret in told(page) + told(driss.get(f"/cases/{case.pk}/"))]
    empty = elise.get("/cases/")
    assert empty.context["rows"] == []
    assert "Aucun cas n’attend" in told(empty)
    for path in ("", "claim", "touch", "open", "calls", "contacts", "finish", "release"):
        answered = elise.post(f"/cases/{case.pk}/{path}") if path else elise.get(f"/cases/{case.pk}/")
        assert answered.status_code == 404, path


def test_a_case_of_no_known_department_waits_for_whoever_has_all(lilas: Sender, driss: Tracer) -> None:
    (report,) = come(lilas, replace(HUGO, department=None, address=None))
    everywhere = Tracer.enrolled("solene", "*", role=Role.SUPERVISOR)
    assert driss.get("/cases/").context["rows"] == []
    assert [row["pk"] for row in everywhere.get("/cases/").context["rows"]] == [case_of(report).pk]


def test_one_agent_claims_a_case_and_the_second_is_told_who_did(driss: Tracer, case: Case) -> None:
    second = Tracer.enrolled("yann", "69")
    driss.claims(case)
    refused = second.client.post(f"/cases/{case.pk}/claim", follow=True)
    assert "Driss suit déjà ce cas." in told(refused)
    assert Case.objects.get().claimed_by == driss.name
    assert second.get("/cases/").context["rows"] == []
    assert [row["by"] for row in second.get("/cases/?whose=all").context["rows"]] == ["Driss"]
    second.post(f"/cases/{case.pk}/release")
    assert Case.objects.get().claimed_by == driss.name
    driss.post(f"/cases/{case.pk}/release")
    second.claims(case)
    assert Case.objects.get().claimed_by == second.name
    assert [event for event, *_ in log(case)] == ["case-claimed", "case-released", "case-claimed"]


def test_a_case_that_is_done_leaves_the_list(driss: Tracer, case: Case) -> None:
    driss.claims(case)
    driss.post(f"/cases/{case.pk}/finish")
    assert driss.get("/cases/?whose=all").context["rows"] == []
    assert Case.objects.get().done_at


def test_who_ended_a_follow_up_opens_nobody_there_any_more(driss: Tracer, case: Case) -> None:
    driss.claims(case)
    path = f"/cases/{case.pk}"
    touched = driss.touches(path)
    driss.post(f"{path}/finish")
    assert driss.post(f"{path}/touch", purpose="call").status_code == 403
    assert driss.post(f"{path}/open", purpose="call", answer=touched).status_code == 302
    assert "identity-revealed" not in [event for event, _, _ in log(case)]


def test_filters_narrow_the_list(driss: Tracer, lilas: Sender, case: Case) -> None:
    assert len(driss.get("/cases/?disease=covid-19").context["rows"]) == 1
    nothing = driss.get("/cases/?disease=rsv")
    assert nothing.context["rows"] == []
    assert "choisissez moins de critères" in told(nothing)
    assert driss.get("/cases/?whose=mine").context["rows"] == []


def test_a_touch_opens_the_person_once_and_the_log_says_what_for(driss: Tracer, case: Case) -> None:
    driss.claims(case)
    page = driss.opens(f"/cases/{case.pk}", "called")
    assert page.status_code == 200
    assert page.context["person"]["family"] == "LUNEVILLE"
    assert 'tel:+33639980101">06 39 98 01 01<' in told(page)
    assert 'data-seconds="1800"' in told(page)
    assert "no-store" in page.headers["Cache-Control"]
    assert log(case)[1:] == [("identity-revealed", driss.name, "called")]


def test_nothing_opens_without_a_touch_nor_with_one_used_before(driss: Tracer, case: Case) -> None:
    driss.claims(case)
    path = f"/cases/{case.pk}"
    assert driss.post(f"{path}/open", purpose="call", answer="").status_code == 302
    touched = driss.touches(path)
    assert driss.post(f"{path}/open", purpose="call", answer=touched).status_code == 200
    assert driss.post(f"{path}/open", purpose="call", answer=touched).status_code == 302
    assert log(case)[2:] == [("reveal-refused", driss.name, "wrong")]


def test_a_touch_for_another_case_or_purpose_opens_nothing(driss: Tracer, lilas: Sender, case: Case) -> None:
    other = case_of(come(lilas, INES)[0])
    driss.claims(case)
    driss.claims(other)
    touched = driss.touches(f"/cases/{other.pk}")
    assert driss.post(f"/cases/{case.pk}/open", purpose="call", answer=touched).status_code == 302
    touched = driss.touches(f"/cases/{case.pk}", "check")
    assert driss.post(f"/cases/{case.pk}/open", purpose="call", answer=touched).status_code == 302
    assert [purpose for event, _, purpose in log(case) if event == "reveal-refused"] == ["not-allowed", "not-allowed"]


def test_a_stale_touch_opens_nothing(driss: Tracer, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from sceau.core.keyholder import presence

    driss.claims(case)
    monkeypatch.setattr(presence, "CHALLENGE_LIVES", timedelta(0))
    stale = driss.touches(f"/cases/{case.pk}")
    assert driss.post(f"/cases/{case.pk}/open", purpose="call", answer=stale).status_code == 302
    monkeypatch.undo()


def test_another_agents_touch_opens_nothing(driss: Tracer, case: Case) -> None:
    yann = Tracer.enrolled("yann", "69")
    driss.claims(case)
    asked = driss.post(f"/cases/{case.pk}/touch", purpose="call").json()
    lent = answer(yann.passkey.touched(decoded(asked["challenge"])))
    assert driss.post(f"/cases/{case.pk}/open", purpose="call", answer=lent).status_code == 302
    assert yann.post(f"/cases/{case.pk}/touch", purpose="call").status_code == 403


def test_somebody_who_was_struck_off_opens_nothing_though_the_database_says_they_may(driss: Tracer, case: Case) -> None:
    driss.claims(case)
    touched = driss.touches(f"/cases/{case.pk}")
    authority().enrol_record(driss.passkey.record("none", ()))
    assert driss.get("/cases/").status_code == 403
    assert driss.post(f"/cases/{case.pk}/open", purpose="call", answer=touched).status_code == 403


def test_a_member_of_the_authority_a_stranger_and_an_owner_see_no_case(db: None, case: Case) -> None:
    farid = signed_in(accounts.create(email="farid@example.org", name="Farid").user)
    bruno = signed_in(owner(LILAS, "bruno@example.org"))
    for client in (farid, bruno):
        assert client.get("/cases/").status_code == 403
        assert client.post(f"/cases/{case.pk}/claim").status_code == 403


def test_one_who_is_appointed_and_not_enrolled_learns_what_is_missing(db: None, case: Case) -> None:
    user = accounts.create(email="nora@example.org", name="Nora").user
    Appointment.objects.create(user=user, role=Role.AGENT, departments="69")
    page = signed_in(user).get("/cases/")
    assert page.status_code == 403
    assert "/accounts/agent/" in told(page)


def test_an_agent_sees_no_other_page_of_the_registry(driss: Tracer) -> None:
    assert driss.get("/").headers["Location"] == "/cases/"
    assert driss.get("/agents/").status_code == 403


def test_the_thirty_first_opening_within_an_hour_is_metered(driss: Tracer, case: Case) -> None:
    driss.claims(case)
    asked = [driss.opens(f"/cases/{case.pk}").status_code for _ in range(31)]
    assert asked == [200] * 30 + [302]
    assert log(case)[-1] == ("reveal-refused", driss.name, "metered")


def test_if_the_log_fails_nothing_is_shown_or_claimed(driss: Tracer, case: Case) -> None:
    driss.claims(case)
    touched = driss.touches(f"/cases/{case.pk}")
    break_table("audit_entry", when="new.event in ('identity-revealed', 'case-released')")
    driss.client.raise_request_exception = False
    page = driss.post(f"/cases/{case.pk}/open", purpose="call", answer=touched)
    assert page.status_code == 500
    assert "LUNEVILLE" not in told(page)


def test_the_list_asks_as_much_however_many_cases_there_are(
    driss: Tracer, lilas: Sender, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    names = [replace(HUGO, family=f"CROWD{letter}", phone=None) for letter in "ABCDEFGH"]
    for people in (names[:2], names[2:]):
        for report in come(lilas, *people):
            driss.claims(case_of(report))
        with django_assert_num_queries(6):
            driss.client.get("/cases/")


def test_a_case_that_a_correction_ended_says_so(driss: Tracer, case: Case) -> None:
    Case.objects.update(state="no-case")
    assert driss.get("/cases/").context["rows"] == []
    assert "n’est plus un cas" in told(driss.get(f"/cases/{case.pk}/"))


@pytest.mark.parametrize("department", ["69", "59"])
def test_the_department_of_a_case_is_that_of_the_identity(lilas: Sender, tracing: None, department: str) -> None:
    (report,) = come(lilas, replace(HUGO, department=Department(department)))
    agent = Tracer.enrolled(f"agent{department}", department)
    one = case_of(report)
    agent.claims(one)
    assert agent.opens(f"/cases/{one.pk}").status_code == 200
