"""How fast a month is invoiced: the ledger of its tests, then an invoice for each pharmacy, on a PostgreSQL of its own.

    python benchmarks/invoices.py [--scale X] [--json]

At scale 1: 200 pharmacies with 500 tests each. The baseline of the ledger is counting the same rows in PostgreSQL; that of invoices is
WeasyPrint alone, making the same pages without XML, rules, file and transaction. One JSON line a figure.
"""

import json
import os
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

PHARMACIES, TESTS = 200, 500
MONTH, AT = date(2026, 11, 1), datetime(2026, 12, 1, 5, tzinfo=UTC)
ISSUER = {
    "BILLING_NAME": "Sceau",
    "BILLING_SIRET": "90000000100017",
    "BILLING_VAT_NUMBER": "FR68900000001",
    "BILLING_STREET": "1 rue du Sceau",
    "BILLING_POSTCODE": "75001",
    "BILLING_CITY": "PARIS",
    "BILLING_IBAN": "FR7630006000011234567890189",
}
_FILL = (
    "insert into pharmacies_pharmacy (id, finess, name, time_zone)"
    " select gen_random_uuid(), lpad(n::text, 9, '0'), 'Pharmacie ' || n, 'Europe/Paris' from generate_series(1, {pharmacies}) n",
    "insert into billing_customer (pharmacy_id, name, siret, vat_number, street, postcode, city, endpoint)"
    " select id, name, '50000000500016', '', '1 rue des Lilas', '75020', 'PARIS', '500000005' from pharmacies_pharmacy",
    "insert into relay_envelope (id, pharmacy_id, day, created_at, reports, sealed_key, state, attempts, next_attempt_at,"
    " acknowledged_at, flaw) select gen_random_uuid(), id, '2026-11-20', '2026-11-20', {tests}, '', 'acknowledged', 0,"
    " '2026-11-20', '2026-11-20', ''"
    " from pharmacies_pharmacy",
    "insert into screenings_screening"
    " (id, pharmacy_id, day, recorded_at, envelope_id, position, outcome, undone, corrected, void, sealed)"
    " select gen_random_uuid(), pharmacy_id, day, created_at, id, n, 'recorded', false, false, false, ''"
    " from relay_envelope, generate_series(1, {tests}) n",
    "analyze",
)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    count = max(2, round(PHARMACIES * parser.parse_args().scale))
    from sceau.demo.postgres import make_run_folder, running

    with tempfile.TemporaryDirectory(prefix="sceau-invoices-") as folder:
        Path(folder).chmod(0o711)
        make_run_folder(Path(folder) / "run")
        with running(Path(folder) / "run" / "postgres", durable=True) as server:
            load(server.superuser_url("postgres"))
            fill(count)
            measure(count)


def load(url: str) -> None:
    settings = {"SECRET_KEY": "benchmark", "SCEAU_INSECURE_HTTP": "1", "DATABASE_URL": url}
    os.environ |= settings | ISSUER | {"DJANGO_SETTINGS_MODULE": "sceau.counter.config.settings"}
    import django

    django.setup()
    from sceau.core.service import migrate

    migrate()


def fill(count: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in _FILL:
            cursor.execute(statement.format(pharmacies=count, tests=TESTS))


def measure(count: int) -> None:
    from sceau.counter.billing import issuing, ledger

    tests = count * TESTS
    counting = timed(counted)
    tell("ledger", tests / timed(ledger.accrue), "tests/s", baseline=tests / counting)
    pages(1)
    page = timed(lambda: pages(20)) / 20
    seconds = timed(lambda: issued(issuing.run(MONTH, at=AT), count))
    tell("invoices", count / seconds, "invoices/s", baseline=1 / page)
    tell("invoice", 1_000 * seconds / count, "ms", baseline=1_000 * page)


def issued(ran: object, count: int) -> None:
    if len(getattr(ran, "issued", ())) != count:
        raise SystemExit(f"not every pharmacy was invoiced: {getattr(ran, 'failed', ())[:1]}")


def counted() -> None:
    from sceau.counter.screenings.models import Screening

    Screening._default_manager.filter(outcome="recorded", envelope__acknowledged_at__isnull=False).count()


def pages(count: int) -> None:
    """The same page as in an invoice, so often."""
    from datetime import timedelta
    from decimal import Decimal

    from django.utils import translation

    from sceau.counter.billing import pdf
    from sceau.counter.billing.document import Document, Issuer, Kind, Line, Vat
    from sceau.counter.billing.issuer import issuer
    from sceau.counter.billing.models import Customer

    party = Customer._default_manager.all()[0].party
    told = Issuer(issuer().party, issuer().iban, Vat(Decimal(20)), timedelta(days=30))
    document = Document(Kind.INVOICE, "2026-00001", AT.date(), MONTH, told, party, "750123457", (Line(TESTS, 100),))
    with translation.override("fr"):
        for _ in range(count):
            pdf.page(document)


def timed(act: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def tell(name: str, value: float, unit: str, *, baseline: float) -> None:
    told = {
        "name": name,
        "value": round(value, 1),
        "unit": unit,
        "baseline": round(baseline, 1),
        "ratio": round(value / baseline, 2),
    }
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
