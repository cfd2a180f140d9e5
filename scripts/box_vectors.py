"""Makes `tests/vectors/sealing/boxes.json` anew: a day's box, what was sealed to it, and vouchers; most of them to be refused.

    python -m scripts.box_vectors

Every secret here is public and for tests alone. What is sealed differs each time; what each vector must do does not. The frozen
ones are changed only with the labels: pages that are open have sealed to them.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from scripts.slot_vectors import DAY, DAYS, FIRST, LILAS, OTHER_PHARMACY, SECOND

from sceau.core.sealing import suite
from sceau.core.sealing.epochs import PharmacyKeys, box_statement
from sceau.core.sealing.errors import Flaw
from sceau.core.sealing.seal import BOX_MOST, box_info, seal_box
from sceau.core.sealing.vouchers import Voucher

FILE = Path(__file__).parent.parent / "tests" / "vectors" / "sealing" / "boxes.json"
NOTE = (
    "All secrets are for tests alone. Bytes are hexadecimal. SPEC.md, 'Day box keys', 'Boxes' and 'Vouchers', gives every byte. "
    "The keys are those of slots.json: epochs 0 and 1 and the secret of the day."
)
ITEM, OTHER_ITEM = UUID("0190c0de-0000-7000-8000-0000000000d1"), UUID("0190c0de-0000-7000-8000-0000000000d2")
TEXT = b'{"kind": "found", "keys": "-"}'
KEYS = PharmacyKeys([FIRST, SECOND], DAYS)
SINCE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
VOUCHER = Voucher(7, SINCE, SINCE + timedelta(hours=12))
Vector = dict[str, Any]


def make() -> dict[str, Any]:
    """All vectors; where there is no `flaw`, the rest is what must come out."""
    return {
        "note": NOTE,
        "pharmacy": str(LILAS),
        "day": DAY.isoformat(),
        "box_seed": KEYS.boxes(DAY)[0].hex(),
        "public": KEYS.box_public(DAY).hex(),
        "signature": KEYS.signer.sign(box_statement(LILAS, DAY, KEYS.box_public(DAY))).hex(),
        "voucher_key": KEYS.voucher_key(DAY).hex(),
        "boxes": list(_boxes()),
        "vouchers": [*_good_vouchers(), *_bad_vouchers()],
    }


def write(file: Path = FILE) -> None:
    file.write_text(json.dumps(make(), indent=1, ensure_ascii=False) + "\n")


def _boxes() -> Iterator[Vector]:
    info = box_info(LILAS, DAY, ITEM)
    good = _sealed(_padded(TEXT), info)
    yield _box("to-the-newest-epoch", good, text=TEXT)
    yield _box("to-the-epoch-before", seal_box(TEXT, suite.public_key(suite.public_bytes(KEYS.boxes(DAY)[1])), info), text=TEXT)
    yield _box("nothing", _sealed(_padded(b""), info), text=b"")
    yield _box("as-much-as-goes-in", _sealed(_padded(b"x" * BOX_MOST), info), text=b"x" * BOX_MOST)
    yield _box("another-item", good, item=OTHER_ITEM)
    yield _box("another-pharmacy", good, pharmacy=OTHER_PHARMACY)
    yield _box("another-day", _sealed(_padded(TEXT), box_info(LILAS, date(2026, 11, 24), ITEM)))
    yield _box("to-a-key-of-nobody", seal_box(TEXT, suite.public_key(suite.public_bytes(bytes(32))), info))
    yield _box("without-the-info", _sealed(_padded(TEXT), b""))
    yield _box("cut", good[:-1])
    yield _box("byte-added", good + b"\0")
    yield _box("changed", good[:-1] + bytes([good[-1] ^ 1]))
    yield _box("empty", b"")
    yield _box(
        "length-beyond-the-content",
        _sealed((BOX_MOST + 1).to_bytes(4, "big").ljust(BOX_MOST + 4, b"x"), info),
        flaw=Flaw.BAD_PADDING,
    )
    yield _box("padding-not-zero", _sealed(_padded(TEXT)[:-1] + b"\1", info), flaw=Flaw.BAD_PADDING)


def _padded(text: bytes) -> bytes:
    return (len(text).to_bytes(4, "big") + text).ljust(BOX_MOST + 4, b"\0")


def _sealed(padded: bytes, info: bytes) -> bytes:
    return suite.SUITE.encrypt(padded, suite.public_key(KEYS.box_public(DAY)), info=info)


def _box(
    name: str,
    sealed: bytes,
    *,
    text: bytes | None = None,
    flaw: Flaw = Flaw.CANNOT_OPEN,
    item: UUID = ITEM,
    pharmacy: UUID = LILAS,
) -> Vector:
    outcome = {"flaw": flaw.value} if text is None else {"text": text.decode()}
    return {"name": name, "pharmacy": str(pharmacy), "item": str(item), "sealed": sealed.hex(), **outcome}


def _good_vouchers() -> Iterator[Vector]:
    told = {"member": VOUCHER.member, "since": VOUCHER.since.isoformat(), "until": VOUCHER.until.isoformat()}
    yield _voucher("of-a-member", VOUCHER.sign(KEYS.voucher_key(DAY), LILAS), **told)


def _bad_vouchers() -> Iterator[Vector]:
    key = KEYS.voucher_key(DAY)
    good = VOUCHER.sign(key, LILAS)
    _, since, until, mac = good.split(".")
    refused = {
        "another-member": f"8.{since}.{until}.{mac}",
        "begins-earlier": f"7.{int(since) - 1}.{until}.{mac}",
        "lasts-longer": f"7.{since}.{int(until) + 1}.{mac}",
        "of-another-pharmacy": VOUCHER.sign(key, OTHER_PHARMACY),
        "by-the-epoch-before": VOUCHER.sign(PharmacyKeys([FIRST], DAYS).voucher_key(DAY), LILAS),
        "by-the-key-of-the-day-itself": VOUCHER.sign(KEYS.day_key(DAY), LILAS),
        "number-written-otherwise": f"07.{since}.{until}.{mac}",
        "hexadecimal-in-capitals": f"7.{since}.{until}.{mac.upper()}",
        "mac-cut": good[:-1],
        "line-feed-at-the-end": good + "\n",
        "one-part-less": f"7.{since}.{mac}",
        "one-part-more": good + ".",
        "no-number": f"x.{since}.{until}.{mac}",
        "after-the-year-9999": f"7.{since}.{10**15}.{mac}",
        "empty": "",
    }
    for name, token in refused.items():
        yield _voucher(name, token, flaw=Flaw.BAD_SIGNATURE.value)


def _voucher(name: str, token: str, **outcome: Any) -> Vector:
    return {"name": name, "token": token, **outcome}


if __name__ == "__main__":
    write()
