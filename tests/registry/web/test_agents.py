"""The authority's page of agents: appointed by one member, enrolled by the touches of two; whoever leaves is locked out at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.plugins.services import acting, break_table
from tests.registry.tracing import Tracer, answer, authority, decoded, signed_in

from sceau.core.accounts import actions as accounts
from sceau.core.audit.models import Entry
from sceau.core.keyholder.agent_verbs import Agent, WhoIs
from sceau.core.keyholder.errors import KeyholderError
from sceau.demo.authenticator import Passkey
from sceau.registry.agents import actions
from sceau.registry.agents.errors import HasAnotherPart, NoPasskey
from sceau.registry.agents.models import Appointment, Role, Word
from sceau.registry.cases.models import Case
from sceau.registry.config.keyholder import keyholder


@pytest.fixture
def farid(db: None) -> Tracer:
    return Tracer.enrolled("farid", role=Role.AUTHORITY)


@pytest.fixture
def fanny(db: None) -> Tracer:
    """Farid's colleague."""
    return Tracer.enrolled("fanny", role=Role.AUTHORITY)


@pytest.fixture
def nora(db: None) -> Appointment:
    """Appointed for the Rhône, with her passkey brought."""
    return brought("nora", Role.AGENT, "69")


def brought(name: str, role: Role, departments: str) -> Appointment:
    user = accounts.create(email=f"{name}@ars.example", name=name.capitalize()).user
    record = Passkey(f"user:{user.pk}", origin="http://localhost").record(role, tuple(departments.split()))
    keys = {"credential_id": record.credential_id, "public_key": record.public_key, "brought_at": timezone.now()}
    return Appointment.objects.create(user=user, role=role, departments=departments, **keys)


def vouches(member: Tracer, one: Appointment) -> Any:
    asked = member.post(f"/agents/{one.pk}/touch")
    assert asked.status_code == 200, asked.content
    touched = answer(member.passkey.touched(decoded(asked.json()["challenge"])))
    return member.post(f"/agents/{one.pk}/vouch", answer=touched)


def known(one: Appointment) -> Agent | None:
    found: Agent | None = keyholder().ask(WhoIs(f"user:{one.pk}"))
    return found


def test_two_members_touches_enrol_an_agent(farid: Tracer, fanny: Tracer, nora: Appointment) -> None:
    vouches(farid, nora)
    assert known(nora) is None
    vouches(fanny, nora)
    agent = known(nora)
    assert agent
    assert (agent.role, agent.departments) == ("agent", ("69",))
    assert Appointment.objects.get(pk=nora.pk).enrolled_at
    told = Entry.objects.filter(subject=f"user:{nora.pk}").order_by("at").values_list("event", "by")
    assert list(told)[-3:] == [
        ("agent-vouched-for", farid.name),
        ("agent-vouched-for", fanny.name),
        ("agent-enrolled", fanny.name),
    ]


def test_one_member_twice_enrols_nobody(farid: Tracer, nora: Appointment) -> None:
    vouches(farid, nora)
    vouches(farid, nora)
    assert known(nora) is None


def test_a_word_for_another_role_or_too_long_ago_does_not_count(farid: Tracer, fanny: Tracer, nora: Appointment) -> None:
    vouches(farid, nora)
    actions.change(nora, role=Role.AGENT, departments=("69", "38"), by=farid.name, at=timezone.now())
    vouches(fanny, nora)
    assert known(nora) is None
    Word.objects.update(at=timezone.now() - actions.TOGETHER - timedelta(seconds=1))
    vouches(farid, nora)
    assert known(nora) is None


def test_words_written_into_the_database_enrol_nobody(farid: Tracer, nora: Appointment) -> None:
    vouches(farid, nora)
    word = Word.objects.get()
    other = accounts.create(email="mallory@ars.example", name="Mallory").user
    Word.objects.create(appointment=nora, member=other, digest=word.digest, assertion=word.assertion, at=word.at)
    with pytest.raises(KeyholderError):
        actions.vouch(keyholder(), nora, authority().members[0].touched(bytes(32)), member=farid.user, at=timezone.now())
    assert known(nora) is None


def test_whoever_leaves_is_locked_out_at_once_and_struck_off_by_two(farid: Tracer, fanny: Tracer) -> None:
    driss = Tracer.enrolled("driss", "69")
    Appointment.objects.filter(pk=driss.user.pk).update(
        credential_id=driss.passkey.credential_id, public_key=driss.passkey.record().public_key
    )
    one = Appointment.objects.get(pk=driss.user.pk)
    farid.post(f"/agents/{one.pk}/end")
    assert driss.get("/cases/").status_code == 302
    for member in (farid, fanny):
        vouches(member, one)
    agent = known(one)
    assert agent
    assert agent.role == "none"


def test_what_somebody_who_leaves_was_following_is_free_and_what_others_follow_is_theirs(
    farid: Tracer, driss: Tracer, case: Case
) -> None:
    """The near miss: a colleague who is still there."""
    nadia = Tracer.enrolled("nadia", "69")
    hers = Case.objects.create(disease="covid-19", department="69", opened_at=timezone.now(), state="open", claimed_by=nadia.name)
    done = Case.objects.create(
        disease="rsv", department="69", opened_at=timezone.now(), state="open", claimed_by=driss.name, done_at=timezone.now()
    )
    driss.claims(case)
    farid.post(f"/agents/{driss.user.pk}/end")
    kept = {one.pk: one.claimed_by for one in Case.objects.all()}
    assert kept == {case.pk: None, hers.pk: nadia.name, done.pk: driss.name}
    assert Entry.objects.get(event="case-released").by == farid.name
    assert nadia.claims(case).status_code == 302
    case.refresh_from_db()
    assert case.claimed_by == nadia.name


@pytest.mark.parametrize(
    ("role", "departments", "freed"), [("agent", "59", True), ("agent", "59 69", False), ("authority", "", True)]
)
def test_another_territory_frees_what_lies_outside_it(
    farid: Tracer, driss: Tracer, case: Case, role: str, departments: str, freed: bool
) -> None:
    driss.claims(case)
    farid.post(f"/agents/{driss.user.pk}/change", role=role, departments=departments)
    case.refresh_from_db()
    assert (case.claimed_by is None) is freed


def test_the_operator_founds_with_two_members_and_no_third(db: None) -> None:
    third = brought("third", Role.AUTHORITY, "")
    authority()
    with pytest.raises(KeyholderError):
        actions.found(keyholder(), third, at=timezone.now())


def test_an_invitation_is_a_sheet_shown_once(farid: Tracer) -> None:
    page = farid.post("/agents/appoint", name="Zoé", email="zoe@ars.example", role="agent", departments="69, 38")
    assert page.status_code == 200
    assert page.context["code"] in page.content.decode()
    assert Appointment.objects.order_by("-user_id")[0].departments == "69 38"
    again = farid.post("/agents/appoint", name="Zoé", email="zoe@ars.example", role="agent", departments="69")
    assert again.status_code == 422


@pytest.mark.parametrize("wrong", [{"departments": ""}, {"departments": "999"}, {"role": "none"}, {"email": "zoe"}])
def test_an_appointment_says_who_what_and_where(farid: Tracer, wrong: dict[str, str]) -> None:
    told = {"name": "Zoé", "email": "zoe@ars.example", "role": "agent", "departments": "69"} | wrong
    assert farid.post("/agents/appoint", **told).status_code == 422


def test_staff_agents_and_the_appointed_do_not_see_the_page(db: None, farid: Tracer, nora: Appointment) -> None:
    staff, driss = signed_in(accounts.create(email="s@example.org", name="S").user), Tracer.enrolled("driss", "69")
    with acting("registry_web"):
        assert staff.get("/agents/").status_code == 403
        assert driss.get("/agents/").status_code == 403
        assert signed_in(nora.user).get("/agents/").status_code == 403
        assert farid.get("/agents/").status_code == 200


def test_nobody_touches_for_themselves(farid: Tracer) -> None:
    assert farid.post(f"/agents/{farid.user.pk}/touch").status_code == 404
    assert farid.post(f"/agents/{farid.user.pk}/end").status_code == 404


def test_a_passkey_not_brought_is_not_vouched_for(farid: Tracer) -> None:
    user = accounts.create(email="n@ars.example", name="N").user
    one = Appointment.objects.create(user=user, role=Role.AGENT, departments="69")
    assert farid.post(f"/agents/{one.pk}/touch").status_code == 422
    with pytest.raises(NoPasskey):
        actions.wanted(one)


def test_the_page_asks_as_much_however_many_are_appointed(
    farid: Tracer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for more in ("a", "bcdef"):
        for name in more:
            brought(name, Role.AGENT, "69")
        with django_assert_num_queries(5):
            farid.client.get("/agents/")


def test_if_the_log_fails_nobody_is_appointed(db: None) -> None:
    break_table("audit_entry", when="new.event = 'agent-appointed'")
    with pytest.raises(Exception, match="broken for a test"):
        actions.appoint(email="z@ars.example", name="Z", role=Role.AGENT, departments=("69",), by="x", at=timezone.now())
    assert not Appointment.objects.exists()


def test_an_owner_is_not_appointed_and_somebody_of_the_staff_keeps_the_account(db: None) -> None:
    from tests.registry.world import LILAS, owner

    owner(LILAS, "bruno@example.org")
    accounts.create(email="farid@example.org", name="Farid")
    told = {"name": "X", "role": Role.AUTHORITY, "by": "operator", "at": timezone.now()}
    with pytest.raises(HasAnotherPart):
        actions.appoint(email="bruno@example.org", **told)  # type: ignore[arg-type]
    assert actions.appoint(email="farid@example.org", **told) is None  # type: ignore[arg-type]


def test_the_passkey_page_is_of_whoever_was_appointed(client: Client, nora: Appointment, farid: Tracer) -> None:
    assert "Lisez-leur son empreinte" in signed_in(nora.user).get("/accounts/agent/").content.decode()
    staff = signed_in(accounts.create(email="s@example.org", name="S").user)
    assert staff.get("/accounts/agent/").status_code == 404
    assert staff.post("/accounts/agent/options", {"password": "x"}).status_code == 404
    assert signed_in(nora.user).post("/accounts/agent/options", {"password": "wrong"}).status_code == 400
    assert signed_in(nora.user).post("/accounts/agent/bring", {"answer": "{}"}).status_code == 400


def test_who_was_appointed_finds_that_page_from_their_sign_in_and_others_do_not(
    db: None, nora: Appointment, farid: Tracer
) -> None:
    link = 'href="/accounts/agent/"'
    staff = signed_in(accounts.create(email="s@example.org", name="S").user)
    shown = [link in one.get("/accounts/2fa/").content.decode() for one in (signed_in(nora.user), farid.client, staff)]
    assert shown == [True, True, False]
