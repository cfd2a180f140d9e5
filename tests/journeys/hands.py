"""A person's hands at the counter: every key and click is counted, and timed by the keystroke-level model.

The model (Card, Moran and Newell 1980) gives a practised person's time without errors: 0.28 s a key, 1.3 s to point and press, 0.4 s to
move a hand between keyboard and mouse, 1.35 s to think. The rule for thinking, the same for whatever is compared: once a chunk, that
is once for the person, once for the result, and once for each confirmation that is asked for.
"""

from typing import NamedTuple

from playwright.sync_api import Locator, Page

KEY, POINT, MOVE, THINK = 0.28, 1.3, 0.4, 1.35


class Counted(NamedTuple):
    """`text` are the letters and digits of what is told; `keys` all others."""

    text: int
    keys: int
    clicks: int
    thoughts: int

    @property
    def seconds(self) -> float:
        """By the model."""
        hands = 2 * MOVE if self.clicks else 0.0
        return round((self.text + self.keys) * KEY + self.clicks * POINT + hands + self.thoughts * THINK, 1)


class Hands:
    def __init__(self, page: Page) -> None:
        self._page = page
        self.reset()

    def reset(self) -> None:
        self._text = self._keys = self._clicks = self._thoughts = 0

    def think(self) -> None:
        self._thoughts += 1

    def type(self, text: str) -> None:
        self._text += len(text)
        self._page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        self._keys += len(keys)
        for key in keys:
            self._page.keyboard.press(key)

    def click(self, what: Locator) -> None:
        self._clicks += 1
        what.click()

    def counted(self) -> Counted:
        return Counted(self._text, self._keys, self._clicks, self._thoughts)
