"""How small a terminal may be, and how large it is for more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.geometry import Size

COLUMNS, ROWS = 40, 10
"""The least that the program can be used at; its workflows need 80×24."""
STRIP_COLUMNS = 120
"""The least width in which how the account does can be read below the functions."""
STRIP_LEAST, STRIP_MOST = 14, 16
"""Lines of that."""
KEPT_ROWS = 30
"""Rows that the list keeps, if it has them."""
AROUND = 4
"""Lines around its rows: who asks, how many there are, the header and the keys."""


def too_small(size: Size) -> bool:
    """Whether nothing can be shown in a terminal of this size."""
    return size.width < COLUMNS or size.height < ROWS


def lines_below(size: Size, rows: int) -> int:
    """How many lines there are for how the account does, below a list of so many rows; 0 where that is too few."""
    spare = size.height - AROUND - min(rows, KEPT_ROWS)
    return min(spare, STRIP_MOST) if size.width >= STRIP_COLUMNS and spare >= STRIP_LEAST else 0
