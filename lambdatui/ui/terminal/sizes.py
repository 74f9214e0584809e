"""Screens that are laid out in the size that the terminal has.

Not reported: a screen lays itself out in the size that an event has, and tells itself of that by another one. Where the
terminal has changed twice before a screen came to the first event, of 80 columns, say, it tells itself of 80 after it
was told of 100, and of 100 after that: unless both stand one behind the other and are taken as one, it is drawn in one
size and the other for ever. A window that is dragged on a busy machine is enough. Seen in Textual 8.2.8.
"""

from __future__ import annotations

from typing import Any

from textual.geometry import Size
from textual.screen import Screen


def patch_sizes() -> None:
    """Have screens take the size of the terminal, whichever they are told of."""
    Screen._screen_resized = _screen_resized  # type: ignore[method-assign]


_resized = Screen._screen_resized


def _screen_resized(self: Screen[Any], size: Size) -> None:
    if self._size != self.app.size:  # else it is laid out already, and would be drawn for nothing
        _resized(self, self.app.size)
