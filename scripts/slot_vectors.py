"""Makes `tests/vectors/sealing/slots.json` anew: inputs, recovery codes, slots, epochs and day keys, most of them to be refused.

    python -m scripts.slot_vectors

Every secret here is public and for tests alone. What is sealed differs each time; what each vector must do does not. The frozen
ones are changed only with the labels: others have implemented against them.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sceau.core.sealing import epochs, signing, slots, suite
from sceau.core.sealing.epochs import Epoch, PharmacyKeys
from sceau.core.sealing.errors import Flaw
from sceau.core.sealing.slots import NONCE_LENGTH, SLOT_LABEL, SlotContent

FILE = Path(__file__).parent.parent / "tests" / "vectors" / "sealing" / "slots.json"
NOTE = "All secrets are for tests alone. Bytes are hexadecimal. SPEC.md, 'Slots' and the following, gives every byte."
CREDENTIAL = UUID("0190c0de-0000-7000-8000-0000000000c1")
OTHER_CREDENTIAL = UUID("0190c0de-0000-7000-8000-0000000000c2")
LILAS, OTHER_PHARMACY = UUID("0190c0de-0000-7000-8000-0000000000a1"), UUID("0190c0de-0000-7000-8000-0000000000a2")
AMINA_SEED, CHLOE_SEED = b"sceau test key of Amina, public.", b"sceau test key of Chloe, public."
PRF = b"sceau test PRF output, public..."
CODE = b"sceau test code."
WORKSTATION = b"sceau test workstation, public.."
HARDENING, OTHER_HARDENING = b"sceau test hardening, public....", b"sceau test hardening, another..."
FIRST = Epoch(LILAS, 0, b"sceau test epoch 0, public .....", b"sceau test signing key 0, public")
SECOND = Epoch(LILAS, 1, b"sceau test epoch 1, public .....", b"sceau test signing key 1, public")
DAY = date(2026, 11, 23)
DAYS = {DAY.isoformat(): b"sceau test day secret, public..."}
WRITTEN = "EDHP8-ARBN5-41T67-AWVMA-41HP2-YS35J-5R005"
Vector = dict[str, Any]


def make() -> dict[str, Any]:
    """All vectors; where there is neither `flaw` nor `group`, the rest is what must come out."""
    return {
        "note": NOTE,
        "inputs": list(_inputs()),
        "codes": [*_codes_read(), *_codes_refused()],
        "slots": [*_slots_opening(), *_slots_refused()],
        "epochs": [*_epochs_opening(), *_epochs_refused()],
        "days": _days(),
        "statements": _statements(),
    }


def write(file: Path = FILE) -> None:
    file.write_text(json.dumps(make(), indent=1, ensure_ascii=False) + "\n")


def _inputs() -> Iterator[Vector]:
    for name, password in {
        "password": "les lilas fleurissent",
        "password-composed": "élève de la côte",
        "password-decomposed": "e\u0301le\u0300ve de la co\u0302te",
        "password-full-width": "\uff45\u0301lève de la côte",
        "password-other-case": "Élève de la côte",
        "password-empty": "",
    }.items():
        yield _password(name, password, CREDENTIAL)
    yield _password("password-of-another-credential", "les lilas fleurissent", OTHER_CREDENTIAL)
    for kind, secret, derive in (
        ("passkey", PRF, slots.prf_input),
        ("recovery", CODE, slots.code_input),
        ("workstation", WORKSTATION, slots.workstation_input),
    ):
        yield {"name": kind, "kind": kind, "secret": secret.hex(), "input": derive(secret).hex()}


def _password(name: str, password: str, credential: UUID) -> Vector:
    made = slots.password_input(password, credential)
    return {"name": name, "kind": "password", "secret": password, "credential": str(credential), "input": made.hex()}


def _codes_read() -> Iterator[Vector]:
    for name, typed in {
        "as-printed": WRITTEN,
        "small-letters": WRITTEN.lower(),
        "without-hyphens": WRITTEN.replace("-", ""),
        "with-spaces": f"  {WRITTEN.replace('-', ' ')}\n",
        "letter-o-for-zero": WRITTEN.replace("0", "O"),
        "letter-i-for-one": WRITTEN.replace("1", "I"),
        "small-letter-l-for-one": WRITTEN.replace("1", "l"),
    }.items():
        yield {"name": name, "typed": typed, "code": CODE.hex()}


def _codes_refused() -> Iterator[Vector]:
    groups = WRITTEN.split("-")
    yield from ({"name": name, "typed": typed, "group": None} for name, typed in _wrong_lengths())
    for nth, group in enumerate(groups):
        digit = "2" if group[1] != "2" else "3"
        yield _mistyped(f"digit-of-group-{nth + 1}", nth, group[0] + digit + group[2:])
        check = "2" if group[-1] != "2" else "3"
        yield _mistyped(f"check-digit-of-group-{nth + 1}", nth, group[:-1] + check)
    yield _mistyped("digits-changed-about", 1, "RABN5")
    yield _mistyped("letter-u", 2, "4UT67")
    yield _mistyped("letter-of-another-script", 2, "41\u042267")
    swapped = [groups[1], groups[0], *groups[2:]]
    yield {"name": "groups-changed-about", "typed": "-".join(swapped), "group": 1}
    for name, digits in {"first-bit-of-the-filling-set": "5T00", "last-bit-of-the-filling-set": "5R01"}.items():
        yield _mistyped(name, 6, digits + slots._check(digits, 6))


def _wrong_lengths() -> list[tuple[str, str]]:
    return [("empty", ""), ("group-missing", WRITTEN[6:]), ("digit-missing", WRITTEN[:-1]), ("digit-too-many", WRITTEN + "0")]


def _mistyped(name: str, nth: int, group: str) -> Vector:
    groups = WRITTEN.split("-")
    return {"name": name, "typed": "-".join([*groups[:nth], group, *groups[nth + 1 :]]), "group": nth + 1}


def _slot(name: str, slot: bytes, *, given: bytes = CODE, hardening: bytes = HARDENING, credential: UUID = CREDENTIAL) -> Vector:
    made = slots.code_input(given)
    opening = {"input": made.hex(), "hardening": hardening.hex(), "credential": str(credential)}
    return {"name": name, **opening, "slot": slot.hex(), "flaw": Flaw.CANNOT_OPEN.value}


def _key() -> bytes:
    return slots.slot_key(slots.code_input(CODE), HARDENING)


def content() -> SlotContent:
    return SlotContent(AMINA_SEED, {str(LILAS): signing.key_digest(signing.public_bytes(FIRST.signing_seed))})


def _slots_opening() -> Iterator[Vector]:
    for name, held in {"one-pharmacy": content(), "no-pharmacy": SlotContent(AMINA_SEED, {})}.items():
        opens = _slot(name, slots.wrap(_key(), held.encode(), CREDENTIAL))
        del opens["flaw"]
        yield opens | {"user_seed": held.user_seed.hex(), "pharmacies": held.pharmacies}


def _slots_refused() -> Iterator[Vector]:
    good = slots.wrap(_key(), content().encode(), CREDENTIAL)
    yield _slot("of-another-credential", good, credential=OTHER_CREDENTIAL)
    yield _slot("with-another-input", good, given=CODE[::-1])
    yield _slot("with-another-hardening", good, hardening=OTHER_HARDENING)
    yield _slot("without-hardening", good, hardening=b"")
    for name, slot in _broken(good, NONCE_LENGTH).items():
        yield _slot(name, slot)
    nonce = bytes(NONCE_LENGTH)
    for name, aad in {"without-label": CREDENTIAL.bytes, "without-credential": SLOT_LABEL, "without-aad": None}.items():
        yield _slot(name, nonce + AESGCM(_key()).encrypt(nonce, content().encode(), aad))
    unhardened = slots.slot_key(slots.code_input(CODE), b"")
    yield _slot("wrapped-without-hardening", slots.wrap(unhardened, content().encode(), CREDENTIAL))


def _broken(good: bytes, start: int) -> dict[str, bytes]:
    """Refused wherever it breaks; its ciphertext begins at `start`."""
    return {
        "empty": b"",
        "cut-before-ciphertext": good[:start],
        "cut-in-ciphertext": good[: start + 10],
        "cut-in-tag": good[:-1],
        "byte-added": good + b"\0",
        "first-byte-changed": _flipped(good, 0),
        "ciphertext-changed": _flipped(good, start),
        "tag-changed": _flipped(good, len(good) - 1),
    }


def _flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def _epoch(name: str, wrapped: bytes, *, flaw: Flaw = Flaw.CANNOT_OPEN, **other: object) -> Vector:
    asked = {"user_seed": AMINA_SEED.hex(), "pharmacy": str(LILAS), "number": 1, **other}
    return {"name": name, **asked, "wrapped": wrapped.hex(), "flaw": flaw.value}


def _epochs_opening() -> Iterator[Vector]:
    for name, epoch in {"first": FIRST, "second": SECOND}.items():
        opens = _epoch(name, epochs.wrap_to(suite.public_bytes(AMINA_SEED), epoch), number=epoch.number)
        del opens["flaw"]
        yield opens | {"secret": epoch.secret.hex(), "signing_seed": epoch.signing_seed.hex()}


def _epochs_refused() -> Iterator[Vector]:
    good = epochs.wrap_to(suite.public_bytes(AMINA_SEED), SECOND)
    yield _epoch("by-another-member", good, user_seed=CHLOE_SEED.hex())
    yield _epoch("as-another-pharmacys", good, pharmacy=str(OTHER_PHARMACY))
    yield _epoch("as-another-epoch", good, number=0)
    yield _epoch("number-below-zero", good, number=-1)
    yield _epoch("number-of-33-bits", good, number=2**32)
    yield _epoch("with-a-cut-seed", good, user_seed=AMINA_SEED[:-1].hex())
    for name, wrapped in _broken(good, suite.ENCAPSULATION_LENGTH).items():
        yield _epoch(name, wrapped)
    low_order = good[:1088] + bytes(32) + good[suite.ENCAPSULATION_LENGTH :]
    yield _epoch("low-order-x25519-share", low_order)
    yield _epoch("without-info", _sealed(SECOND.secret + SECOND.signing_seed, b""))
    info = epochs.epoch_info(LILAS, 1, suite.public_bytes(CHLOE_SEED))
    yield _epoch("info-of-another-member", _sealed(SECOND.secret + SECOND.signing_seed, info))
    info = epochs.epoch_info(LILAS, 1, suite.public_bytes(AMINA_SEED))
    for name, plain in {
        "nothing": b"",
        "secret-alone": SECOND.secret,
        "byte-too-few": bytes(63),
        "byte-too-many": bytes(65),
    }.items():
        yield _epoch(name, _sealed(plain, info), flaw=Flaw.BAD_SIZE)


def _sealed(plain: bytes, info: bytes) -> bytes:
    return suite.SUITE.encrypt(plain, suite.public_key(suite.public_bytes(AMINA_SEED)), info=info)


def _days() -> Vector:
    keys = PharmacyKeys([FIRST, SECOND], DAYS)
    return {
        "epochs": [FIRST.secret.hex(), SECOND.secret.hex()],
        "day": DAY.isoformat(),
        "secret": DAYS[DAY.isoformat()].hex(),
        "keys": [key.hex() for key in keys.day_keys(DAY)],
        "box": keys.boxes(DAY)[0].hex(),
        "import_key": keys.import_key().hex(),
    }


def _statements() -> Vector:
    public, member = signing.public_bytes(SECOND.signing_seed), suite.public_bytes(AMINA_SEED)
    box = PharmacyKeys([FIRST, SECOND], DAYS).box_public(DAY)
    return {
        "succession": _signed(epochs.succession(LILAS, 1, public), FIRST),
        "membership": _signed(epochs.membership(LILAS, 7, member), SECOND),
        "box": _signed(epochs.box_statement(LILAS, DAY, box), SECOND),
    }


def _signed(statement: bytes, by: Epoch) -> Vector:
    return {"statement": statement.hex(), "signature": signing.signer(by.signing_seed).sign(statement).hex()}


if __name__ == "__main__":
    write()
