"""Drill 1: somebody takes everything that both databases store, as superuser, with the server's files and every log.

Canary persons came in through the front door and each fared differently; somebody looked at them; somebody else asked for
what there is not. Nothing of theirs may be found. The same search over an unsealed copy, taken by the same means, finds all.
"""

import base64
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import msgspec
import psycopg
import pytest
from tests.drills.canaries import PERSONS, file, reports

from sceau.core.totp import code
from sceau.demo.postgres import make_run_folder
from sceau.demo.processes import Supervisor
from sceau.demo.stage import FINESS, SERVICES, Stage
from sceau.exposure.drills.search import Search

CANARIES = [canary for person in PERSONS for canary in person.canaries()]
EVERY_FIELD = {(canary.person, canary.field) for canary in CANARIES}
SEARCH = Search(CANARIES)
UNSEALED = "unsealed"
KEEP_JOBS = """
create table every_job as select * from procrastinate_jobs where false;
create function keep_job() returns trigger security definer language plpgsql as
    'begin insert into public.every_job select new.*; return new; end';
create trigger keep_job after insert on procrastinate_jobs for each row execute function keep_job();
"""
HUGO_IN_JSON = msgspec.json.encode(reports()[0], enc_hook=str)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """Both services, after a day's work on the canary persons. PostgreSQL's own user must be able to pass the folder."""
    with TemporaryDirectory(prefix="sceau-") as name, Supervisor() as supervisor:
        stage = Stage(make_run_folder(Path(name) / "stage"), supervisor)
        Path(name).chmod(0o711)
        stage.start()
        for service in SERVICES:
            _run(stage, service, KEEP_JOBS)
        _import(stage)
        _look(stage)
        _stumble(stage)
        _flush(stage)
        yield stage


def _import(stage: Stage) -> None:
    told = stage.folder / "canaries.csv"
    told.write_text(file(), encoding="utf-8")
    answer = stage.run("counter", "import", str(told), "--finess", FINESS, "--wait", "--json", check=False)
    told.unlink()
    outcomes = Counter(row["outcome"] for row in json.loads(answer)["rows"])
    assert outcomes == {"recorded": 2, "amended": 2, "refused": 1, "cancelled": 2}, answer


def _look(stage: Stage) -> None:
    """Amina signs in and reads the day's page: the names are on it, and her session is kept."""
    browser, url = build_opener(HTTPCookieProcessor(CookieJar())), stage.url("counter")
    who = stage.tell("counter", "counter", "user", "amina@lilas.example", "Amina", role="owner")
    _post(browser, f"{url}/accounts/login/", login=who["email"], password=who["password"])
    _post(browser, f"{url}/accounts/2fa/authenticate/", code=code(who["totp_secret"]))
    page = browser.open(url).read().decode()
    assert {person.name for person in PERSONS if person.family.upper() in page} == {person.name for person in PERSONS}


def _post(browser: OpenerDirector, url: str, **fields: str) -> None:
    page = browser.open(url).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    browser.open(url, urlencode(fields | {"csrfmiddlewaretoken": token[1]}).encode())


def _stumble(stage: Stage) -> None:
    """Requests that go wrong with a name in them: pages that are not there, bodies that cannot be read."""
    for service in SERVICES:
        for person in PERSONS:
            assert _status(f"{stage.url(service)}/patients/{quote(person.family)}?born={person.birth_date}") == 404
    for path in ("oauth/token", "v1/envelopes", "v1/pharmacies"):
        assert _status(f"{stage.url('registry')}/{path}", body=HUGO_IN_JSON) in (400, 401, 415)


def _status(url: str, *, body: bytes | None = None) -> int:
    try:
        return int(build_opener().open(url, body).status)
    except HTTPError as error:
        with error:
            return error.code


def _flush(stage: Stage) -> None:
    """Everything that the server holds in memory goes to its files."""
    _run(stage, "postgres", "CHECKPOINT")


def _run(stage: Stage, database: str, statement: str, *values: object) -> list[tuple[object, ...]]:
    with psycopg.connect(stage.postgres.superuser_url(database), autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), values or None)
        return cursor.fetchall() if cursor.description else []


def _logs(stage: Stage) -> list[Path]:
    return [*sorted(stage.folder.glob("*.log")), stage.postgres.log]


def test_the_canaries_came_in(stage: Stage) -> None:
    """What is searched holds their reports: sealed at the counter, counted at the registry, but for the refused one.

    Cancellations and corrections are statements too; identities are kept whatever the consent under the demo's regime.
    """
    assert _run(stage, "counter", "select count(*) from screenings_screening") == [(7,)]
    assert _run(stage, "registry", "select count(*) from results_report") == [(6,)]
    assert _run(stage, "registry", "select count(*) from persons_identity") == [(5,)]


@pytest.mark.parametrize("service", SERVICES)
def test_a_dump_shows_nobody(stage: Stage, service: str) -> None:
    assert sorted(SEARCH.dump(stage.postgres.dump(service), where=service)) == []


def test_the_server_s_files_show_nobody(stage: Stage) -> None:
    """Tables, indexes and the write-ahead log, as they lie on disk."""
    assert sorted(SEARCH.files([stage.postgres.folder / "data"])) == []


def test_the_logs_show_nobody(stage: Stage) -> None:
    logs = _logs(stage)
    assert {"counter-web.log", "counter-worker.log", "registry-web.log", "registry-worker.log", "postgres.log"} == {
        log.name for log in logs
    }
    assert sorted(SEARCH.files(logs)) == []


def test_what_went_wrong_is_in_the_logs_without_the_names(stage: Stage) -> None:
    """The refused requests left their mark, so that the logs searched are not merely empty."""
    for service in SERVICES:
        warnings = (stage.folder / f"{service}-web.log").read_text().count('"level": "warning"')
        assert warnings >= len(PERSONS)


@pytest.mark.parametrize("service", SERVICES)
def test_jobs_show_nobody(stage: Stage, service: str) -> None:
    """Jobs are deleted when they are done: a trigger kept what each was queued with."""
    jobs = [row[0] for row in _run(stage, service, "select to_jsonb(job) from every_job job")]
    assert jobs
    assert sorted(SEARCH.look(json.dumps(jobs).encode(), where="jobs")) == []


def test_sessions_show_nobody_once_unpacked(stage: Stage) -> None:
    """Django's sessions are signed, not sealed: base64, compressed when long."""
    rows = [str(row[0]) for row in _run(stage, "counter", "select session_data from django_session")]
    assert rows
    unpacked = b"\n".join(map(_unpacked, rows))
    assert b"_auth_user_id" in unpacked
    assert sorted(SEARCH.look(unpacked, where="django_session")) == []


def _unpacked(session: str) -> bytes:
    payload = session.lstrip(".").partition(":")[0]
    data = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    return zlib.decompress(data) if session.startswith(".") else data


@pytest.fixture(scope="module")
def unsealed(stage: Stage) -> Stage:
    """The control: the same reports in clear, in a table of a database of their own on the same server."""
    _run(stage, "postgres", f"create database {UNSEALED}")
    _run(stage, UNSEALED, "create table report (id serial, clear text, bytes bytea)")
    for one in reports():
        clear = msgspec.json.encode(one, enc_hook=str)
        _run(stage, UNSEALED, "insert into report (clear, bytes) values (%s, %s)", clear.decode(), clear)
    _flush(stage)
    return stage


def test_the_same_search_finds_every_canary_in_an_unsealed_dump(unsealed: Stage) -> None:
    hits = SEARCH.dump(unsealed.postgres.dump(UNSEALED), where=UNSEALED)
    assert {(hit.person, hit.field) for hit in hits} == EVERY_FIELD
    assert {(hit.person, hit.field) for hit in hits if hit.where.endswith("binary columns")} == EVERY_FIELD


def test_the_same_search_finds_every_canary_in_the_files_of_an_unsealed_table(unsealed: Stage) -> None:
    data = unsealed.postgres.folder / "data"
    [(table,)] = _run(unsealed, UNSEALED, "select pg_relation_filepath('report')")
    for part in (str(table), "pg_wal"):
        assert {(hit.person, hit.field) for hit in SEARCH.files([data / part])} == EVERY_FIELD


def test_the_same_search_finds_every_canary_in_a_log_that_quotes_values(unsealed: Stage) -> None:
    log = unsealed.folder / "careless.log"
    log.write_text(file(), encoding="utf-8")
    assert {(hit.person, hit.field) for hit in SEARCH.files([log])} == EVERY_FIELD
