"""Running one Django service's processes: web server, worker, migrations. Knows no service by name."""

import gc
import logging
import os
import sys
from types import TracebackType

import django
from django.core.management import call_command

from sceau.core.priority import step_back


def load(service: str, settings: str = "settings") -> None:
    """Makes this process one of `counter` or `registry`; `settings` is a module of its `config`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"sceau.{service}.config.{settings}")
    django.setup()
    sys.excepthook = _uncaught


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody caught goes to the log like the rest, by its type and place: its text may quote somebody's data."""
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("sceau").critical("uncaught", exc_info=(kind, error, trace))


def serve(service: str, *, port: int, threads: int = 4, workers: int = 1, program: str = "config") -> None:
    """The web server, on loopback; a proxy with TLS stands before it. `program` is the package of the service that has `wsgi`."""
    from granian import Granian
    from granian.constants import Interfaces

    target = f"sceau.{service}.{program}.wsgi:application"
    Granian(
        target,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        log_access=False,
    ).serve()


def collect_seldom() -> None:
    """For a process that makes many objects which all go with their batch: to look for cycles among them every 700 objects took a
    fifth of the intake's time. What is loaded by now is never looked at again.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    from django.utils import timezone

    from sceau.core.audit import schema

    schema.make_ahead(timezone.now().date())


def work() -> None:
    """The worker: one job at a time, behind whoever answers calls; looks for scheduled jobs every second."""
    step_back()
    collect_seldom()
    call_command("procrastinate", "worker", "--concurrency=1", "--fetch-job-polling-interval=1", "--delete-jobs=successful")
