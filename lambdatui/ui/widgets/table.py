"""A table: keys and mouse move its cursor, and its owner is told of it. How it looks is `table_canvas`'s."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from lambdatui.ui.widgets import drawing
from lambdatui.ui.widgets.columns import Item
from lambdatui.ui.widgets.flat import movement
from lambdatui.ui.widgets.table_canvas import TableCanvas

if TYPE_CHECKING:
    from textual import events


class _Told(Message):
    def __init__(self, table: Table[Any]) -> None:
        super().__init__()
        self.table = table

    @property
    def control(self) -> Table[Any]:
        """The table that sent it."""
        return self.table


class _About(_Told):
    def __init__(self, table: Table[Any], item: Any) -> None:
        super().__init__(table)
        self.item = item


class Table(TableCanvas[Item]):
    """A table with a cursor that keys and mouse move."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *movement("table"),
        Binding("enter", "select", "Open", tooltip="Open what the cursor is on", id="table.select"),
        Binding("s", "sort_next", "Sort", tooltip="Sort by the next column", id="table.sort"),
        Binding("S", "sort_reverse", "Reverse", tooltip="Reverse the sort order", show=False, id="table.reverse"),
        Binding("space", "mark", "Mark", tooltip="Mark or unmark, and go on", show=False, id="table.mark"),
        Binding(
            "asterisk", "pin", "Pin", key_display="*", tooltip="Pin to the top, or unpin", show=False, id="table.pin"
        ),
    ]

    class Highlighted(_About):
        """The cursor is on another item, or on a newer state of the same one; None when no rows are shown."""

    class Selected(_About):
        """The item under the cursor was chosen: enter, or a click on the cursor's row."""

    class Sighted(_Told):
        """Other items, or other columns of them, are in sight than before."""

    class Arranged(_Told):
        """Filter, sort order, marks or pins are others than before."""

    _announced: Item | None = None
    """The item that was told of as the one under the cursor."""
    _sighted: tuple[tuple[int, ...], tuple[str, ...]] = (), ()
    """The columns that were in sight, and the keys of the rows."""
    _fresh_focus = False

    # Moving -----------------------------------------------------------------------------------------------------

    def action_move(self, rows: int) -> None:
        """Move the cursor by rows."""
        self._go(self._rows.at + rows)

    def action_page(self, pages: float) -> None:
        """Move cursor and view by pages."""
        self._view.page(pages)
        self.settle()

    def action_jump(self, where: str) -> None:
        """Move the cursor to the first ("start") or last ("end") row."""
        self._go(0 if where == "start" else self.shown - 1)

    def point_at(self, key: str) -> None:
        """Move the cursor to the item of that key, if it is shown."""
        if key in self._rows.shown:
            self._go(self._rows.shown.index(key))

    def scroll_rows(self, rows: int) -> None:
        """Scroll, and leave the cursor on its row, even out of sight."""
        self._view.scroll_to(self._view.offset + rows)
        self.settle()

    def action_sideways(self, steps: int) -> None:
        """Scroll by columns; the first one stays."""
        self.turn(steps)
        self.settle()

    def action_select(self) -> None:
        """Choose the item under the cursor."""
        if (item := self.cursor_item) is not None:
            self.post_message(self.Selected(self, item))

    def _go(self, index: int) -> None:
        self._view.go(index)
        self.settle()

    # Events -----------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        self.settle()

    def on_resize(self, event: events.Resize) -> None:
        self._view.resize(self.size.height - 1)
        self.turn(0)
        self.settle()

    def on_focus(self) -> None:
        self._fresh_focus = True

    def on_key(self) -> None:
        self._fresh_focus = False

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        # A click that only brings the focus here must not open anything.
        first_click, self._fresh_focus = self._fresh_focus and event.chain == 1, False
        if at is None:
            return
        row = self._view.offset + at.y - 1
        if at.y == 0:
            self._click_header(at.x)
        elif at.x == self.size.width - 1 and self.shown > self._view.height:
            self.scroll_rows(drawing.pointed(at.y - 1, self._view.height, self.shown) - self._view.offset)
        elif row == self._rows.at and not first_click:
            self.action_select()
        elif row < self.shown:
            self._go(row)

    def _click_header(self, x: int) -> None:
        for placed in self._layout().placed:
            if placed.x <= x < placed.x + placed.width and self.columns[placed.column].sort is not None:
                index, reverse = self._sort
                self.sort_by(placed.column, placed.column == index and not reverse)

    # What is told -----------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Draw the lines that differ from what was drawn last, and tell where the cursor is now."""
        if not self.is_mounted:
            return
        self.paint()
        if (item := self.cursor_item) is not self._announced:
            self._announced = item
            self.post_message(self.Highlighted(self, item))
        in_sight = tuple(it.column for it in self._layout().placed), tuple(self._key(it) for it in self.in_sight)
        if in_sight != self._sighted:
            self._sighted = in_sight
            self.post_message(self.Sighted(self))

    def arranged(self) -> None:
        if self.is_mounted:
            self.post_message(self.Arranged(self))
