"""Shares of a store's master key (SLIP-39): enough of them, with the store's files, open it again when its passphrase is lost."""

from collections.abc import Sequence

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.share import Share


class BadShares(ValueError):
    """Too few, of different sets, or mistyped; the message says which, and repeats no word of them."""


def split(master: bytes, *, threshold: int, of: int) -> list[str]:
    """`of` shares in words, of which any `threshold` give the key back."""
    if not 1 < threshold <= of <= 16:
        raise BadShares("between 2 and 16 shares, and no more needed than there are")
    return [str(share) for share in generate_mnemonics(1, [(threshold, of)], master)[0]]


def join(shares: Sequence[str]) -> bytes:
    """The key. The same share twice counts once, and more than needed do no harm."""
    read = [_read(number, words) for number, words in enumerate(shares, start=1)]
    if len({share.identifier for share in read}) != 1:
        raise BadShares("shares of different sets" if read else "no share was given")
    held, needed = {share.index: share.mnemonic() for share in read}, read[0].member_threshold
    if len(held) < needed:
        raise BadShares(f"{needed} different shares are needed; given: {len(held)}")
    try:
        return bytes(combine_mnemonics(list(held.values())[:needed]))
    except MnemonicError:
        raise BadShares("shares that do not belong together") from None


def _read(number: int, words: str) -> Share:
    try:
        return Share.from_mnemonic(words)
    except MnemonicError:
        raise BadShares(f"share {number} is mistyped or not whole") from None
