"""How small a terminal may be, and how large it is for more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.geometry import Size

COLUMNS, ROWS = 40, 10
"""The least that the program can be used at; its workflows need 80×24."""
STRIP_COLUMNS, STRIP_ROWS = 160, 50
"""The least that has room for how the account does below the functions: the list keeps thirty rows."""


def too_small(size: Size) -> bool:
    """Whether nothing can be shown in a terminal of this size."""
    return size.width < COLUMNS or size.height < ROWS


def has_room_below(size: Size) -> bool:
    """Whether how the account does can be shown below the functions."""
    return size.width >= STRIP_COLUMNS and size.height >= STRIP_ROWS
