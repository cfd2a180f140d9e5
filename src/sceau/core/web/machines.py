"""Addresses for machines, answered without what only pages need: sessions, cookies, people.

Each does its own signing in (a bearer token, or none because anybody may read it). Every other address goes to the pages' handler.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from csp.utils import build_policy
from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string

Start = Callable[..., Any]
Handler = Callable[[HttpRequest], HttpResponse]


class MachineHandler(WSGIHandler):
    """Django's handler behind `MACHINES_MIDDLEWARE`; none of those has a hook of its own for views, templates or errors."""

    def load_middleware(self, is_async: bool = False) -> None:
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        handler: Any = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined] # not in the stubs
        for path in reversed(settings.MACHINES_MIDDLEWARE):
            handler = convert_exception_to_response(import_string(path)(handler))
        self._middleware_chain = handler


def content_policy(get_response: Handler) -> Handler:
    """The pages' content security policy, put together once: no answer to a machine has a nonce or a policy of its own."""
    policy = build_policy()

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Content-Security-Policy"] = policy
        return response

    return answer


def language(get_response: Handler) -> Handler:
    """Django's `LocaleMiddleware` without its search for a language in the address: no address of ours has one."""

    def answer(request: HttpRequest) -> HttpResponse:
        asked = translation.get_language_from_request(request)
        translation.activate(asked)
        response = get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", asked)
        return response

    return answer


class Dispatch:
    """A WSGI application: `machines` are the paths that `MachineHandler` answers, all others are `pages`'s."""

    def __init__(self, pages: WSGIHandler, machines: Collection[str]) -> None:
        self._pages, self._paths, self._machines = pages, frozenset(machines), MachineHandler()

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        handler = self._machines if environ.get("PATH_INFO") in self._paths else self._pages
        return handler(environ, start_response)
