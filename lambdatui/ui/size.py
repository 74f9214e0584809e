"""How small a terminal may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.geometry import Size

COLUMNS, ROWS = 40, 10
"""The least that the program can be used at; its workflows need 80×24."""


def too_small(size: Size) -> bool:
    """Whether nothing can be shown in a terminal of this size."""
    return size.width < COLUMNS or size.height < ROWS
