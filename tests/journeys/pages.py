"""Every page of both sites, and who reads it: what is looked at, weighed and audited page by page, with none left out."""

from typing import NamedTuple

import psycopg
from tests.rules.projects import ask

from sceau.demo.stage import Stage

ROUTES = """
import re
from django.urls import get_resolver
SAMPLES = {"uuid": "0190c0de-0000-7000-8000-000000000001", "int": "999999", "str": "x", "slug": "x", "path": "x"}

def walk(patterns, prefix="", space=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^")
        if hasattr(pattern, "url_patterns"):
            yield from walk(pattern.url_patterns, route, space + (pattern.namespace + ":" if pattern.namespace else ""))
        else:
            path = re.sub(r"<(?:(\\w+):)?\\w+>", lambda found: SAMPLES[found[1] or "str"], route)
            yield space + (pattern.name or route), "/" + re.sub(r"\\(\\?P<\\w+>[^)]*\\)", "1", path).rstrip("$")

tell(list(walk(get_resolver().url_patterns)))
"""


class Shown(NamedTuple):
    """A page by its route's name. `path` may hold `{report}`, `{member}`, `{pharmacy}`, `{kit}` and `{software}`."""

    site: str
    route: str
    path: str
    signed_in: bool = True


_ENTRANCE = (
    ("account_login", "/accounts/login/"),
    ("recover", "/accounts/recover/"),
    ("account_inactive", "/accounts/inactive/"),
)
_OWN = (
    ("mfa_index", "/accounts/2fa/"),
    ("mfa_generate_recovery_codes", "/accounts/2fa/recovery-codes/generate/"),
    ("mfa_view_recovery_codes", "/accounts/2fa/recovery-codes/"),  # once they are made: `conftest.with_codes`
    ("mfa_deactivate_totp", "/accounts/2fa/totp/deactivate/"),
    ("account_change_password", "/accounts/password/change/"),
    ("account_reauthenticate", "/accounts/reauthenticate/"),
    ("mfa_reauthenticate", "/accounts/2fa/reauthenticate/"),
    ("account_logout", "/accounts/logout/"),
    ("recovery_renew", "/accounts/recovery-code/"),
    ("design", "/design/"),
)
_COUNTER = (
    ("today", "/"),
    ("desk", "/desk/"),
    ("result", "/results/{report}/"),
    ("result_proof", "/results/{report}/proof"),
    ("import_new", "/imports/new"),
    ("export", "/export"),
    ("activity", "/activity/"),
    ("billing", "/billing/"),
    ("billing_customer", "/billing/customer"),
    ("pharmacy", "/pharmacy/"),
    ("desk_kept", "/desk/kept/"),
    ("kit_history", "/kits/{kit}/"),
    ("staff", "/staff/"),
    ("staff_leave", "/staff/{member}/leave"),
    ("checkin_poster", "/checkin/poster"),
)
PAGES = (
    *(Shown(site, *page) for site in ("counter", "registry") for page in _OWN),
    *(Shown(site, *page, signed_in=False) for site in ("counter", "registry") for page in _ENTRANCE),
    *(Shown("counter", *page) for page in _COUNTER),
    Shown("counter", "opening", "/open/", signed_in=False),
    Shown("counter", "checkin", "/checkin/{pharmacy}/", signed_in=False),
    Shown("registry", "counts", "/"),
    Shown("registry", "software_list", "/software/", signed_in=False),
    Shown("registry", "software_history", "/software/{software}/", signed_in=False),
    Shown("registry", "software_report", "/software/report", signed_in=False),
    Shown("registry", "publisher_register", "/publishers/register", signed_in=False),
    Shown("registry", "approvals", "/approvals/"),
    Shown("registry", "operations", "/operations/"),
    Shown("registry", "approval", "/approvals/{software}/"),
)

WORKING = {
    "agent": (
        Shown("registry", "cases", "/cases/"),
        Shown("registry", "doubts", "/doubts/"),
        Shown("registry", "agent_passkey", "/accounts/agent/"),
    ),
    "member": (
        Shown("registry", "agents", "/agents/"),
        Shown("registry", "agent_passkey", "/accounts/agent/"),
        Shown("registry", "mfa_index", "/accounts/2fa/"),
    ),
}
"""By who works with a passkey that the keyholder has enrolled: the pages that nobody else has."""

ELSEWHERE = frozenset({"desk_away", "case"})
"""Looked at by journeys of their own: `desk_away` is shown while the counter is away and left at the first answer, a case is opened
by a touch.
"""


def routes(site: str) -> list[tuple[str, str]]:
    """Every route's name, with an address of it that leads to nobody's row."""
    return [(name, path) for name, path in ask(site, ROUTES)]


def filled(page: Shown, stage: Stage) -> str:
    """The page's address on this stage."""
    wanted = {
        "report": "select id from screenings_screening order by recorded_at, position limit 1",
        "member": "select id from pharmacies_member where role <> 'owner' order by id limit 1",
        "kit": "select id from kits_kit order by id limit 1",
        "pharmacy": "select id from pharmacies_pharmacy order by id limit 1",
    }
    told = {name: _one(stage, question) for name, question in wanted.items() if "{" + name + "}" in page.path}
    if "{software}" in page.path:
        told["software"] = (stage.folder / "config" / "software-id").read_text()
    return stage.url(page.site) + page.path.format(**told)


def _one(stage: Stage, question: str) -> object:
    with psycopg.connect(stage.postgres.superuser_url("counter")) as connection:
        row = connection.execute(question.encode()).fetchone()
        assert row, question
        return row[0]
