"""How fast the audit log is verified, and what a proof of inclusion costs, on a PostgreSQL of its own.

    python benchmarks/log.py [--scale X] [--json]

At scale 1: ten million entries. The baseline of verification is counting the same rows in PostgreSQL. One JSON line a figure.
"""

import json
import os
import sys
import tempfile
import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

WHOLE = 10_000_000
_FILL = """
insert into audit_entry (id, at, event, by, subject, purpose)
select gen_random_uuid(), timestamptz '2026-11-23 09:00+00' + n * interval '1 millisecond', 'import-done',
       'user:' || n %% 1000, 'import:' || n, '' from generate_series(%s, %s) n
"""
_STEP = 10_000


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    count = max(1_000, round(WHOLE * parser.parse_args().scale))
    from sceau.demo.postgres import make_run_folder, running

    with tempfile.TemporaryDirectory(prefix="sceau-log-") as folder:
        Path(folder).chmod(0o711)
        make_run_folder(Path(folder) / "run")
        with running(Path(folder) / "run" / "postgres", durable=False) as server:
            load(server.superuser_url("postgres"))
            fill(count)
            measure(count)


def load(url: str) -> None:
    settings = {"SECRET_KEY": "benchmark", "SCEAU_INSECURE_HTTP": "1", "DATABASE_URL": url}
    os.environ |= settings | {"DJANGO_SETTINGS_MODULE": "sceau.registry.config.settings"}
    import django

    django.setup()
    from sceau.core.service import migrate

    migrate()


def fill(count: int) -> None:
    from django.db import connection
    from rich.console import Console
    from rich.progress import track

    from sceau.core.audit import tree

    for start in track(range(0, count, _STEP), description="entries", console=Console(stderr=True)):
        with connection.cursor() as cursor:
            cursor.execute(_FILL, [start, min(start + _STEP, count) - 1])
        tree.sequence()


def measure(count: int) -> None:
    from django.db import connection

    from sceau.core.audit import merkle, tree
    from sceau.core.audit.models import Leaf
    from sceau.core.audit.verify import verify

    began = time.perf_counter()
    found = verify(bytes(32), today=datetime.now(UTC).date())
    took = time.perf_counter() - began
    if found.faults or found.leaves != count:
        raise SystemExit(f"{found.leaves} of {count}: {found.faults}")
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from audit_leaf l join audit_entry e on e.id = l.entry and e.at = l.at")
    tell("log.verified", count / took, "entries/s", count / (time.perf_counter() - began))
    tell("log.verified.ten-million", WHOLE * took / count, "s", 300.0)
    index, root = count // 3, tree.hashed(0, count)
    began = time.perf_counter()
    path = merkle.inclusion(index, count, tree.hashed)
    proof = (time.perf_counter() - began) * 1e3
    if not merkle.verify_inclusion(bytes(Leaf.objects.get(number=index).digest), index, count, path, root):
        raise SystemExit("the proof does not hold")
    tell("log.inclusion", proof, "ms", 20.0)


def tell(name: str, value: float, unit: str, baseline: float) -> None:
    figure = {"name": name, "value": round(value, 2), "unit": unit, "baseline": round(baseline, 2)}
    sys.stdout.write(json.dumps(figure | {"ratio": round(value / baseline, 3)}) + "\n")


if __name__ == "__main__":
    main()
