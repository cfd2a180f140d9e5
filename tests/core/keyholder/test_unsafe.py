"""Keys kept in files: the same after a restart, others for another day or pharmacy, and gone when their secret is."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from sceau.core.keyholder.registry_keys import KeyList
from sceau.core.keyholder.unsafe import UnsafeFileKeys, UnsafeInProcessKeys
from sceau.core.regime import DEMO
from sceau.core.sealing import signing, statements, suite
from sceau.core.sealing.errors import SealingError
from sceau.core.sealing.open import open_row
from sceau.core.sealing.rows import Place
from sceau.core.sealing.seal import seal_row

LILAS, OTHER = UUID(int=1), UUID(int=2)
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
PLACE = Place("patients", "row", "sealed", str(LILAS), MONDAY.isoformat())
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def _registry(folder: Path) -> UnsafeInProcessKeys:
    return UnsafeInProcessKeys(folder, regimes=DEMO)


def test_a_pharmacys_keys_are_the_same_after_a_restart(tmp_path: Path) -> None:
    before, after = (UnsafeFileKeys(tmp_path).pharmacy(LILAS) for _ in range(2))
    assert before.day_key(MONDAY) == after.day_key(MONDAY)
    assert before.signing_seed == after.signing_seed
    assert before.import_key() == after.import_key()


def test_each_day_each_pharmacy_and_each_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    keys = UnsafeFileKeys(tmp_path)
    pharmacies = [keys.pharmacy(LILAS), keys.pharmacy(OTHER)]
    found = [pharmacy.day_key(day) for pharmacy in pharmacies for day in (MONDAY, TUESDAY)]
    found += [key for pharmacy in pharmacies for key in (pharmacy.import_key(), pharmacy.signing_seed)]
    assert len(set(found)) == len(found) == 8
    assert {len(key) for key in found} == {32}


def test_the_signer_is_the_seeds(tmp_path: Path) -> None:
    lilas = UnsafeFileKeys(tmp_path).pharmacy(LILAS)
    signing.check(signing.public_bytes(lilas.signing_seed), lilas.signer.sign(b"text"), b"text")


def test_a_row_opens_after_a_restart_until_the_secret_of_its_day_is_destroyed(tmp_path: Path) -> None:
    sealed = seal_row(UnsafeFileKeys(tmp_path).pharmacy(LILAS).day_key(MONDAY), b"text", PLACE)
    assert open_row(UnsafeFileKeys(tmp_path).pharmacy(LILAS).day_key(MONDAY), sealed, PLACE) == b"text"
    (tmp_path / "pharmacies" / str(LILAS) / "days" / MONDAY.isoformat()).unlink()
    with pytest.raises(SealingError, match="cannot-open"):
        open_row(UnsafeFileKeys(tmp_path).pharmacy(LILAS).day_key(MONDAY), sealed, PLACE)


def test_destroying_one_day_leaves_the_others(tmp_path: Path) -> None:
    tuesday = UnsafeFileKeys(tmp_path).pharmacy(LILAS).day_key(TUESDAY)
    UnsafeFileKeys(tmp_path).pharmacy(LILAS).day_key(MONDAY)
    (tmp_path / "pharmacies" / str(LILAS) / "days" / MONDAY.isoformat()).unlink()
    assert UnsafeFileKeys(tmp_path).pharmacy(LILAS).day_key(TUESDAY) == tuesday


def test_the_registrys_keys_are_the_same_after_a_restart(tmp_path: Path) -> None:
    before, after = _registry(tmp_path).key_list(), _registry(tmp_path).key_list()
    assert before == after


def test_receipts_and_acknowledgements_are_signed_by_the_key_in_the_list(tmp_path: Path) -> None:
    registry, envelope = _registry(tmp_path), UUID(int=7)
    public = registry.key_list().receipt
    receipt = registry.receipt(bytes(32), 2, at=AT)
    signing.check(public, receipt.value, statements.receipt(bytes(32), 2, AT))
    told = registry.acknowledge(envelope, ["recorded"], b"sealed", at=AT)
    signing.check(public, told.value, statements.acknowledgement(envelope, ["recorded"], b"sealed", AT))
    assert receipt.key == told.key == public.hex()[:16]


def test_a_receipt_is_not_an_acknowledgement_nor_one_of_another_count(tmp_path: Path) -> None:
    registry = _registry(tmp_path)
    public, receipt = registry.key_list().receipt, registry.receipt(bytes(32), 2, at=AT)
    for other in (statements.receipt(bytes(32), 3, AT), statements.acknowledgement(UUID(int=0), [], b"", AT)):
        with pytest.raises(SealingError, match="bad-signature"):
            signing.check(public, receipt.value, other)


def test_a_key_list_is_taken_from_its_root_only(tmp_path: Path) -> None:
    root = bytes(range(32))
    keys = KeyList.signed(envelope=suite.public_bytes(root), receipt=signing.public_bytes(root), root=root)
    assert KeyList.decode(keys.encode()).check(signing.public_bytes(root)) == keys
    with pytest.raises(SealingError, match="bad-signature"):
        keys.check(signing.public_bytes(bytes(32)))


def test_a_key_list_whose_keys_are_swapped_or_cut_elsewhere_is_refused(tmp_path: Path) -> None:
    root = bytes(range(32))
    keys = KeyList.signed(envelope=suite.public_bytes(root), receipt=signing.public_bytes(root), root=root)
    both = keys.envelope + keys.receipt
    for cut in (1215, 1217, 32):
        with pytest.raises(SealingError, match="bad-signature"):
            KeyList(envelope=both[:cut], receipt=both[cut:], signature=keys.signature).check(signing.public_bytes(root))


def test_what_is_stored_by_a_key_list_is_public(tmp_path: Path) -> None:
    text = _registry(tmp_path).key_list().encode()
    for secret in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert secret.read_bytes() not in text
        assert secret.read_bytes().hex().encode() not in text
