"""The primitives, as we call them, against published answers: X-Wing and HPKE, Ed25519, HKDF, AES-256-GCM."""

import hashlib
import hmac
import json

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from scripts.vectors import FOLDER

from sceau.core.sealing import signing, suite
from sceau.core.sealing.errors import SealingError

XWING = {name: bytes.fromhex(text) for name, text in json.loads((FOLDER / "xwing.json").read_text()).items() if name != "source"}
MLKEM_CIPHERTEXT = 1088


def _decapsulated(seed: bytes, ciphertext: bytes) -> bytes:
    """X-Wing decapsulation written out: ML-KEM-768 and X25519, hashed together with the label."""
    expanded = hashlib.shake_256(seed).digest(96)
    mlkem, own = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(expanded[64:])
    share = ciphertext[MLKEM_CIPHERTEXT:]
    secrets = mlkem.decapsulate(ciphertext[:MLKEM_CIPHERTEXT]) + own.exchange(X25519PublicKey.from_public_bytes(share))
    return hashlib.sha3_256(secrets + share + own.public_key().public_bytes_raw() + b"\\.//^\\").digest()


def _labeled(key: bytes, label: bytes, value: bytes, length: int | None = None) -> bytes:
    """RFC 9180, section 4: LabeledExtract without a length, LabeledExpand (of at most 32 bytes) with one."""
    name = b"HPKE" + (0x647A).to_bytes(2, "big") + (1).to_bytes(2, "big") + (2).to_bytes(2, "big")
    message = b"HPKE-v1" + name + label + value
    if length is None:
        return hmac.digest(key, message, "sha256")
    return hmac.digest(key, length.to_bytes(2, "big") + message + b"\1", "sha256")[:length]


def _hpke(shared: bytes, info: bytes, plain: bytes) -> bytes:
    """RFC 9180, sections 5.1 and 5.2 in base mode: the ciphertext of one message without associated data."""
    context = b"\0" + _labeled(b"", b"psk_id_hash", b"") + _labeled(b"", b"info_hash", info)
    secret = _labeled(shared, b"secret", b"")
    return AESGCM(_labeled(secret, b"key", context, 32)).encrypt(_labeled(secret, b"base_nonce", context, 12), plain, None)


def test_an_xwing_key_grows_from_its_seed_as_published() -> None:
    assert suite.public_bytes(XWING["seed"]) == XWING["public"]
    assert _decapsulated(XWING["seed"], XWING["ciphertext"]) == XWING["shared"]


def test_the_suite_opens_what_the_rfc_makes_of_the_published_secret() -> None:
    sealed = XWING["ciphertext"] + _hpke(XWING["shared"], b"info", b"text")
    assert suite.SUITE.decrypt(sealed, suite.private_key(XWING["seed"]), info=b"info") == b"text"


def test_what_the_suite_seals_is_what_the_rfc_says() -> None:
    sealed = suite.SUITE.encrypt(b"text", suite.public_key(XWING["public"]), info=b"info")
    encapsulation, ciphertext = sealed[: suite.ENCAPSULATION_LENGTH], sealed[suite.ENCAPSULATION_LENGTH :]
    assert ciphertext == _hpke(_decapsulated(XWING["seed"], encapsulation), b"info", b"text")
    assert len(ciphertext) == len(b"text") + suite.TAG_LENGTH


def test_nothing_is_sealed_to_a_low_order_point() -> None:
    with pytest.raises(ValueError, match="shared key"):
        suite.SUITE.encrypt(b"text", suite.public_key(XWING["public"][: suite.MLKEM_LENGTH] + bytes(32)))


@pytest.mark.parametrize("wrong", [b"", bytes(31), bytes(33), bytes(1215), bytes(1217)])
def test_keys_of_a_wrong_length_are_refused(wrong: bytes) -> None:
    with pytest.raises(ValueError, match="bytes"):
        suite.private_key(wrong)
    with pytest.raises(ValueError, match="bytes"):
        suite.public_key(wrong)


def test_an_mlkem_key_that_is_not_reduced_is_refused() -> None:
    with pytest.raises(ValueError, match="ML-KEM"):
        suite.public_key(b"\xff" * suite.PUBLIC_LENGTH)


@pytest.mark.parametrize(
    ("seed", "public", "message", "signature"),
    [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ],
)
def test_ed25519_signs_as_rfc_8032_says(seed: str, public: str, message: str, signature: str) -> None:
    assert signing.public_bytes(bytes.fromhex(seed)).hex() == public
    assert signing.signer(bytes.fromhex(seed)).sign(bytes.fromhex(message)).hex() == signature
    signing.check(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message))


@pytest.mark.parametrize("public", [b"", bytes(31), b"\xff" * 32])
def test_a_signature_by_no_key_at_all_is_a_bad_signature(public: bytes) -> None:
    with pytest.raises(SealingError, match="bad-signature"):
        signing.check(public, bytes(64), b"text")


def test_a_fingerprint_is_sixteen_groups_of_four() -> None:
    groups = signing.fingerprint(b"").split()
    assert "".join(groups) == hashlib.sha256(b"").hexdigest()
    assert [len(group) for group in groups] == [4] * 16


def test_hkdf_derives_as_rfc_5869_says_without_salt() -> None:
    derived = HKDF(SHA256(), 42, salt=None, info=b"").derive(b"\x0b" * 22)
    assert derived.hex() == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"


AES_KEY = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
AES_NONCE = bytes.fromhex("cafebabefacedbaddecaf888")
AES_AAD = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
AES_TEXT = bytes.fromhex(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
)
AES_SEALED = bytes.fromhex(
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b10"
    "56828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"
)


def test_aes_256_gcm_seals_as_published() -> None:
    """McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16."""
    assert AESGCM(AES_KEY).encrypt(AES_NONCE, AES_TEXT, AES_AAD) == AES_SEALED


@pytest.mark.parametrize("aad", [b"", AES_AAD[:-1], AES_AAD + b"\0"])
def test_aes_256_gcm_refuses_other_associated_data(aad: bytes) -> None:
    with pytest.raises(InvalidTag):
        AESGCM(AES_KEY).decrypt(AES_NONCE, AES_SEALED, aad)
