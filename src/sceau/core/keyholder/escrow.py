"""Shares of a store's master key (SLIP-39): enough of them, with the store's files, open it again when its passphrase is lost."""

from collections.abc import Sequence

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics


class BadShares(ValueError):
    """Too few, of different sets, or mistyped; the message says which."""


def split(master: bytes, *, threshold: int, of: int) -> list[str]:
    """`of` shares in words, of which any `threshold` give the key back."""
    if not 1 < threshold <= of <= 16:
        raise BadShares("between 2 and 16 shares, and no more needed than there are")
    return [str(share) for share in generate_mnemonics(1, [(threshold, of)], master)[0]]


def join(shares: Sequence[str]) -> bytes:
    try:
        return bytes(combine_mnemonics(shares))
    except MnemonicError as error:
        raise BadShares(str(error)) from None
