"""Shares of a master key: enough of them open the store again; fewer, foreign or mistyped ones are told apart, in words."""

from itertools import combinations
from pathlib import Path

import pytest

from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.escrow import BadShares, join, split
from sceau.core.keyholder.store import Store

UNLOCK, NEW = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture(scope="module")
def master() -> bytes:
    return bytes(range(100, 132))


@pytest.fixture(scope="module")
def shares(master: bytes) -> list[str]:
    return split(master, threshold=3, of=5)


def mistyped(share: str) -> str:
    words = share.split()
    words[7] = "academic" if words[7] != "academic" else "acid"
    return " ".join(words)


def test_any_three_of_five_give_the_key_back(shares: list[str], master: bytes) -> None:
    assert {join(three) for three in combinations(shares, 3)} == {master}


def test_two_do_not_and_it_says_how_many_are_needed(shares: list[str]) -> None:
    for two in combinations(shares, 2):
        with pytest.raises(BadShares, match="3 different shares are needed; given: 2"):
            join(two)


def test_the_same_share_twice_counts_once(shares: list[str], master: bytes) -> None:
    with pytest.raises(BadShares, match="given: 2"):
        join([shares[0], shares[0], shares[1]])
    assert join([shares[0], shares[0], shares[1], shares[2]]) == master


def test_more_than_needed_do_no_harm(shares: list[str], master: bytes) -> None:
    assert join(shares) == master


def test_they_may_be_typed_in_capitals_and_with_wide_spaces(shares: list[str], master: bytes) -> None:
    assert join(["  ".join(share.upper().split()) for share in shares[:3]]) == master


def test_a_mistyped_share_is_told_by_its_number(shares: list[str]) -> None:
    for wrong in (mistyped(shares[1]), shares[1].rpartition(" ")[0], shares[1] + " sceau", "academic acid", ""):
        with pytest.raises(BadShares, match="share 2 is mistyped"):
            join([shares[0], wrong, shares[2]])


def test_a_share_of_another_split_of_the_same_key_is_foreign(shares: list[str], master: bytes) -> None:
    other = split(master, threshold=3, of=5)
    with pytest.raises(BadShares, match="different sets"):
        join([*shares[:2], other[2]])


def test_no_share_gives_no_key() -> None:
    with pytest.raises(BadShares, match="no share"):
        join([])


def test_an_error_repeats_no_word_of_a_share(shares: list[str]) -> None:
    with pytest.raises(BadShares) as refused:
        join([mistyped(shares[0]), *shares[1:3]])
    assert not set(shares[0].split()) & set(str(refused.value).split())
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(("threshold", "of"), [(1, 5), (6, 5), (2, 17), (0, 0)])
def test_a_split_that_protects_nothing_or_cannot_be_joined_is_refused(master: bytes, threshold: int, of: int) -> None:
    with pytest.raises(BadShares):
        split(master, threshold=threshold, of=of)


@pytest.mark.parametrize(("threshold", "of"), [(2, 2), (2, 16), (16, 16)])
def test_its_neighbours_are_not(master: bytes, threshold: int, of: int) -> None:
    made = split(master, threshold=threshold, of=of)
    assert len(made) == of
    assert join(made[:threshold]) == master


def test_a_store_whose_passphrase_is_lost_opens_again(tmp_path: Path) -> None:
    store = Store.create(tmp_path, UNLOCK)
    kept = store.ensure("credentials/1")
    given = split(store.master, threshold=2, of=3)
    Store.recovered(tmp_path, join(given[1:])).rewrap(NEW)
    assert Store(tmp_path, NEW).get("credentials/1") == kept


def test_shares_of_another_store_change_nothing(tmp_path: Path) -> None:
    counter, registry = (Store.create(tmp_path / service, UNLOCK) for service in ("counter", "registry"))
    kept = counter.ensure("credentials/1")
    with pytest.raises(KeyholderError, match="nothing in it opens"):
        Store.recovered(counter.folder, join(split(registry.master, threshold=2, of=3)))
    assert Store(counter.folder, UNLOCK).get("credentials/1") == kept
