"""What the supervisor promises about its children: kept, restarted, ended, and never outliving it."""

import http.server
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sceau.demo import processes, tied
from sceau.demo.child import Child
from sceau.demo.processes import ChildFailed, NotReady, Supervisor, free_port, port_or_another

FOREVER = "import signal; print('up', flush=True); signal.pause()"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"


def python(name: str, code: str, folder: Path) -> Child:
    return Child(name=name, argv=[sys.executable, "-I", "-S", "-c", code], log=folder / f"{name}.log")


def wait_until_gone(pidfd: int, *, deadline: float = 15.0) -> None:
    """Blocks until the process of a pidfd has ended; such a descriptor cannot come to mean another process."""
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    assert poll.poll(deadline * 1000), "the process is still there"
    os.close(pidfd)


def says(supervisor: Supervisor, child: Child, text: str) -> None:
    supervisor.wait_for(lambda: child.log.exists() and text in child.log.read_text(), what=text)


def keep(supervisor: Supervisor, child: Child, *, until: str = "") -> None:
    """Starts a child and waits: for a page, or for as long as all is well."""
    supervisor.start(child)
    supervisor.wait_http(until) if until else supervisor.wait()


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    with Supervisor(deadline=5.0) as running:
        yield running


def test_a_child_runs_under_the_pid_it_is_given_and_writes_to_a_log_of_its_owner_only(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    child = python("one", "import os, signal; print(os.getpid(), flush=True); signal.pause()", tmp_path)
    pid = supervisor.start(child)
    says(supervisor, child, str(pid))
    assert supervisor.pid("one") == pid
    assert child.log.stat().st_mode & 0o777 == 0o600


def test_a_child_gets_the_environment_it_is_given_and_no_more(supervisor: Supervisor, tmp_path: Path) -> None:
    argv = [sys.executable, "-I", "-S", "-c", "import os, signal; print(sorted(os.environ), flush=True); signal.pause()"]
    child = Child(name="bare", argv=argv, log=tmp_path / "bare.log", env={"ONLY": "this", "LC_ALL": "C"})
    supervisor.start(child)
    says(supervisor, child, "['LC_ALL', 'ONLY']")


def test_a_killed_child_comes_back_under_another_pid(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(python("one", FOREVER, tmp_path))
    killed = supervisor.kill("one", signal.SIGKILL)
    assert supervisor.restarted("one", since=killed) != killed


def test_a_child_killed_on_purpose_again_and_again_is_not_given_up(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "LONGEST_DELAY", 0.01)
    supervisor.start(python("one", FOREVER, tmp_path))
    for _ in range(processes.TOO_OFTEN + 1):
        supervisor.restarted("one", since=supervisor.kill("one"))
    supervisor.check()


def test_what_a_dead_child_leaves_in_its_group_is_ended_too(supervisor: Supervisor, tmp_path: Path) -> None:
    code = "import os, signal; pid = os.fork(); pid and print('has', pid, flush=True); signal.pause()"
    child = python("parent", code, tmp_path)
    supervisor.start(child)
    says(supervisor, child, "\n")
    orphan = os.pidfd_open(int(child.log.read_text().split()[1]))
    supervisor.kill("parent", signal.SIGKILL)
    wait_until_gone(orphan)


def test_a_child_that_dies_at_once_again_and_again_is_given_up_with_the_end_of_its_log(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "LONGEST_DELAY", 0.01)
    child = python("broken", "print('no such setting: COLOUR'); raise SystemExit(3)", tmp_path)
    with pytest.raises(ChildFailed, match=r"(?s)broken died 5 times at once.*status 3.*no such setting: COLOUR"):
        keep(supervisor, child)
    assert child.log.read_text().count("COLOUR") == processes.TOO_OFTEN


def test_waiting_for_a_page_stops_when_a_child_is_given_up(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "TOO_OFTEN", 1)
    with pytest.raises(ChildFailed):
        keep(supervisor, python("broken", "raise SystemExit(3)", tmp_path), until=f"http://127.0.0.1:{free_port()}/")


def test_a_child_that_cannot_be_started_is_an_error_at_once(supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match="cannot be started"):
        supervisor.start(python("lost", FOREVER, tmp_path / "no such folder"))


def test_a_name_is_taken_until_its_child_is_ended(supervisor: Supervisor, tmp_path: Path) -> None:
    child = python("one", FOREVER, tmp_path)
    first = supervisor.start(child)
    with pytest.raises(ValueError, match="one: already started"):
        supervisor.start(child)
    supervisor.end("one")
    assert supervisor.start(child) != first


def test_a_child_between_two_lives_has_no_pid(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(python("one", FOREVER, tmp_path))
    supervisor._kept["one"].delay = 60.0
    supervisor.kill("one")

    def has_a_pid() -> bool:
        return supervisor.pid("one") > 0

    with pytest.raises(NotReady, match="one is not running"):
        supervisor.wait_for(lambda: not has_a_pid(), what="its death")


def test_stop_ends_the_last_started_first(tmp_path: Path) -> None:
    record = tmp_path / "order"
    code = (
        "import signal, sys\n"
        "def leave(*_):\n"
        f"    open({str(record)!r}, 'a').write(sys.argv[1]); sys.exit()\n"
        "signal.signal(signal.SIGTERM, leave); print('up', flush=True); signal.pause()"
    )
    with Supervisor() as supervisor:
        for name in "abc":
            child = Child(name=name, argv=[sys.executable, "-I", "-S", "-c", code, name], log=tmp_path / f"{name}.log")
            supervisor.start(child)
            says(supervisor, child, "up")
    assert record.read_text() == "cba"


def test_a_child_deaf_to_sigterm_is_killed_after_the_deadline(tmp_path: Path) -> None:
    child = python("deaf", DEAF, tmp_path)
    with Supervisor(deadline=0.05) as supervisor:
        pidfd = os.pidfd_open(supervisor.start(child))
        says(supervisor, child, "deaf")
    wait_until_gone(pidfd, deadline=0)


def test_a_frozen_child_still_ends(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        child = python("frozen", FOREVER, tmp_path)
        pidfd = os.pidfd_open(supervisor.start(child))
        says(supervisor, child, "up")
        supervisor.kill("frozen", signal.SIGSTOP)
    wait_until_gone(pidfd, deadline=0)


def test_stopping_twice_is_stopping_once_and_nothing_starts_afterwards(tmp_path: Path) -> None:
    supervisor = Supervisor()
    supervisor.stop()
    supervisor.stop()
    with pytest.raises(ValueError, match="has stopped"):
        supervisor.start(python("late", FOREVER, tmp_path))


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/ready" else 503)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the test's output is pytest's."""


@pytest.fixture
def site() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", free_port()), Page) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_page_that_answers_is_ready(supervisor: Supervisor, site: str) -> None:
    supervisor.wait_http(f"{site}/ready")


def test_a_page_that_fails_or_does_not_answer_is_named_when_the_time_is_over(supervisor: Supervisor, site: str) -> None:
    with pytest.raises(NotReady, match=f"{site}/broken: not ready after 0.05 s"):
        supervisor.wait_http(f"{site}/broken", deadline=0.05)
    nobody_there = f"http://127.0.0.1:{free_port()}/"
    with pytest.raises(NotReady, match=nobody_there):
        supervisor.wait_http(nobody_there, deadline=0.05)


def test_a_free_port_can_be_bound_and_lies_below_the_ephemeral_ones() -> None:
    port = free_port()
    with socket.socket() as mine:
        mine.bind(("127.0.0.1", port))
    lowest_ephemeral = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert 1024 <= port < max(lowest_ephemeral, 32_768)


PARENT = """
import signal
import sys
from pathlib import Path
from sceau.demo.child import Child
from sceau.demo.processes import Supervisor, exit_on_signals
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would go on ignoring it
exit_on_signals()
with Supervisor() as supervisor:
    argv = [sys.executable, "-I", "-S", "-c", {forever!r}]
    print(*(supervisor.start(Child(name=each, argv=argv, log=Path({folder!r}) / each)) for each in "ab"), flush=True)
    supervisor.wait()
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGKILL, -9), (signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_children_end_with_the_process_that_started_them(tmp_path: Path, number: signal.Signals, status: int) -> None:
    code = PARENT.format(forever=FOREVER, folder=str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pidfds = [os.pidfd_open(int(pid)) for pid in parent.stdout.readline().split()]
        parent.send_signal(number)
        assert parent.wait(15) == status
    assert len(pidfds) == 2
    for pidfd in pidfds:
        wait_until_gone(pidfd)


def test_a_child_hears_the_signals_its_parent_ignores(tmp_path: Path) -> None:
    code = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + PARENT.replace("exit_on_signals()\n", "").format(
        forever=FOREVER, folder=str(tmp_path)
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pidfds = [os.pidfd_open(int(pid)) for pid in parent.stdout.readline().split()]
        parent.kill()
    for pidfd in pidfds:
        wait_until_gone(pidfd)


def test_a_command_whose_parent_is_already_gone_does_not_run() -> None:
    argv = tied.command([sys.executable, "-c", "print('ran')"], account=None, at_death=signal.SIGTERM)
    stranger = [*argv[:4], "1", *argv[5:]]
    done = subprocess.run(stranger, capture_output=True, check=False)
    assert done.returncode != 0
    assert done.stdout == b""


def test_a_command_that_does_not_exist_is_named() -> None:
    argv = tied.command(["/no/such/program"], account=None, at_death=signal.SIGTERM)
    done = subprocess.run(argv, capture_output=True, check=False)
    assert (done.returncode, b"cannot run /no/such/program" in done.stderr) == (127, True)


def test_a_port_in_use_is_left_to_its_user() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = taken.getsockname()[1]
        assert port_or_another(busy) != busy
    free = free_port()
    assert port_or_another(free) == free
