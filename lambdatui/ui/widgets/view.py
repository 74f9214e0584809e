"""The part of a table's rows that is on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from lambdatui.ui.widgets.columns import Item

if TYPE_CHECKING:
    from collections.abc import Callable

    from lambdatui.ui.widgets.rows import Rows


class View(Generic[Item]):
    """A window of `height` lines over rows, which keeps its place when they change and goes where the cursor goes."""

    def __init__(self, rows: Rows[Item]) -> None:
        self.rows = rows
        self.height = 0
        """Lines for rows; 0 before the first layout."""
        self.offset = 0
        """Index of the row on the first line."""

    @property
    def cursor_line(self) -> int | None:
        """The line that the cursor is on, None when it is scrolled out of view or there are no rows."""
        line = self.rows.at - self.offset
        return line if self.rows.shown and 0 <= line < self.height else None

    def hold(self, change: Callable[[], None]) -> None:
        """Change the rows under the reader's eyes: the cursor's line, if it is on screen, or else the top row stays."""
        line = self.cursor_line
        before = self.rows.shown
        change()
        if line is not None:
            self.offset = self.rows.at - line
        elif 0 < self.offset < len(before) and before is not self.rows.shown and before[self.offset] in self.rows.shown:
            self.offset = self.rows.shown.index(before[self.offset])
        self._clamp()

    def resize(self, height: int) -> None:
        """Take another height; a cursor that was on screen still is."""
        follow = self.cursor_line is not None or not self.height
        self.height = max(0, height)
        if follow:
            self.go(self.rows.at)
        self._clamp()

    def go(self, index: int) -> None:
        """Put the cursor on the row at an index, or at the end next to it, and scroll as far as needed to see it."""
        self.rows.move(index)
        self.offset = max(min(self.offset, self.rows.at), self.rows.at - self.height + 1)
        self._clamp()

    def page(self, pages: float) -> None:
        """Move cursor and window together by pages: the cursor stays on its line as long as there are rows."""
        rows = round(pages * max(2, self.height - 1))
        self.offset += rows
        self.go(self.rows.at + rows)

    def scroll_to(self, offset: int) -> None:
        """Put the row at an index on the first line; the cursor stays on its row."""
        self.offset = offset
        self._clamp()

    def _clamp(self) -> None:
        self.offset = max(0, min(self.offset, len(self.rows.shown) - self.height))
