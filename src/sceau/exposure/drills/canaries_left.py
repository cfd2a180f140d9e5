"""Drill 14: canaries in logs, traces, crash pages, job tables, metrics and temporary files."""

import json
import os
import tempfile
from urllib.parse import urlencode
from uuid import uuid4

import jwt

from sceau.demo.browser import Browser, Page
from sceau.demo.stage import PROCESSES, SERVICES, StageError
from sceau.exposure.drills import plainly, sessions
from sceau.exposure.drills.canaries import file_of, screening
from sceau.exposure.drills.drill import Control, Drill, Played, found
from sceau.exposure.drills.forging import ASSERTION
from sceau.exposure.drills.plain import Answer
from sceau.exposure.drills.temporary import Watch
from sceau.exposure.drills.world import World, away, hits

_JOBS = "select to_jsonb(job) from every_job job"


def play(world: World) -> Played:
    crashed, said = _crash(world)
    answers, seen = plainly.send(world)
    pages = [*world.stumbled, *crashed, *_metrics(world)]
    jobs = [json.dumps(row[0]).encode() for service in SERVICES for row in world.sql(service, _JOBS)]
    held = {**world.watch.seen, **seen, **world.watch.left()}
    shown = world.search.files(world.logs()) | hits(world.search, [page.body for page in pages], where="error page")
    shown |= hits(world.search, jobs, where="jobs") | hits(world.search, [said.encode()], where="a command that crashed")
    shown |= hits(world.search, [json.dumps(row).encode() for row in sessions.rows(world)], where="sessions")
    shown |= {hit for name, data in held.items() for hit in world.search.look(data, where=name)}
    broken = sum(page.status >= 500 for page in pages)
    told = f"{len(world.logs())} logs, {len(pages)} error pages ({broken} of crashes), {len(jobs)} jobs"
    obtained = f"{told}, {len(held)} temporary files, also of {len(answers)} plain doors: nobody"
    return Played(obtained, found(shown), [*_controls(world), _heard(answers), _present(world, broken, jobs)])


def _heard(answers: dict[str, list[Answer]]) -> Control:
    """That each door took somebody, and refused somebody in its own words; and that it was given what it could not store."""
    silent = [name for name, told in answers.items() if not any(one.taken for one in told) or all(one.taken for one in told)]
    stored = [name for name, told in answers.items() if told[-1].taken]
    return Control("each plain door took canaries, refused some and could not store one", (*silent, *stored))


def _crash(world: World) -> tuple[list[Page], str]:
    """A page that has opened everybody's rows, a request and an import, each while a table is away; gives what they showed."""
    with away(world, "counter", "imports_import"):
        pages = [world.amina.get()]
    with away(world, "registry", "approvals_software"):
        pages.append(_ask(world))
    with away(world, "counter", "screenings_screening"):
        return pages, _import(world)


def _ask(world: World) -> Page:
    """Asks the registry for a token, with a person's e-mail in the claims."""
    who, address = str(uuid4()), world.stage.url("registry")
    claims = {"iss": who, "sub": who, "aud": f"{address}/oauth/token", "email": world.canaries.persons[0].email}
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION, "client_assertion": jwt.encode(claims, who)}
    return Browser(address).send("/oauth/token", urlencode(form).encode(), content_type="application/x-www-form-urlencoded")


def _import(world: World) -> str:
    """What an import says that crashes."""
    file = world.folder / "crash.csv"
    file.write_text(file_of([screening(world.canaries.persons[0])], first=71), encoding="utf-8")
    try:
        return world.stage.run("counter", "import", str(file), "--json")
    except StageError as error:
        return str(error)
    finally:
        file.unlink()


def _metrics(world: World) -> list[Page]:
    return [Browser(world.stage.url(service)).get(path) for service in SERVICES for path in ("/metrics", "/health", "/debug")]


def _controls(world: World) -> list[Control]:
    log = world.folder / "careless.log"
    log.write_text(world.canaries.file(), encoding="utf-8")
    page = Page(500, "/", b"<pre>" + b"\n".join(world.clear) + b"</pre>")
    return [
        world.complete("a log that quotes values", world.search.files([log])),
        world.complete("a crash page that shows variables", world.shown(page)),
        world.complete(
            "a job with what it is about", hits(world.search, [json.dumps({"args": world.canaries.file()}).encode()], where="job")
        ),
        *_temporary(world),
    ]


def _temporary(world: World) -> list[Control]:
    """A file without a name, and one that is left behind, seen by the same means as the services' own."""
    watch = Watch(since=world.folder)
    with tempfile.TemporaryFile() as unnamed, tempfile.NamedTemporaryFile(prefix="careless-") as left:
        for file in (unnamed, left):
            file.write(b"\n".join(world.clear))
            file.flush()
        watch.glance(os.getpid())
        nameless = {
            hit
            for name, data in watch.seen.items()
            if "deleted" in name or "#" in name
            for hit in world.search.look(data, where=name)
        }
        behind = {hit for name, data in world.watch.left().items() for hit in world.search.look(data, where=name)}
    return [world.complete("a temporary file without a name", nameless), world.complete("a temporary file left behind", behind)]


def _present(world: World, broken: int, jobs: list[bytes]) -> Control:
    """That something went wrong and was logged, so that what is searched is not merely empty."""
    names = {log.name for log in world.logs()}
    wanted = {f"{service}-{role}.log" for service in SERVICES for role in PROCESSES[service]}
    wanted |= {"postgres.log", "registry-mllp.log"}
    silent = [
        service for service in SERVICES if '"level": "warning"' not in (world.stage.folder / f"{service}-web.log").read_text()
    ]
    return Control(
        "what is searched is there",
        (*sorted(wanted - names), *silent, *(() if broken == 2 else ("crash",)), *(() if jobs else ("jobs",))),
    )


DRILL = Drill(14, "canaries in logs, traces, crash pages, job tables, metrics, temporary files", play)
