"""Drill 28: a superuser who writes. Each act is refused, noticed, or without effect; `obtained` says which."""

from uuid import uuid4

from sceau.demo.browser import Browser
from sceau.demo.stage import FINESS, SERVICES
from sceau.exposure.drills import edited, sessions, slipped_in
from sceau.exposure.drills.canaries import file_of, newcomer, screening
from sceau.exposure.drills.drill import Control, Drill, Finding, Played, must
from sceau.exposure.drills.forging import Forger
from sceau.exposure.drills.world import World

_KEY = "select public_key from pharmacies_pharmacy where finess = %s"
_SWAP = "update pharmacies_pharmacy set public_key = %s where finess = %s"
_USER = """insert into accounts_user (email_token, sealed, is_active, public_key, stamp)
values (%s, 'Mallory', true, %s, %s) returning id"""
_FACTOR = "insert into mfa_authenticator (type, data, user_id, created_at) values ('totp', '{\"secret\": \"\"}', %s, now())"
_MEMBER = """insert into pharmacies_member (pharmacy_id, user_id, role, endorsement)
select id, %s, 'owner', '' from pharmacies_pharmacy where finess = %s"""
_CAME_IN = "select count(*) from intake_inboxenvelope where software_id = %s"
_STOPPED = "select count(*) from relay_envelope where state = 'stopped'"
_ACKNOWLEDGED = "select id from relay_envelope where state = 'acknowledged' and problem is null order by created_at limit 1"


def play(world: World) -> Played:
    edit_findings, edit_controls = edited.play(world)
    forger = Forger.approve(world)
    refused, insider = forger.sends(world), Forger.insider(world, forger.seed)
    beside, unsigned = Forger.beside(world, insider.software).sends(world), insider.sends(world)
    taken, key_findings = _swap_key(world, insider)
    [(came_in,)] = world.sql("registry", _CAME_IN, forger.software)
    slipped = slipped_in.states(world)
    counts, user_findings = _users(world)
    believed, answer_findings = _acknowledgement(world)
    findings = [
        *edit_findings,
        *must(refused == "assertion-refused", f"a product that approved itself signs in: {refused}"),
        *must(beside == "assertion-refused", f"a key written beside those of approved software signs in: {beside}"),
        *must(unsigned == "bad-envelope", f"a report that the pharmacy did not sign, by approved software: {unsigned}"),
        *key_findings,
        *must(slipped == ["set-aside"] * 2, f"envelopes written into the inbox: {slipped}"),
        *must(not came_in, "an envelope of a product that approved itself"),
        *user_findings,
        *answer_findings,
    ]
    obtained = (
        "approval and key inserted: without effect, the keyholder knows neither and signs no token; "
        "pharmacy's key swapped: noticed, its own next envelope is refused and its page says so "
        "(what is forged by approved software is taken in until then); "
        "envelopes written into the inbox: without effect, they bear no door's stamp; "
        "user, membership and session inserted: without effect, the session holds no key; "
        "acknowledgement edited: refused by the counter, its signature is wrong; "
        f"rows in clear edited, {len(edited.EDITS)} ways: each noticed by `sceau audit verify`"
    )
    controls = [
        *edit_controls,
        Control("a key that was approved signs in", () if unsigned == "bad-envelope" else (unsigned,)),
        Control("an envelope under the swapped key is well formed", () if taken == "" else (taken,)),
        Control("the true acknowledgement is believed", () if believed else ("the outcomes",)),
        Control("an inserted session is taken for its user's", () if counts else ("the registry's counts",)),
    ]
    return Played(obtained, findings, controls)


def _swap_key(world: World, forger: Forger) -> tuple[str, list[Finding]]:
    """What the registry answers to the forger now; and whether the pharmacy learns of it by its own next envelope."""
    [(true,)] = world.sql("registry", _KEY, FINESS)
    world.sql("registry", _SWAP, forger.public, FINESS)
    try:
        taken = forger.sends(world)
        world.import_(file_of([screening(newcomer())], first=90))
        [(stopped,)] = world.sql("counter", _STOPPED)
        page = world.amina.get()
    finally:
        world.sql("registry", _SWAP, true, FINESS)
    told = stopped == 1 and b"/requeue" in page.body
    return taken, must(told, "a swapped key of a pharmacy, which nobody notices")


def _users(world: World) -> tuple[bool, list[Finding]]:
    """Users with sessions of their own making, at both sites, and a true member's session; whether one was taken for its user's."""
    intruders = {service: _user(world, service) for service in SERVICES}
    world.sql("counter", _MEMBER, intruders["counter"], FINESS)
    [(member,)] = world.sql("counter", "select min(user_id) from pharmacies_member where user_id <> %s", intruders["counter"])
    forged = [("counter", intruders["counter"]), ("counter", member), ("registry", intruders["registry"])]
    pages = [
        Browser.with_stolen(world.stage.url(service), sessions.forge(world, service, user)).get() for service, user in forged
    ]
    shown = sorted(hit for page in pages for hit in world.shown(page))
    opened = pages[-1].status == 200 and pages[-1].path == "/"
    return opened, [Finding(f"{hit.person}: {hit.field}", "a page for an inserted user") for hit in shown]


def _user(world: World, service: str) -> int:
    [(user,)] = world.sql(service, _USER, uuid4().bytes * 2, b"\0" * 1216, uuid4().hex)
    world.sql(service, _FACTOR, user)
    return int(user)


def _acknowledgement(world: World) -> tuple[bool, list[Finding]]:
    """The registry's answer edited, and the counter made to ask again: it must not believe it, and then believe the true one."""
    [(envelope,)] = world.sql("counter", _ACKNOWLEDGED)
    [(true,)] = world.sql("registry", "select outcomes from intake_inboxenvelope where id = %s", envelope)
    world.sql("registry", "update intake_inboxenvelope set outcomes = %s where id = %s", ["refused"] * len(true), envelope)
    world.sql("counter", "update screenings_screening set outcome = '' where envelope_id = %s", envelope)
    world.sql("counter", "update relay_envelope set state = 'received', next_attempt_at = now() where id = %s", envelope)
    asked = world.import_(file_of([screening(newcomer())], first=91))
    doubted = _outcomes(world, envelope)
    world.sql("registry", "update intake_inboxenvelope set outcomes = %s where id = %s", true, envelope)
    world.import_(file_of([screening(newcomer())], first=92))
    believed = "" not in _outcomes(world, envelope)
    return believed, must(asked == ["recorded"] and doubted == {""}, "an edited acknowledgement, believed")


def _outcomes(world: World, envelope: object) -> set[str]:
    return {
        outcome
        for (outcome,) in world.sql("counter", "select outcome from screenings_screening where envelope_id = %s", envelope)
    }


DRILL = Drill(28, "superuser who writes: key, user, session, approval, acknowledgement", play)
