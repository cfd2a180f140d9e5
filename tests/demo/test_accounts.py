"""Each process of the demo runs as a user of its own where it can, and reaches what it needs, and no more, there."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sceau.demo import given, tied
from sceau.demo.accounts import FIRST, ROLES, SERVICES, Accounts, Separation

AS_ROOT = os.geteuid() == 0
STRANGER = tied.Account(FIRST + 99, FIRST + 99)


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that everybody may pass through."""
    with TemporaryDirectory(prefix="sceau-accounts-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def run(account: tied.Account | None, *argv: str, descriptors: tuple[int, ...] = ()) -> subprocess.CompletedProcess[bytes]:
    command = tied.command(argv, account=account, at_death=signal.SIGTERM)
    return subprocess.run(command, capture_output=True, check=False, pass_fds=descriptors)


def test_root_gives_every_process_another_user_and_anybody_else_says_why_not() -> None:
    accounts = Accounts()
    users = {account.uid for service in SERVICES for role in ROLES if (account := accounts.of(service, role))}
    assert len(users) == (len(SERVICES) * len(ROLES) if AS_ROOT else 0)
    assert bool(accounts.separation.lacking) is not AS_ROOT


def test_where_it_cannot_be_nobody_gets_another_user(folder: Path) -> None:
    accounts = Accounts()
    accounts.__dict__["separation"] = Separation("only root may")
    assert accounts.of("counter", "web") is None
    assert accounts.give(folder, to=("counter", "web"), mode=0o700).stat().st_uid == os.geteuid()


def test_each_runs_this_program_as_itself() -> None:
    for role in ROLES:
        account = Accounts().of("registry", role)
        told = run(account, sys.executable, "-c", "import os, sceau.cli; print(os.getuid(), os.getgid())")
        expected = (account.uid, account.gid) if account else (os.getuid(), os.getgid())
        assert told.stdout.decode().split() == [str(each) for each in expected], told.stderr


def test_what_is_given_is_that_users_alone(folder: Path) -> None:
    accounts, file = Accounts(), folder / "software.pem"
    file.touch()
    accounts.give(file, to=("counter", "worker"), mode=0o440)
    readers = {role for role in ROLES if not run(accounts.of("counter", role), "/bin/cat", str(file)).returncode}
    assert readers == ({"worker", "web", "owner"} if AS_ROOT else set(ROLES))


def test_a_file_that_is_the_callers_alone_is_read_under_its_own_name_and_copied_to_no_disk(folder: Path) -> None:
    closed = folder / "home"
    closed.mkdir(mode=0o700)
    (closed / "résultats.csv").write_text("LUNEVILLE")
    account = STRANGER if AS_ROOT else None
    with given.readable([closed / "résultats.csv", folder / "missing.csv"], by=account) as ((name, missing), descriptors):
        told = run(account, "/bin/cat", name, descriptors=tuple(descriptors))
        assert (told.stdout, Path(name).name, missing) == (b"LUNEVILLE", "résultats.csv", str(folder / "missing.csv"))
        assert not AS_ROOT or os.readlink(name).startswith("/proc/self/fd/")


def test_a_way_is_opened_through_a_closed_folder_for_that_command_alone(folder: Path) -> None:
    if not AS_ROOT:
        return
    closed = folder / "home"
    (closed / "python").mkdir(parents=True)
    (closed / "python" / "code").write_text("code")
    (closed / "diary").write_text("LUNEVILLE")
    closed.chmod(0o700)
    account = STRANGER._replace(closed=(str(closed),), ways=(str(closed / "python"),))
    assert run(account, "/bin/cat", str(closed / "python" / "code")).stdout == b"code"
    assert run(account, "/bin/cat", str(closed / "diary")).returncode != 0
    assert run(STRANGER, "/bin/cat", str(closed / "python" / "code")).returncode != 0
    assert sorted(each.name for each in closed.iterdir()) == ["diary", "python"]
