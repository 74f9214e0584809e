"""Which items of two lists belong together."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from lambdatui.model.json_numbers import canonical
from lambdatui.model.json_value import Members, Number

NODES = 300_000
"""Values that are looked at, in all lists together, to know items again; after these lists are taken item by item."""
CELLS = 2_000_000
"""The same for pairs of items that are weighed."""
LONGEST = 200
"""Items of a list that are aligned, without those that both begin and end with."""
DEPTH = 6
"""Levels of an item by which it is known."""


def paired(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Pairs of indexes in order, item by item; -1 stands for none."""
    return _stretch(0, len(before), 0, len(after))


class Aligner:
    """Pairs the items of many lists, with a bound on the work for all of them."""

    def __init__(self) -> None:
        self._nodes = NODES
        self._cells = CELLS

    def pairs(self, before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[int, int]]:
        """Pairs of indexes in order; -1 stands for none.

        Items that are paired may differ, and what is not paired differs. What differs at the same place is paired.
        """
        if len(before) + len(after) > self._nodes:
            return paired(before, after)
        ours = [self._key(it, DEPTH) for it in before]
        theirs = [self._key(it, DEPTH) for it in after]
        if self._nodes <= 0:
            return paired(before, after)
        return self._aligned(ours, theirs)

    def _aligned(self, ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
        begin, shorter = 0, min(len(ours), len(theirs))
        while begin < shorter and ours[begin] == theirs[begin]:
            begin += 1
        end = 0
        while end < shorter - begin and ours[-1 - end] == theirs[-1 - end]:
            end += 1
        yield from _stretch(0, begin, 0, begin)
        left, right = len(ours) - end, len(theirs) - end
        for stretch in self._blocks(ours[begin:left], theirs[begin:right]):
            one, one_end, other, other_end = (begin + it for it in stretch)
            yield from _stretch(one, one_end, other, other_end)
        yield from _stretch(left, len(ours), right, len(theirs))

    def _blocks(self, ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> Iterator[tuple[int, int, int, int]]:
        """Stretches of both that belong together."""
        cells = len(ours) * len(theirs)
        if not cells or max(len(ours), len(theirs)) > LONGEST or cells > self._cells:
            yield 0, len(ours), 0, len(theirs)
            return
        from difflib import SequenceMatcher

        self._cells -= cells
        for _, *stretch in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
            one, one_end, other, other_end = stretch
            yield one, one_end, other, other_end

    def _key(self, value: Any, depth: int) -> Hashable:
        """By what an item is known again: two that say the same have the same, as far as it is looked at."""
        self._nodes -= 1
        if isinstance(value, Number):
            return Number, *canonical(value)
        if not isinstance(value, list):
            return type(value), value
        if not depth or self._nodes <= 0:
            return type(value), len(value)
        if isinstance(value, Members):
            return Members, frozenset((name, self._key(it, depth - 1)) for name, it in value)
        return list, tuple(self._key(it, depth - 1) for it in value)


def _stretch(one: int, one_end: int, other: int, other_end: int) -> Iterator[tuple[int, int]]:
    """Two stretches item by item, and then what one of them has more."""
    yield from zip(range(one, one_end), range(other, other_end), strict=False)
    shorter = min(one_end - one, other_end - other)
    yield from ((it, -1) for it in range(one + shorter, one_end))
    yield from ((-1, it) for it in range(other + shorter, other_end))
