"""What a person types of a name, found in names: the letters in their order, with or without others between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Span = tuple[int, int]
"""First and last-but-one index of characters that were hit."""


def folded(text: str) -> str:
    """Text without case, character for character: an index into the one is an index into the other."""
    if text.isascii():
        return text.lower()
    return "".join(lower if len(lower := letter.lower()) == 1 else letter for letter in text)


@dataclass(frozen=True)
class Needle:
    """What is looked for. Asked with folded text only; `exact`: no other letters between those of the needle."""

    text: str
    exact: bool = False

    @cached_property
    def letters(self) -> str:
        """The needle without case."""
        return folded(self.text)

    @cached_property
    def fits(self) -> Callable[[str], object]:
        """What is true of a text that has the needle in it."""
        letters = self.letters
        if self.exact or len(letters) < 2:
            return lambda text: letters in text
        # Before each letter all that is not it: there is one way to match, so hostile text costs one pass.
        between = (f"[^{re.escape(letter)}]*+{re.escape(letter)}" for letter in letters)
        return re.compile("".join(between)).match

    def rank(self, text: str) -> int:
        """How well a text fits that does, 0 best: whole, from its start, from a word's, in one piece, in several."""
        letters = self.letters
        at = text.find(letters)
        if at == 0:
            return 0 if len(text) == len(letters) else 1
        if at < 0:
            return 4
        while at > 0 and text[at - 1].isalnum():
            at = text.find(letters, at + 1)
        return 2 if at > 0 else 3

    def spans(self, text: str) -> Sequence[Span]:
        """What of a text was hit: every piece that is the needle, or else where its letters stand closest together."""
        letters = self.letters
        if not letters:
            return ()
        whole = [found.span() for found in re.finditer(re.escape(letters), text)]
        return whole or (() if self.exact else self._scattered(text))

    def _scattered(self, text: str) -> Sequence[Span]:
        at = -1
        for letter in self.letters:
            at = text.find(letter, at + 1)
            if at < 0:
                return ()
        # From the end of the first match back, so that it starts as late as it can.
        spans: list[Span] = []
        at += 1
        for letter in reversed(self.letters):
            at = text.rindex(letter, 0, at)
            spans = [(at, spans[0][1]), *spans[1:]] if spans and spans[0][0] == at + 1 else [(at, at + 1), *spans]
        return spans
