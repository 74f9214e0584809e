"""Dots finer than cells, and rows of cells that are drawn over one another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rich.cells import cell_len

from lambdatui.ui.widgets.chart_signs import Signs


class Row(NamedTuple):
    """A line of cells: their characters, and of each the letter of its look (see `LOOKS`)."""

    text: str
    looks: str


def narrow(text: str) -> str:
    """Text of one cell a character, so that a cell has the number of its character."""
    return text if text.isascii() else "".join(one if cell_len(one) == 1 else "?" for one in text)


def differing(old: Row, new: Row) -> tuple[int, int] | None:
    """The first cell in which two rows of one length differ, and the one after the last; None if they do not."""
    if old == new:
        return None
    apart = [
        at for at, (one, other) in enumerate(zip(zip(*old, strict=True), zip(*new, strict=True), strict=True))
        if one != other
    ]  # fmt: skip
    return apart[0], apart[-1] + 1


class Dots:
    """A canvas of dots, 0 at the top left: as many cells as it is made for."""

    def __init__(self, columns: int, rows: int, signs: Signs) -> None:
        self.columns = columns
        self._signs = signs
        self.cells = bytearray(columns * rows)
        """The number of each cell's character, row by row."""

    def stroke(self, points: Sequence[tuple[int, int]], on: int = 1, of: int = 1) -> None:
        """Connect dots (x, y) from left to right; only the first `on` of each `of` columns of dots are drawn."""
        for x, y in points[:1]:
            self._upright(x, y, y)
        for (x0, y0), (x1, y1) in pairwise(points):
            width, rise = x1 - x0, y1 - y0
            if not width:
                self._upright(x1, y0, y1)
                continue
            before = y0
            for step in range(1, width + 1):
                y = y0 + (rise * step * 2 + width) // (2 * width) if rise else y0
                if (x0 + step) % of < on:
                    self._upright(x0 + step, before + (y > before) - (y < before), y)
                before = y

    def _upright(self, x: int, start: int, end: int) -> None:
        signs, cells, columns = self._signs, self.cells, self.columns
        column, part = divmod(x, signs.across)
        weights = signs.bits[part]
        down = len(weights)
        for y in range(start, end + 1) if start <= end else range(end, start + 1):
            cells[y // down * columns + column] |= weights[y % down]


class Layer(NamedTuple):
    """A canvas, how it looks, and the sign of its cells where its dots are not drawn."""

    dots: Dots
    look: str
    sign: str = ""


class Cells:
    """Rows of cells, each with a look."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self._text = [[" "] * columns for _ in range(rows)]
        self._looks = [[" "] * columns for _ in range(rows)]

    def put(self, column: int, row: int, text: str, look: str) -> None:
        """Write over what is there, a character a cell."""
        for at, one in enumerate(text, column):
            if 0 <= at < self.columns:
                self._text[row][at] = one
                self._looks[row][at] = look

    def blank(self, column: int, row: int, width: int = 1) -> bool:
        """Whether nothing is in these cells."""
        return all(one == " " for one in self._text[row][max(0, column) : column + width])

    def look(self, column: int, row: int, look: str) -> None:
        """Change the look of a cell."""
        self._looks[row][column] = look

    def lay(self, layers: Sequence[Layer], left: int, top: int, signs: Signs) -> None:
        """Draw layers, the first on top; those without a sign of their own share the dots of a cell."""
        joined: dict[int, int] = {}
        for dots, look, sign in reversed(layers):
            for at, bits in enumerate(dots.cells):
                if not bits:
                    continue
                if not sign:
                    bits = joined[at] = joined.get(at, 0) | bits
                row, column = divmod(at, dots.columns)
                self._text[top + row][left + column] = sign or signs.dots[bits]
                self._looks[top + row][left + column] = look

    def rows(self) -> tuple[Row, ...]:
        """All rows, done."""
        return tuple(Row("".join(text), "".join(looks)) for text, looks in zip(self._text, self._looks, strict=True))
