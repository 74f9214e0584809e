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
    if old == new:
        return ()
    before, after = [*_cells(old)], [*_cells(new)]
    if len(before) != len(after) or len(after) != new.cell_length or not _narrow({*before, *after}):
        return ((0, new.cell_length),)
    found: list[tuple[int, int]] = []
    for at, (one, other) in enumerate(zip(before, after, strict=True)):
        if one != other:
            if found and at - found[-1][1] < TOGETHER:
                found[-1] = found[-1][0], at + 1
            else:
                found.append((at, at + 1))
    return found


def _cells(strip: Strip) -> Iterator[tuple[str, Style | None]]:
    for segment in strip:
        style = segment.style
        for character in segment.text:
            yield character, style


def _narrow(cells: set[tuple[str, Style | None]]) -> bool:
    """Whether each of these characters takes one cell."""
    return all(character.isascii() or get_character_cell_size(character) == 1 for character, _ in cells)
