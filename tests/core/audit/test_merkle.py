"""The Merkle tree of RFC 6962, section 2.1, with the roots published for the certificate transparency test tree."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.core.audit import merkle

ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
LEAVES = [merkle.leaf(bytes.fromhex(entry)) for entry in ENTRIES]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_published(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]


def _recursive(leaves: list[bytes]) -> bytes:
    """MTH as the RFC defines it: split at the largest power of two below the size."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return merkle.node(_recursive(leaves[:split]), _recursive(leaves[split:]))


@given(st.lists(st.binary(max_size=4).map(merkle.leaf), max_size=70))
def test_level_by_level_is_the_same_as_the_definition(leaves: list[bytes]) -> None:
    assert merkle.root(leaves) == _recursive(leaves)


def test_a_node_cannot_pass_for_a_leaf() -> None:
    assert merkle.leaf(LEAVES[0] + LEAVES[1]) != merkle.node(LEAVES[0], LEAVES[1])


def test_the_order_of_leaves_counts() -> None:
    assert merkle.root([LEAVES[0], LEAVES[1]]) != merkle.root([LEAVES[1], LEAVES[0]])
