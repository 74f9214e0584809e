"""Which cells of a line are others than before: few cells are few bytes to the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import get_character_cell_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.style import Style
    from textual.strip import Strip

TOGETHER = 10
"""Cells that are written again where what has changed goes on after them: to move the cursor takes as many bytes."""


def differing(old: Strip, new: Strip) -> Sequence[tuple[int, int]]:
    """Where cells differ: the first one and the one after the last, from left to right.

    All of them where lines are not equally long, or have characters that are not one cell wide.
    """
    before, after = old.text, new.text
    if old == new or not (before or after):
        return ()
    if len(before) != len(after) or len(after) != new.cell_length or not (_narrow(before) and _narrow(after)):
        return ((0, new.cell_length),)
    found: list[tuple[int, int]] = []
    start = 0
    for stop, alike in _runs(old, new):
        # A run looks as it did, mostly, and of its characters a few are others.
        if not alike:
            _add(found, start, stop)
        elif before[start:stop] != after[start:stop]:
            for at in range(start, stop):
                if before[at] != after[at]:
                    _add(found, at, at + 1)
        start = stop
    return found


def _add(found: list[tuple[int, int]], start: int, stop: int) -> None:
    if found and start - found[-1][1] < TOGETHER:
        found[-1] = found[-1][0], stop
    else:
        found.append((start, stop))


def _runs(old: Strip, new: Strip) -> Iterator[tuple[int, bool]]:
    """Where runs end that have one style in both, which are equally long, and whether it is the same style."""
    ones, others = _ends(old), _ends(new)
    (one, style), (other, look) = next(ones), next(others)
    while True:
        yield min(one, other), style == look
        past = one <= other, other <= one
        if past[0]:
            one, style = next(ones, (0, None))
        if past[1]:
            other, look = next(others, (0, None))
        if not one or not other:
            return


def _ends(strip: Strip) -> Iterator[tuple[int, Style | None]]:
    end = 0
    for text, style, _ in strip:
        if text:
            end += len(text)
            yield end, style


def _narrow(text: str) -> bool:
    """Whether each of these characters takes one cell."""
    return text.isascii() or all(it.isascii() or get_character_cell_size(it) == 1 for it in {*text})
