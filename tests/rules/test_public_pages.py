"""Closed by default: every address but those listed here turns strangers away, whatever the method."""

from typing import NamedTuple

import pytest
from tests.rules.projects import PROJECTS, ask

PUBLIC = {
    "counter": set(),
    "registry": set(),
}
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
      for name, path in walk(get_resolver().url_patterns) for method in ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS")])
'''
