"""Closed by default: every address but those listed here turns strangers away, whatever the method."""

from functools import cache

import pytest
from tests.rules.projects import PROJECTS, ask

SIGNING_IN = {"account_login", "account_inactive", "passkey_enter", "passkey_touch", "recover", "set_language"}
PROVIDER = ("oidc_back", "oidc_begin", "oidc_touch")
PUBLIC = {
    "counter": SIGNING_IN | {"alive", "checkin", "checkpoint", "desk_away", "desk_deposit", "desk_worker", "opening", *PROVIDER},
    "registry": SIGNING_IN
    | {
        "alive",
        "checkpoint",
        "keys",
        "bench_seen",
        "openapi",
        "publisher_register",
        "software",
        "software_history",
        "software_list",
        "software_report",
        "token",
    },
}
TURNED_AWAY = ("login", 401, 403, 405)
WALK = '''
import re
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.urls import get_resolver

class Reached(Exception):
    """The page asked the database, so that it did not turn the stranger away."""

def reached(self):
    raise Reached

BaseDatabaseWrapper.connect = reached
SAMPLES = {"uuid": "0190c0de-0000-7000-8000-000000000001", "int": "1", "str": "x", "slug": "x", "path": "x"}

def walk(patterns, prefix="", space=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^")
        if hasattr(pattern, "url_patterns"):
            yield from walk(pattern.url_patterns, route, space + (pattern.namespace + ":" if pattern.namespace else ""))
        else:
            yield space + (pattern.name or route), filled(route)

def filled(route):
    route = re.sub(r"<(?:(\\w+):)?\\w+>", lambda found: SAMPLES[found[1] or "str"], route)
    return re.sub(r"\\(\\?P<\\w+>[^)]*\\)", "1", route).rstrip("$")

def answer(path, method):
    try:
        response = Client(raise_request_exception=True).generic(method, "/" + path)
    except Reached:
        return "database"
    if response.status_code == 302:
        return "login" if response.url.startswith("/accounts/login/") else response.url
    return response.status_code

settings.ALLOWED_HOSTS = ["testserver"]
tell([(name, path, method, answer(path, method))
      for name, path in walk(get_resolver().url_patterns) for method in ("GET", "POST", "PUT", "DELETE", "HEAD")])
'''


@cache
def answers(project: str) -> dict[str, set[object]]:
    """What a stranger is answered at each address of a project, by name."""
    found: dict[str, set[object]] = {}
    for name, _path, _method, answer in ask(project, WALK):
        found.setdefault(name, set()).add(answer)
    return found


@pytest.mark.parametrize("project", PROJECTS)
def test_strangers_are_turned_away_everywhere_else(project: str) -> None:
    closed = {name: told for name, told in answers(project).items() if name not in PUBLIC[project]}
    assert closed
    assert {name: told for name, told in closed.items() if not told <= set(TURNED_AWAY)} == {}


@pytest.mark.parametrize("project", PROJECTS)
def test_the_list_names_only_pages_that_are_there_and_open(project: str) -> None:
    """The control: the walk tells an open page from a closed one."""
    told = answers(project)
    assert {name for name in told if not told[name] <= set(TURNED_AWAY)} == PUBLIC[project]
