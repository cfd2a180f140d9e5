"""`sceau demo`, kept up: everybody whom it names can work, and Ctrl-C ends all of it."""

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from importlib.resources import files
from pathlib import Path
from threading import Timer
from typing import NamedTuple

import pytest
from benchmarks.spent import family
from tests.wire.wire import COMMAND, DEADLINE

from sceau.demo.authenticator import Passkey
from sceau.demo.authority import bring
from sceau.demo.browser import Browser
from sceau.demo.commands import COUNTER
from sceau.demo.processes import Supervisor

LAST, LONGEST = "Ctrl-C ends everything", 120.0
WIDE = {**os.environ, "COLUMNS": "200"}
SAMPLES = Path(str(files("sceau.demo.samples")))
_PERSON = re.compile(
    r"^(counter|registry)  (\S+)  (\w+).*\n  sign in   (\S+)  (\S+)\n  one-time code   \S+ totp (\S+)$", re.MULTILINE
)


class Up(NamedTuple):
    """A demo that is up, and all that it printed."""

    process: "subprocess.Popen[str]"
    text: str

    def signed_in(self, name: str) -> tuple[Browser, str]:
        """One of those whom it names, and the password."""
        told = {found[2]: found for found in _PERSON.findall(self.text)}
        _, url, _, email, password, seed = told[name]
        browser = Browser(url)
        browser.sign_in(email, password, seed)
        return browser, password

    @property
    def folder(self) -> Path:
        found = re.search(r"sceau laboratory (\S+) FILE", self.text)
        assert found, self.text
        return Path(found[1])


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    """Something listens at the counter's usual port, whoever it is, so that another is taken."""
    argv = [*COMMAND, "demo"]
    with listener(COUNTER), subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=WIDE, preexec_fn=heeds) as process:
        try:
            yield Up(process, printed(process))
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=LONGEST)


def heeds() -> None:
    """Ctrl-C, also where these tests run in the background, which would be inherited."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def listener(port: int) -> AbstractContextManager[object]:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError:
        return nullcontext()


def printed(process: "subprocess.Popen[str]") -> str:
    """All that it prints until it says how to end it; what takes too long is ended."""
    assert process.stdout
    timer = Timer(2 * LONGEST, process.kill)
    timer.start()
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith(LAST):
            break
    timer.cancel()
    assert lines[-1:] == [line for line in lines if line.startswith(LAST)], "".join(lines)
    return "".join(lines)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Amina", "/desk/"),
        ("Bruno", "/activity/"),
        ("Farid", "/approvals/"),
        ("Gaëlle", "/products/"),
        ("Odile", "/operations/"),
    ],
)
def test_everybody_who_is_named_comes_to_their_page(up: Up, name: str, path: str) -> None:
    browser, _ = up.signed_in(name)
    page = browser.get(path)
    assert (page.status, page.path) == (200, path)


def test_a_port_that_is_taken_is_left_alone(up: Up) -> None:
    assert f"localhost:{COUNTER} " not in up.text


def test_an_agent_who_brings_a_passkey_is_vouched_for_and_sees_cases(up: Up) -> None:
    browser, password = up.signed_in("Driss")
    assert browser.get("/cases/").status == 403
    url = next(found[1] for found in _PERSON.findall(up.text) if found[2] == "Driss")
    bring(browser, Passkey("Driss", origin=url), password=password)
    with Supervisor() as nobody:
        nobody.wait_for(lambda: browser.get("/cases/").status == 200, what="Farah and Félix vouch", deadline=DEADLINE)


def test_the_laboratory_has_sent_each_form_and_sends_what_it_is_given(up: Up) -> None:
    assert "laboratoire.json 200, laboratoire.hl7 200, laboratoire.csv 200, by MLLP again 2 AA" in up.text
    assert '"severity":"information"' in sent(up, SAMPLES / "laboratoire.json")
    assert sent(up, SAMPLES / "laboratoire.hl7", "--mllp").count("MSA|AA|") == 2
    assert "file-unknown" in sent(up, Path(__file__))


def sent(up: Up, *words: str | Path) -> str:
    argv = [*COMMAND, "laboratory", str(up.folder), *map(str, words)]
    return subprocess.run(argv, capture_output=True, text=True, timeout=LONGEST, check=True).stdout


def test_a_bench_answers_beside_them(up: Up) -> None:
    found = re.search(r"the bench is (\S+)", up.text)
    assert found
    assert Browser(found[1]).get("/health").status == 200


def test_ctrl_c_ends_every_process_and_leaves_no_folder(up: Up) -> None:
    mine = list(family(up.process.pid))
    assert len(mine) > 10
    up.process.send_signal(signal.SIGINT)
    up.process.communicate(timeout=LONGEST)
    assert [pid for pid in mine if Path(f"/proc/{pid}").exists()] == []
    assert not up.folder.parent.exists()
