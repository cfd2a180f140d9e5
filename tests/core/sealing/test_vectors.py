"""The frozen vectors do what their names say, for the very flaw; the script still makes the same ones."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scripts import vectors
from tests.core.sealing.samples import read_envelope

from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.sealing import signing, statements, suite
from sceau.core.sealing.errors import Flaw, SealingError
from sceau.core.sealing.open import open_reasons, open_row
from sceau.core.sealing.rows import Place

FOLDER = vectors.FOLDER


def _load(name: str, folder: Path = FOLDER) -> Any:
    return json.loads((folder / name).read_text())


ENVELOPES, ROWS, STATEMENTS = (_load(f"{name}.json") for name in ("envelopes", "rows", "statements"))


def outcome(data: bytes) -> dict[str, object]:
    """What reading an envelope gives, told as the vectors tell it."""
    seeds = {"registry_seed": bytes.fromhex(ENVELOPES["registry"]), "pharmacy_seed": bytes.fromhex(ENVELOPES["pharmacy"])}
    try:
        opened = read_envelope(data, **seeds)
    except SealingError as error:
        return {"flaw": error.flaw.value}
    assert opened.acknowledgement_key.hex() == ENVELOPES["acknowledgement_key"]
    return {"count": len(opened.reports), "text": hashlib.sha256(b"\n".join(opened.reports)).hexdigest()}


@pytest.mark.parametrize("vector", ENVELOPES["envelopes"], ids=lambda vector: vector["name"])
def test_an_envelope_opens_or_is_refused_for_the_flaw_it_has(vector: dict[str, object]) -> None:
    name = vector["name"]
    assert {"name": name, **outcome((FOLDER / f"{name}.envelope").read_bytes())} == vector


def test_every_flaw_has_a_vector_and_most_vectors_are_refusals() -> None:
    flaws = [vector["flaw"] for vector in ENVELOPES["envelopes"] if "flaw" in vector]
    assert set(flaws) == set(Flaw)
    assert len(flaws) > 0.8 * len(ENVELOPES["envelopes"])


def test_every_envelope_is_listed() -> None:
    names = {vector["name"] for vector in ENVELOPES["envelopes"]}
    assert names == {path.stem for path in FOLDER.glob("*.envelope")}


def test_vectors_made_anew_do_the_same(tmp_path: Path) -> None:
    vectors.write(tmp_path)
    anew = _load("envelopes.json", tmp_path)
    assert anew == ENVELOPES
    for vector in anew["envelopes"]:
        assert {"name": vector["name"], **outcome((tmp_path / f"{vector['name']}.envelope").read_bytes())} == vector


@pytest.mark.parametrize("row", ROWS["rows"], ids=lambda row: row["name"])
def test_a_row_opens_at_its_place_only(row: dict[str, Any]) -> None:
    key, place = bytes.fromhex(ROWS["key"]), Place(*row["place"])
    if "text" in row:
        assert open_row(key, bytes.fromhex(row["sealed"]), place) == row["text"].encode()
        return
    with pytest.raises(SealingError) as caught:
        open_row(key, bytes.fromhex(row["sealed"]), place)
    assert caught.value.flaw == row["flaw"]


@pytest.mark.parametrize(
    ("kind", "signer"), [("receipt", "registry"), ("acknowledgement", "registry"), ("enrolment", "pharmacy")]
)
def test_statements_are_built_to_the_byte_and_their_signatures_hold(kind: str, signer: str) -> None:
    frozen, public = STATEMENTS[kind], signing.public_bytes(bytes.fromhex(STATEMENTS[signer]))
    signing.check(public, bytes.fromhex(frozen["signature"]), bytes.fromhex(frozen["statement"]))
    assert vectors.signed_statements()[kind]["statement"] == frozen["statement"] or kind == "acknowledgement"


def test_an_acknowledgement_covers_its_outcomes_and_its_reasons() -> None:
    frozen, envelope = STATEMENTS["acknowledgement"], vectors.ENVELOPE
    reasons = bytes.fromhex(frozen["sealed_reasons"])
    told = statements.acknowledgement(envelope, ["recorded", "refused"], reasons, vectors.AT)
    assert told.hex() == frozen["statement"]
    assert open_reasons(vectors.ACKNOWLEDGEMENT_KEY, reasons, envelope) == vectors.LINES[0]


def test_the_key_list_is_the_roots_and_names_both_keys() -> None:
    keys = KeyList.decode((FOLDER / "keys.json").read_bytes()).check(signing.public_bytes(vectors.STRANGER_SEED))
    assert keys.envelope_for(date(2026, 11, 30)) == suite.public_bytes(vectors.REGISTRY_SEED)
    assert keys.envelope_for(date(2026, 12, 1)) == suite.public_bytes(vectors.ROW_KEY)
    assert keys.receipt == signing.public_bytes(vectors.PHARMACY_SEED)
    assert keys.log == signing.public_bytes(vectors.REGISTRY_SEED)
