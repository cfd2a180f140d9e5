"""Our own counter at the conformance bench: a sandbox registry in processes of its own, which judges by what arrives at its doors."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from tests.wire.rows import Row, row
from tests.wire.wire import Wire

from sceau.core.codes.loinc import ASSAYS, Disease
from sceau.core.codes.snomed import Result, SpecimenType
from sceau.core.report.csv.template import RESULTS
from sceau.core.report.model import Sex
from sceau.demo.accounts import SANDBOX
from sceau.demo.browser import Browser
from sceau.demo.processes import Supervisor
from sceau.demo.stage import Stage

CONNECT = Path(__file__).parents[2] / "docs" / "how-to" / "connect.py"
WORDS = {Result.DETECTED: "détecté", Result.NOT_DETECTED: "non détecté", Result.INCONCLUSIVE: "indéterminé"}
TABLES = ("intake_inboxenvelope", "results_report", "persons_identity", "bench_call", "bench_arrival")


@pytest.fixture(scope="module")
def bench() -> Iterator[Wire]:
    """A registry and its sandbox; the counter knows the sandbox alone."""
    folder = Path(tempfile.mkdtemp(prefix="sceau-bench-"))
    folder.chmod(0o711)
    (folder / "files").mkdir()
    with Supervisor() as supervisor:
        stage = Stage(folder, supervisor, bench=True)
        stage.sends_to = SANDBOX
        stage.start()
        yield Wire(stage, folder / "files")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def gaelle(bench: Wire) -> Browser:
    """Who speaks for the publisher of the counter's software, signed in at the registry."""
    stage = bench.stage
    who = ("gaelle@sceau.example", "Gaëlle", "--firm", "Sceau")
    told = stage.tell("registry", "registry", "publisher", *who, role="owner")
    bench.ask("registry", "update approvals_member set publisher_id = (select publisher_id from approvals_software)")
    browser = Browser(stage.url("registry"))
    browser.sign_in(told["email"], told["password"], told["totp_secret"])
    return browser


def stamp(minutes: int) -> str:
    """So long ago, as the template writes times."""
    return (datetime.now(ZoneInfo("Europe/Paris")) - timedelta(minutes=minutes)).strftime("%d/%m/%Y %H:%M")


def about(name: str, **changes: str) -> Row:
    """What the bench asks to be sent about one of its persons."""
    from sceau.registry.bench.scenarios import PERSONS

    one = PERSONS[name]
    results = {RESULTS[disease_of(code)]: WORDS[result] for code, result in one.results}
    told = {
        "numero_dossier": name,
        "nom_naissance": one.family,
        "prenoms_naissance": one.given,
        "date_naissance": one.born.strftime("%d/%m/%Y"),
        "sexe": "F" if one.sex is Sex.FEMALE else "M",
        "prelevement_type": "gorge" if one.specimen is SpecimenType.THROAT else "nasal",
        "prelevement_le": stamp(30),
        "emis_le": stamp(20),
        "test_loinc": one.loinc,
        "resultat_covid_19": "",
        "consentement": "oui",
    }
    return row(0, series=name, **(told | results | changes))


def disease_of(code: str) -> Disease:
    found = ASSAYS[code].disease
    assert found
    return found


def everything() -> list[Row]:
    """Every scenario, as the bench asks for it."""
    once = [
        about(name)
        for name in ("detected", "not-detected", "inconclusive", "multiplex", "cancelled", "duplicate", "out-of-scope")
    ]
    wrong = about("corrected", resultat_covid_19=WORDS[Result.DETECTED])
    right = about("corrected", numero_dossier="corrected-2", statut="corrigé", remplace="corrected", emis_le=stamp(10))
    void = about("cancelled", numero_dossier="cancelled-2", statut="annulé", remplace="cancelled", emis_le=stamp(10))
    return [*once, wrong, right, void, about("consent-refused", consentement="non")]


def verdicts(bench: Wire, gaelle: Browser) -> dict[str, bool]:
    """What the registry keeps of what the bench saw, when its publisher looks."""
    software = (bench.stage.folder / "config" / "software-id").read_text()
    page = gaelle.post_to(f"/products/{software}/bench/look", form=f"/products/{software}/bench/")
    assert "Le banc d’essai ne répond pas" not in page.body.decode()
    ((document,),) = bench.ask("registry", "select document from approvals_evidence order by id desc limit 1")
    return {one["name"]: one["passed"] for one in document["scenarios"]}


def test_our_own_counter_passes_every_scenario_and_production_has_none_of_it(bench: Wire, gaelle: Browser) -> None:
    software = (bench.stage.folder / "config" / "software-id").read_text()
    gaelle.post_to(f"/products/{software}/bench/begin", form=f"/products/{software}/bench/")
    assert verdicts_before(bench, gaelle) == {False}
    file = bench.file("scenarios", everything())
    told = bench.give(file)
    assert told.counts == {"recorded": 6, "amended": 2, "cancelled": 2, "refused": 1}
    bench.give(file)
    seen = verdicts(bench, gaelle)
    assert [name for name, passed in seen.items() if not passed] == []
    faults = [fault for (fault,) in bench.ask(SANDBOX, "select fault from bench_call where kind = 'send' order by id limit 4")]
    assert faults == ["unavailable", "suspended", "dropped", ""]
    assert [bench.count("registry", table) for table in TABLES] == [0] * len(TABLES)
    assert bench.count(SANDBOX, "results_report") > 0


def test_software_written_from_the_documents_alone_passes_every_scenario(bench: Wire, gaelle: Browser) -> None:
    product, key = described(bench, gaelle)
    gaelle.post_to(f"/products/{product}/bench/begin", form=f"/products/{product}/bench/")
    url, root = bench.stage.url(SANDBOX), (bench.stage.folder / "config" / "sandbox-root").read_text()
    done = subprocess.run(
        [sys.executable, CONNECT, url, root, product, key], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    gaelle.post_to(f"/products/{product}/bench/look", form=f"/products/{product}/bench/")
    passed = [str(one) for (one,) in bench.ask("registry", "select software_id from approvals_evidence where passed")]
    assert product in passed, done.stdout


def described(bench: Wire, gaelle: Browser) -> tuple[str, Path]:
    """A product of hers, and the file with its private key."""
    page = gaelle.post_to("/products/", form="/products/", name="Officine", version="3")
    key, file = ec.generate_private_key(ec.SECP256R1()), bench.stage.folder / "officine.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    gaelle.post_to(page.path + "key", form=page.path, jwk=public, overlap="7")
    return page.path.strip("/").rpartition("/")[2], file


def verdicts_before(bench: Wire, gaelle: Browser) -> set[bool]:
    """Before anything is sent; the counter has signed in at the bench to have its key enrolled, and signs in again."""
    bench.stage.run("counter", "counter", "key", "750123457", role="owner")
    return set(verdicts(bench, gaelle).values())


def test_the_roles_of_the_sandbox_reach_no_other_database(bench: Wire) -> None:
    import psycopg

    url = bench.stage.env(SANDBOX, "web")["DATABASE_URL"]
    for database, reached in (("sandbox", True), ("registry", False), ("counter", False)):
        try:
            psycopg.connect(url.rpartition("/")[0] + "/" + database).close()
            assert reached
        except psycopg.OperationalError:
            assert not reached


def test_what_is_kept_says_nothing_of_the_invented_persons(bench: Wire) -> None:
    kept = json.dumps(bench.ask("registry", "select document::text from approvals_evidence"), ensure_ascii=False)
    assert "BANCALIER" not in kept
    assert "detected" in kept
