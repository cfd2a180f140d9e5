"""Makes `tests/vectors/sealing` anew: envelopes, rows and statements that open, and many more that must be refused.

    python -m scripts.vectors

Every seed here is public and for tests alone. Sealing is random, so the bytes differ each time; what each must do does not.
The frozen ones are changed only with the version byte: others have implemented against them.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import zstandard

from sceau.core.codes.identifiers import Finess
from sceau.core.keyholder.registry_keys import EnvelopeKey, KeyList
from sceau.core.sealing import body, signing, statements, suite
from sceau.core.sealing.errors import Flaw
from sceau.core.sealing.header import HEADER_LENGTH, MAX_REPORTS, Header
from sceau.core.sealing.rows import Place
from sceau.core.sealing.seal import envelope_info, seal_reasons, seal_row

FOLDER = Path(__file__).parent.parent / "tests" / "vectors" / "sealing"
REGISTRY_SEED = b"sceau test registry key, public."
PHARMACY_SEED = b"sceau test pharmacy key, public."
STRANGER_SEED = b"sceau test key of a stranger...."
ACKNOWLEDGEMENT_KEY = b"sceau test acknowledgement key.."
ROW_KEY = b"sceau test day key, public ....."
NOTE = "The seeds are for tests alone. `text` is the SHA-256 of the reports joined by line feeds. SPEC.md gives every byte."
LINES = [f"A neutral line of text, number {number}.".encode() for number in range(1, 4)]
ENVELOPE = UUID("0190c0de-0000-7000-8000-000000000001")
AT = datetime(2026, 11, 23, 12, 0, 0, 123_000, tzinfo=UTC)
PLACE = Place("patients", "0190c0de-0000-7000-8000-000000000003", "sealed", "69", "2026-11-23")
_ORDER = 2**252 + 27742317777372353535851937790883648493  # of the Ed25519 group


class Vector(NamedTuple):
    """An envelope, why it is refused (None: it opens), and the lines it then gives."""

    name: str
    data: bytes
    flaw: Flaw | None = None
    lines: Sequence[bytes] = ()


def header(*, count: int = len(LINES), seed: bytes = REGISTRY_SEED, envelope: int = 1) -> bytes:
    key = suite.key_id(suite.public_bytes(seed))
    uuid = UUID(f"0190c0de-0000-7000-8000-{envelope:012}")
    software = UUID("0190c0de-0000-7000-8000-000000000002")
    return Header(key, uuid, software, Finess("750000002"), AT, count).pack()


def signed(data: bytes, seed: bytes = PHARMACY_SEED) -> bytes:
    return data + signing.signer(seed).sign(data)


def sealed(plain: bytes, head: bytes, *, seed: bytes = REGISTRY_SEED) -> bytes:
    """A header and a body sealed with it, without the signature."""
    recipient = suite.public_key(suite.public_bytes(seed))
    return head + suite.SUITE.encrypt(plain, recipient, info=envelope_info(head))


def padded(packed: bytes, *, stated: int | None = None) -> bytes:
    """A body of any bytes where the compressed reports belong."""
    length = len(packed) if stated is None else stated
    text = ACKNOWLEDGEMENT_KEY + length.to_bytes(4, "big") + packed
    return text.ljust(body.size_class(len(text)), b"\0")


def packed(lines: Sequence[bytes] = LINES) -> bytes:
    return zstandard.ZstdCompressor(write_content_size=True).compress(b"\n".join(lines))


def frame(stated: int, text: bytes) -> bytes:
    """A zstd frame with an eight-byte size of our choice and one raw block."""
    block = (len(text) << 3 | 1).to_bytes(3, "little")
    return b"\x28\xb5\x2f\xfd\xe0" + stated.to_bytes(8, "little") + block + text


def envelopes() -> list[Vector]:
    """All of them, those that open first, then in the order in which flaws are looked for."""
    return [*_opening(), *_headers(), *_signatures(), *_keys(), *_sizes(), *_compressions(), *_bombs(), *_counts()]


def _body(name: str, plain: bytes, flaw: Flaw, *, count: int = len(LINES)) -> Vector:
    return Vector(name, signed(sealed(plain, header(count=count))), flaw)


def _opening() -> Iterator[Vector]:
    for name, lines in {
        "one-report": LINES[:1],
        "three-reports": LINES,
        "a-thousand-reports": LINES[:1] * MAX_REPORTS,
        "report-of-64-kib": [b"a" * body.MAX_REPORT],
    }.items():
        plain = body.encode(ACKNOWLEDGEMENT_KEY, lines, lines)
        yield Vector(name, signed(sealed(plain, header(count=len(lines)))), None, lines)
    yield Vector("larger-class-than-needed", signed(sealed(padded(packed()).ljust(2304, b"\0"), header())), None, LINES)


def _headers() -> Iterator[Vector]:
    good = sealed(padded(packed()), header())
    yield Vector("empty", b"", Flaw.TRUNCATED)
    yield Vector("cut-in-header", signed(good)[: HEADER_LENGTH - 1], Flaw.TRUNCATED)
    yield Vector("other-magic", signed(b"SEALS" + good[5:]), Flaw.NOT_AN_ENVELOPE)
    for version in (0, 2, 255):
        yield Vector(f"version-{version}", signed(good[:5] + bytes([version]) + good[6:]), Flaw.UNKNOWN_VERSION)
    for name, start, value in (
        ("finess-with-wrong-digit", 54, b"750000003"),
        ("finess-not-ascii", 54, b"75000000\xe9"),
        ("sent-after-the-year-9999", 63, (253_402_300_799_001).to_bytes(8, "big")),
        ("no-reports", 71, b"\0\0"),
        ("more-than-1000-reports", 71, b"\x03\xe9"),
    ):
        yield Vector(name, signed(good[:start] + value + good[start + len(value) :]), Flaw.BAD_HEADER)


def _signatures() -> Iterator[Vector]:
    good = sealed(padded(packed()), header())
    whole = signed(good)
    malleated = int.from_bytes(whole[-32:], "little") + _ORDER
    for name, data in {
        "cut-in-mlkem-ciphertext": whole[: HEADER_LENGTH + 500],
        "cut-in-x25519-share": whole[: HEADER_LENGTH + 1100],
        "cut-after-encapsulation": whole[: HEADER_LENGTH + suite.ENCAPSULATION_LENGTH],
        "cut-in-ciphertext": whole[: HEADER_LENGTH + 2000],
        "cut-in-tag": whole[: -signing.SIGNATURE_LENGTH - 8],
        "cut-before-signature": good,
        "cut-in-signature": whole[:-1],
        "byte-added": whole + b"\0",
        "signature-by-another-key": signed(good, STRANGER_SEED),
        "signature-all-zero": good + bytes(64),
        "signature-with-s-not-reduced": whole[:-32] + malleated.to_bytes(32, "little"),
        "header-of-another-envelope": header(envelope=9) + whole[HEADER_LENGTH:],
    }.items():
        yield Vector(name, data, Flaw.BAD_SIGNATURE)


def _keys() -> Iterator[Vector]:
    plain, head = padded(packed()), header()
    good = sealed(plain, head)
    share, ciphertext = HEADER_LENGTH + 1088, HEADER_LENGTH + suite.ENCAPSULATION_LENGTH
    other_head = header(seed=STRANGER_SEED)
    yield Vector("for-another-registry-key", signed(sealed(plain, other_head, seed=STRANGER_SEED)), Flaw.UNKNOWN_KEY)
    for name, data in {
        "sealed-to-another-key-than-named": sealed(plain, head, seed=STRANGER_SEED),
        "header-of-another-envelope-signed-anew": header(envelope=9) + good[HEADER_LENGTH:],
        "one-report-more-in-the-header-signed-anew": header(count=4) + good[HEADER_LENGTH:],
        "low-order-x25519-share": good[:share] + bytes(32) + good[ciphertext:],
        "low-order-x25519-share-of-order-2": good[:share] + b"\1" + bytes(31) + good[ciphertext:],
        "other-mlkem-ciphertext": good[: HEADER_LENGTH + 9] + bytes(9) + good[HEADER_LENGTH + 18 :],
        "nothing-sealed": head,
        "encapsulation-cut-signed-anew": good[: ciphertext - 1],
        "no-ciphertext-signed-anew": good[:ciphertext],
        "tag-cut-signed-anew": good[:-1],
        "without-the-info": head + suite.SUITE.encrypt(plain, suite.public_key(suite.public_bytes(REGISTRY_SEED))),
    }.items():
        yield Vector(name, signed(data), Flaw.CANNOT_OPEN)


def _sizes() -> Iterator[Vector]:
    plain = padded(packed())
    yield _body("empty-body", b"", Flaw.BAD_SIZE)
    yield _body("body-below-the-smallest-class", plain[:-1], Flaw.BAD_SIZE)
    yield _body("body-between-classes", plain + b"\0", Flaw.BAD_SIZE)
    yield _body("length-beyond-the-body", padded(packed(), stated=len(plain) - 35), Flaw.BAD_SIZE)
    yield _body("last-byte-of-padding-not-zero", plain[:-1] + b"\1", Flaw.BAD_PADDING)
    yield _body("length-one-too-short", padded(packed(), stated=len(packed()) - 1), Flaw.BAD_PADDING)


def _compressions() -> Iterator[Vector]:
    text = b"\n".join(LINES)
    for name, data in {
        "no-frame": b"",
        "not-compressed": text,
        "frame-cut": packed()[:-1],
        "data-after-the-frame": packed() + b"more",
        "two-frames": packed(LINES[:2]) + packed(LINES[2:]),
        "frame-of-nothing-and-data": packed([b""]) + b"more",
        "skippable-frame": b"\x50\x2a\x4d\x18" + len(text).to_bytes(4, "little") + text,
        "frame-of-more-than-it-states": frame(len(text) - 1, text),
        "frame-of-less-than-it-states": frame(len(text) + 1, text),
    }.items():
        yield _body(name, padded(data), Flaw.BAD_COMPRESSION)


def _bombs() -> Iterator[Vector]:
    unsized = zstandard.ZstdCompressor(write_content_size=False)
    for name, data in {
        "bomb-of-32-mib-and-a-byte": packed([bytes(body.MAX_TEXT + 1)]),
        "bomb-that-states-a-tebibyte": frame(2**40, LINES[0]),
        "bomb-of-unstated-size": unsized.compress(bytes(body.MAX_TEXT + 1)),
        "frame-of-unstated-size": unsized.compress(LINES[0]),
        "report-of-64-kib-and-a-byte": packed([b"a" * (body.MAX_REPORT + 1)]),
    }.items():
        yield _body(name, padded(data), Flaw.TOO_LARGE, count=1)


def _counts() -> Iterator[Vector]:
    yield _body("one-report-too-few", padded(packed()), Flaw.WRONG_COUNT, count=4)
    yield _body("one-report-too-many", padded(packed()), Flaw.WRONG_COUNT, count=2)
    yield _body("a-thousand-and-one", padded(packed(LINES[:1] * 1001)), Flaw.WRONG_COUNT, count=1000)
    yield _body("line-feed-at-the-end", padded(packed([*LINES, b""])), Flaw.WRONG_COUNT)


def rows() -> list[dict[str, object]]:
    """Rows and where they are opened: at their place, elsewhere, changed."""
    good, text = seal_row(ROW_KEY, LINES[0], PLACE), LINES[0].decode()
    moved = [PLACE._replace(**{part: getattr(PLACE, part) + "0"}) for part in Place._fields]
    shifted = PLACE._replace(table="patient", row="s" + PLACE.row)
    found = [_row("at-its-place", good, PLACE, text=text), _row("empty", seal_row(ROW_KEY, b"", PLACE), PLACE, text="")]
    found += [_row(f"other-{part}", good, place) for part, place in zip(Place._fields, moved, strict=True)]
    found.append(_row("letter-moved-between-parts", good, shifted))
    found.append(_row("version-2", b"\2" + good[1:], PLACE, flaw=Flaw.UNKNOWN_VERSION))
    found.append(_row("nothing", b"", PLACE, flaw=Flaw.UNKNOWN_VERSION))
    found += [_row("cut", good[:-1], PLACE), _row("cut-in-nonce", good[:9], PLACE), _row("changed", good[:-1] + b"\0", PLACE)]
    return found


def _row(name: str, data: bytes, place: Place, *, text: str | None = None, flaw: Flaw = Flaw.CANNOT_OPEN) -> dict[str, object]:
    outcome = {"flaw": flaw.value} if text is None else {"text": text}
    return {"name": name, "place": list(place), "sealed": data.hex(), **outcome}


def signed_statements() -> dict[str, dict[str, str]]:
    """Each kind of statement as signed by the test registry (the enrolment: by the test pharmacy)."""
    reasons, root = seal_reasons(ACKNOWLEDGEMENT_KEY, LINES[0], ENVELOPE), hashlib.sha256(b"root").digest()
    told = statements.acknowledgement(ENVELOPE, ["recorded", "refused"], reasons, AT)
    public = signing.public_bytes(PHARMACY_SEED)
    return {
        "receipt": _statement(statements.receipt(root, 7, AT), REGISTRY_SEED, root=root.hex()),
        "acknowledgement": _statement(told, REGISTRY_SEED, sealed_reasons=reasons.hex()),
        "enrolment": _statement(statements.enrolment("750000002", public, AT), PHARMACY_SEED),
    }


def _statement(statement: bytes, seed: bytes, **more: str) -> dict[str, str]:
    signature = signing.signer(seed).sign(statement)
    return {"statement": statement.hex(), "signature": signature.hex(), **more}


def key_list() -> KeyList:
    envelopes = [
        EnvelopeKey(month, suite.public_bytes(seed)) for month, seed in (("2026-11", REGISTRY_SEED), ("2026-12", ROW_KEY))
    ]
    receipt, log = signing.public_bytes(PHARMACY_SEED), signing.public_bytes(REGISTRY_SEED)
    return KeyList.signed(envelopes=envelopes, receipt=receipt, log=log, root=STRANGER_SEED)


def write(folder: Path) -> None:
    """One file an envelope, and three that say what everything must do."""
    for stale in folder.glob("*.envelope"):
        stale.unlink()
    vectors = envelopes()
    for vector in vectors:
        (folder / f"{vector.name}.envelope").write_bytes(vector.data)
    _save(folder / "envelopes.json", {"note": NOTE, **_seeds(), "envelopes": [_told(vector) for vector in vectors]})
    _save(folder / "rows.json", {"note": NOTE, "key": ROW_KEY.hex(), "rows": rows()})
    _save(folder / "statements.json", {"note": NOTE, **_seeds(), **signed_statements()})
    (folder / "keys.json").write_bytes(key_list().encode() + b"\n")


def _seeds() -> dict[str, str]:
    seeds = {"registry": REGISTRY_SEED, "pharmacy": PHARMACY_SEED, "acknowledgement_key": ACKNOWLEDGEMENT_KEY}
    return {name: seed.hex() for name, seed in seeds.items()}


def _told(vector: Vector) -> dict[str, object]:
    if vector.flaw is not None:
        return {"name": vector.name, "flaw": vector.flaw.value}
    return {"name": vector.name, "count": len(vector.lines), "text": hashlib.sha256(b"\n".join(vector.lines)).hexdigest()}


def _save(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    write(FOLDER)
