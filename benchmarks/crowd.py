"""A crowd of invented persons at a registry of its own, sealed and indexed as the intake does, and batches of people who come.

Person `n` is always the same; in every thousand there are twins, households and namesakes. Never a file of real people.
"""

import os
import random
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Self
from uuid import UUID

import msgspec
from benchmarks import names

from sceau.core.codes.territory import department_of
from sceau.core.keyholder.clients import RegistryClient
from sceau.core.keyholder.ingest import identity_place
from sceau.core.keyholder.run import Setting, answering
from sceau.core.keyholder.server import serving
from sceau.core.keyholder.shapes import SealedAt
from sceau.core.keyholder.store import Store
from sceau.core.keyholder.tokens import Blinder
from sceau.core.keyholder.traits import traits
from sceau.core.keyholder.unlock import Unlock
from sceau.core.report.model import Address, Patient, Sex
from sceau.core.sealing.seal import RowSealer

if TYPE_CHECKING:
    from sceau.registry.persons.matching import Arrival

_CHUNK = 20_000
KNOWN = 3  # one in so many has been there already
_POSTAL = tuple(f"{department:02}{town:03}" for department in range(1, 96) if department != 20 for town in range(0, 1000, 20))


def person(number: int) -> Patient:
    """The invented person of that number; three in a row are of one home, each with a name of their own, and in each tenth home two are
    twins.
    """
    dice, home = random.Random(number), random.Random(number // 3)
    family = names.family(home)
    postal, house = home.choice(_POSTAL), home.randrange(1, 200)
    given, twin = _three(home)[number % 3], number % 30 == 1
    born = date(1930, 1, 1) + timedelta(days=(random.Random(number - 1) if twin else dice).randrange(90 * 365))
    return Patient(
        family=family.upper(),
        given=(given.capitalize(),),
        birth_date=born,
        sex=dice.choice((Sex.FEMALE, Sex.MALE)),
        phone=f"+336399{dice.randrange(100_000):05}" if dice.random() < 0.8 else None,
        address=Address(
            lines=(f"{house} rue {names.family(home)}",), postal_code=postal, city=names.family(random.Random(postal))
        ),
        department=department_of(postal),
    )


def _three(home: random.Random) -> list[str]:
    """Given names of one home, each another."""
    found: dict[str, None] = {}
    while len(found) < 3:
        found[names.given(home)] = None
    return list(found)


class Crowd:
    """`count` persons stored, the keyholder answering in a process of its own. A context."""

    def __init__(self, folder: Path, count: int) -> None:
        self._folder, self.count, self._stack = folder, count, ExitStack()
        self._day, self._dice = datetime.now(UTC).date(), random.Random(7)

    def __enter__(self) -> Self:
        store = self._keys()
        self._sealer = RowSealer(store.ensure(f"days/{self._day.isoformat()}"))
        month = self._day.isoformat()[:7]
        self._blinder = Blinder({month: store.ensure(f"index/{month}")})
        self._serve()
        self._database()
        self._fill()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def coming(self, count: int) -> list["Arrival"]:
        """So many people, as the keyholder gives them to the intake."""
        numbers = [self._dice.randrange(self.count) if nth % KNOWN == 0 else self.count + nth for nth in range(count)]
        self.count += count
        return [self.sealed(number, 1) for number in numbers]

    def meet(self, arrivals: Sequence["Arrival"]) -> None:
        """One batch of the intake: found, compared and kept."""
        from django.db import transaction

        from sceau.registry.persons import actions
        from sceau.registry.persons.matching import match

        with transaction.atomic():
            matched = match(arrivals, RegistryClient(self._folder / "sockets" / "worker.sock"))
            actions.store(arrivals, matched, at=datetime.now(UTC))

    def _keys(self) -> Store:
        self._unlock = Unlock(os.urandom(32))
        return Store.create(self._folder / "state", self._unlock.key)

    def _serve(self) -> None:
        process = get_context("fork").Process(target=_keyholder, args=(self._folder, self._unlock), daemon=True)
        process.start()
        self._stack.callback(process.join)
        self._stack.callback(process.terminate)

    def _database(self) -> None:
        from sceau.demo.postgres import make_run_folder, running

        make_run_folder(self._folder / "run")
        server = self._stack.enter_context(running(self._folder / "run" / "postgres", durable=True))
        settings = {"SECRET_KEY": "benchmark", "SCEAU_INSECURE_HTTP": "1", "DATABASE_URL": server.superuser_url("postgres")}
        os.environ |= settings | {"DJANGO_SETTINGS_MODULE": "sceau.registry.config.settings"}
        import django

        django.setup()
        from sceau.core.service import migrate

        migrate()

    def _fill(self) -> None:
        """By a process a core. The indexes are made when all are there, as a restore does."""
        from django.db import connection

        indexes = _dropped_indexes()
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined] # not in the stubs; a fork must not share it
        chunks = [range(start, min(start + _CHUNK, self.count)) for start in range(0, self.count, _CHUNK)]
        with get_context("fork").Pool(os.cpu_count(), _born, (self,)) as pool:
            for _ in pool.imap_unordered(_filled, chunks):
                pass
        with connection.cursor() as cursor:
            for definition in indexes:
                cursor.execute(definition)
            cursor.execute("vacuum analyze persons_identity")

    def sealed(self, number: int, visit: int) -> "Arrival":
        from sceau.registry.persons.matching import Arrival  # Django is not set up when this module is read

        who, report = person(number), UUID(int=(visit + 1) * 2**80 + number * 4096 + self._dice.randrange(4096))
        place = identity_place(report, who.department or "", self._day)
        sealed = self._sealer.seal(msgspec.json.encode(who, enc_hook=str), place)
        return Arrival(SealedAt(report, who.department or "", self._day, sealed), self._blinder.tokens(traits(who)))


def _dropped_indexes() -> list[str]:
    """Drops all but the key; gives what makes them again."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select indexname, indexdef from pg_indexes where tablename = 'persons_identity' and indexname not like '%pkey'"
        )
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'drop index "{name}"')
    return [definition for _, definition in found]


_of: list[Crowd] = []


def _born(crowd: Crowd) -> None:
    """In a process of the pool, which has the crowd by its fork."""
    _of.append(crowd)


def _filled(numbers: range) -> None:
    from sceau.core.bulk import copy
    from sceau.registry.persons.actions import COLUMNS, row
    from sceau.registry.persons.models import Identity

    (crowd,) = _of
    copy(Identity, COLUMNS, (row(crowd.sealed(number, 0), UUID(int=2**100 + number)) for number in numbers))


def _keyholder(folder: Path, unlock: Unlock) -> None:
    """In a process of its own, until it is ended."""
    setting = Setting("registry", "demo")
    with (
        answering(folder / "state", unlock, setting, lambda: datetime.now(UTC)) as handlers,
        serving("registry", folder / "sockets", handlers),
    ):
        get_context("fork").Event().wait()
