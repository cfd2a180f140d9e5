"""One service for one pytest process: an embedded PostgreSQL and the environment its settings read, before Django loads.

A conftest calls `use(…)` when it is imported. Two Django projects cannot share a process, so the second call is refused.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import django
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connection
from psycopg import sql
from tests.core.keyholder.world import approving

from sceau.core.keyholder import registry
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.run import Setting, answering
from sceau.core.keyholder.server import serving
from sceau.core.keyholder.store import Store
from sceau.core.keyholder.unlock import Unlock
from sceau.core.keyholder.verbs import QUESTIONS
from sceau.core.sealing import slots
from sceau.demo.postgres import make_run_folder, running

SOFTWARE = "0190c0de-0000-7000-8000-000000000002"
_ROOM = 256 * 1024 * 1024
_stack = ExitStack()


def use(service: str) -> None:
    """Makes this process a test of `counter` or `registry`; what it started ends with the process."""
    settings = f"sceau.{service}.config.settings"
    if os.environ.get("DJANGO_SETTINGS_MODULE", settings) != settings:
        raise pytest.UsageError("two services cannot be tested in one process: run scripts/test.sh")
    if service in _used:
        return
    _used.append(service)
    slots.PASSES, slots.KIB = 1, 8  # hundreds of accounts; tests/vectors/slots and the journeys pay what Argon2 really costs
    atexit.register(_stack.close)
    folder = Path(_stack.enter_context(tempfile.TemporaryDirectory(prefix=f"sceau-{service}-")))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    os.environ |= _environment(service, folder) | {"DJANGO_SETTINGS_MODULE": settings, "DATABASE_URL": _database(service, folder)}
    django.setup()


_used: list[str] = []


def _database(service: str, folder: Path) -> str:
    """The address of a server that lasts as long as this process, with the roles that the service's processes have."""
    place = folder / "run"
    make_run_folder(place)
    server = _stack.enter_context(running(place / "postgres", durable=False))
    for process in ("web", "worker", *(("doors",) if service == "registry" else ())):
        server.create_role(f"{service}_{process}", "unused-by-tests")
    return server.superuser_url(service)


def keyholder(service: str, folder: Path) -> Path:
    """A keyholder of `service` in threads of this process; gives the folder of its sockets. Its operator's socket understands
    everything, so that one process can play all; and it takes the tests' dates, whatever the day.
    """
    registry.SKEW = timedelta.max
    unlock, regime = Unlock(os.urandom(32)), "demo" if service == "counter" else "law"
    state, sockets = _quick_folder() / f"{service}-keyholder", folder / f"{service}-sockets"
    Store.create(state, unlock.key)
    QUESTIONS[service]["operator"] = tuple({one: None for asked in QUESTIONS[service].values() for one in asked})
    handlers = _stack.enter_context(answering(state, unlock, Setting(service, regime), lambda: datetime.now(UTC)))
    _stack.enter_context(serving(service, sockets, handlers))
    return sockets


def _quick_folder() -> Path:
    """In memory where there is room, since a keyholder has each of its many small files on the disk before it answers."""
    memory = Path("/dev/shm")  # noqa: S108 - not the folder of all: one of its own within
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > _ROOM
    return Path(_stack.enter_context(tempfile.TemporaryDirectory(prefix="sceau-", dir=memory if roomy else None)))


def _environment(service: str, folder: Path) -> dict[str, str]:
    """The service's own keyholder; the counter's tests have the registry's beside it, to play the registry."""
    sockets = keyholder("registry", folder)
    own = sockets if service == "registry" else keyholder(service, folder)
    operator = RegistryClient(sockets / "operator.sock")
    operator.ask(approving(UUID(SOFTWARE)))
    encoded, root = operator.keys()
    (folder / "registry-keys.json").write_bytes(encoded)
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "software.pem").write_bytes(pem)
    return {
        "SECRET_KEY": "only-for-tests",
        "SCEAU_INSECURE_HTTP": "1",
        "ALLOWED_HOSTS": "localhost,testserver",
        "PUBLIC_URL": "http://localhost",
        "KEYHOLDER": str(own / "operator.sock"),
        "REGISTRY_URL": "http://localhost",
        "REGISTRY_ROOT": root.hex(),
        "REGISTRY_KEYS": str(folder / "registry-keys.json"),
        "REGISTRY_SOCKETS": str(sockets),
        "SOFTWARE_ID": SOFTWARE,
        "SOFTWARE_KEY": str(folder / "software.pem"),
    }


@contextmanager
def acting(role: str) -> Iterator[None]:
    """With the rights of one process's database role, as granted, instead of the owner's."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("reset role")


def break_table(table: str, *, event: str = "insert", when: str = "true", error: str = "check_violation") -> None:
    """From now on, in this test's transaction, each such write to the table fails with that error of PostgreSQL's."""
    raising = f"raise 'broken for a test' using errcode = '{error}';"
    function = f"create function pg_temp.broken() returns trigger language plpgsql as $$ begin {raising} end $$"
    trigger = f"create trigger broken before {event} on {table} for each row when ({when}) execute function pg_temp.broken()"
    with connection.cursor() as cursor:
        cursor.execute(function)
        cursor.execute(trigger)


def mend_table(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"drop trigger broken on {table}")
