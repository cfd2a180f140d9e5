"""A scripted browser: signs in by the front door, as a person does; or comes with stolen cookies and nothing else."""

import re
from collections.abc import Mapping
from http.cookiejar import CookieJar
from typing import NamedTuple, Self
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from sceau.core.totp import code

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


class Page(NamedTuple):
    """What came back, after redirections; `path` is where they led."""

    status: int
    path: str
    body: bytes


class Browser:
    """One client of the site at `url`, with cookies of its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._jar = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._jar))

    @classmethod
    def with_stolen(cls, url: str, cookies: Mapping[str, str]) -> Self:
        """Another client, at another place, that sends these cookies at first and then what it is given."""
        browser = cls(url)
        browser._opener.addheaders.append(("Cookie", "; ".join(f"{name}={value}" for name, value in cookies.items())))
        return browser

    def get(self, path: str = "/") -> Page:
        return self._open(Request(self._url + path))  # noqa: S310 - the stage's own address

    def send(self, path: str, body: bytes, **headers: str) -> Page:
        """A POST as a program makes it: no form, no token."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._open(Request(self._url + path, body, named))  # noqa: S310 - the stage's own address

    def post(self, path: str, **fields: str) -> Page:
        """Fills in the form of that page; `LookupError` if there is none."""
        return self.post_to(path, form=path, **fields)

    def post_to(self, path: str, *, form: str, **fields: str) -> Page:
        """As a script of the page `form` does."""
        token = _TOKEN.search(self.get(form).body)
        if token is None:
            raise LookupError(f"no form at {form}")
        return self.send(path, urlencode(fields | {"csrfmiddlewaretoken": token[1].decode()}).encode())

    def sign_in(self, email: str, password: str, totp_secret: str) -> None:
        self.post("/accounts/login/", login=email, password=password)
        asked, typed = "/accounts/2fa/authenticate/", code(totp_secret)
        if self.post(asked, code=typed).path == asked and code(totp_secret) != typed:  # its half minute ended on the way
            self.post(asked, code=code(totp_secret))

    def sign_out(self) -> None:
        self.post("/accounts/logout/")

    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self._jar}

    def _open(self, request: Request) -> Page:
        try:
            with self._opener.open(request) as answer:
                return Page(answer.status, urlsplit(answer.url).path, answer.read())
        except HTTPError as error:
            with error:
                return Page(error.code, urlsplit(error.url).path, error.read())
