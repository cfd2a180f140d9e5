"""A client certificate as it is pinned: the SHA-256 of its DER form."""

import hashlib

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate


def fingerprint(pem: bytes) -> bytes:
    """Of a PEM certificate; raises `ValueError` for what is none."""
    return of_der(load_pem_x509_certificate(pem).public_bytes(Encoding.DER))


def of_der(der: bytes) -> bytes:
    return hashlib.sha256(der).digest()
