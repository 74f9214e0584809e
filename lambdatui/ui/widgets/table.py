"""A virtual table: only the rows that are on screen are ever drawn, so ten thousand cost what forty do."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from lambdatui.ui.widgets import drawing
from lambdatui.ui.widgets.columns import Column, Item, Layout, furthest, lay_out, ordered
from lambdatui.ui.widgets.differing import differing
from lambdatui.ui.widgets.flat import movement
from lambdatui.ui.widgets.rows_widget import RowsWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.style import Style
    from textual import events

    from lambdatui.model.query import Language


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


class Table(RowsWidget[Item]):
    """The rows on screen, with a cursor that keys and mouse move.

    The first line is the header; below it the widget scrolls by itself. What has not changed is not drawn again.
    """

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

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--header",
        "table--row",
        "table--cursor",
        "table--hit",
        "table--mark",
        "table--bar",
        "table--muted",
        "table--good",
        "table--warning",
        "table--bad",
    }

    DEFAULT_CSS = """
    Table {
        height: 1fr;
        & > .table--header { background: $panel; color: $foreground; text-style: bold; }
        & > .table--cursor {
            background: $block-cursor-blurred-background;
            color: $block-cursor-blurred-foreground;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .table--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
        & > .table--hit { color: $text-accent; text-style: bold underline; }
        & > .table--mark { color: $text-accent; text-style: bold; }
        & > .table--bar { color: $scrollbar; }
        &:focus > .table--bar { color: $scrollbar-active; }
        & > .table--muted { color: $text-muted; }
        & > .table--good { color: $text-success; }
        & > .table--warning { color: $text-warning; }
        & > .table--bad { color: $text-error; text-style: bold; }
    }
    """

    class Highlighted(_About):
        """The cursor is on another item, or on a newer state of the same one; None when no rows are shown."""

    class Selected(_About):
        """The item under the cursor was chosen: enter, or a click on the cursor's row."""

    class Sighted(_Told):
        """Other items, or other columns of them, are in sight than before."""

    class Arranged(_Told):
        """Filter, sort order, marks or pins are others than before."""

    def __init__(
        self,
        columns: Sequence[Column[Item]],
        *,
        key: Callable[[Item], str],
        language: Language[Item],
        id: str | None = None,  # noqa: A002 (Textual's name)
    ) -> None:
        super().__init__(columns, key=key, language=language, id=id)
        self._first = 1
        self._laid_out = ((0, 1), lay_out(self.columns, 0, 1))
        self._announced: Item | None = None
        self._sighted: tuple[list[int], list[str]] = [], []
        """The columns that were in sight, and the keys of the rows."""
        self._fresh_focus = False
        self._lines: dict[int, Strip] = {}
        """The lines as they were drawn last."""
        self._ahead: dict[int, Strip] = {}
        """Lines that were made to see what of them has changed, and are drawn next."""
        self._looks: dict[str, Style] = {}
        """Textual forgets its own with every change of the rows."""

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
        self._first = max(1, min(self._first + steps, furthest(self.columns, self._room)))
        self.settle()

    def action_select(self) -> None:
        """Choose the item under the cursor."""
        if (item := self.cursor_item) is not None:
            self.post_message(self.Selected(self, item))

    def _go(self, index: int) -> None:
        self._view.go(index)
        self.settle()

    def reveal(self, column: int) -> None:
        """Scroll sideways as far as needed to see a column."""
        if self.size and all(column != placed.column for placed in self._layout().placed):
            self._first = min(self.order.index(column), furthest(self.columns, self._room))

    # Events -----------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        self.settle()

    def on_resize(self, event: events.Resize) -> None:
        self._view.resize(self.size.height - 1)
        self._first = max(1, min(self._first, furthest(self.columns, self._room)))
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
            share = (at.y - 1) / max(1, self._view.height - 1)
            self.scroll_rows(round(share * (self.shown - self._view.height)) - self._view.offset)
        elif row == self._rows.at and not first_click:
            self.action_select()
        elif row < self.shown:
            self._go(row)

    def _click_header(self, x: int) -> None:
        for placed in self._layout().placed:
            if placed.x <= x < placed.x + placed.width and self.columns[placed.column].sort is not None:
                index, reverse = self._sort
                self.sort_by(placed.column, placed.column == index and not reverse)

    # Drawing ----------------------------------------------------------------------------------------------------

    @property
    def _room(self) -> int:
        """Cells for columns: the last one of the line belongs to the scroll bar."""
        return max(0, self.size.width - 1)

    @property
    def order(self) -> Sequence[int]:
        return ordered(self.columns, self._room)

    def _layout(self) -> Layout:
        if (self._room, self._first) != self._laid_out[0]:
            self._laid_out = (self._room, self._first), lay_out(self.columns, self._room, self._first)
        return self._laid_out[1]

    @property
    def columns_in_sight(self) -> Sequence[Column[Item]]:
        """The columns that are on screen, left to right."""
        return [self.columns[it.column] for it in self._layout().placed]

    def settle(self) -> None:
        """Draw the lines that differ from what was drawn last, and tell where the cursor is now."""
        if not self.is_mounted:
            return
        frame = (self.size, self._query.needles, self._layout())
        lines = [self._state(y) for y in range(self._view.height + 1)]
        self.draw(frame, lines)
        if (item := self.cursor_item) is not self._announced:
            self._announced = item
            self.post_message(self.Highlighted(self, item))
        in_sight = [it.column for it in self._layout().placed], [self._key(it) for it in self.in_sight]
        if in_sight != self._sighted:
            self._sighted = in_sight
            self.post_message(self.Sighted(self))

    def _state(self, y: int) -> tuple[object, ...]:
        """All that the look of line y depends on, besides the layout and the filter."""
        if y == 0:
            return self._sort
        index = y - 1 + self._view.offset
        bar = drawing.thumb(y - 1, self._view.height, self._view.offset, self.shown)
        if index >= self.shown:
            return (None, False, "", bar)
        return (self._rows.item(index), index == self._rows.at, self._sign(index), bar)

    def _sign(self, index: int) -> str:
        """What is in the gutter beside the cursor's sign. A mark, which is of the moment, stands for a pin as well."""
        key = self._rows.shown[index]
        if key in self._rows.marked:
            return drawing.MARKED
        return drawing.PINNED if key in self._rows.pinned else " "

    def arranged(self) -> None:
        if self.is_mounted:
            self.post_message(self.Arranged(self))

    def changed(self, y: int) -> Sequence[Region]:
        before = self._lines.get(y)
        if before is None:
            return (Region(0, y, self.size.width, 1),)
        self._lines[y] = self._ahead[y] = line = self._line(y)
        return [Region(start, y, end - start, 1) for start, end in differing(before, line)]

    def _set_dirty(self, *regions: Region) -> None:
        if not regions:  # all is drawn anew, maybe in other colours
            for kept in (self._lines, self._ahead, self._looks):
                kept.clear()
        super()._set_dirty(*regions)

    def notify_style_update(self) -> None:
        self._looks.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One line of the table; y = 0 is the header."""
        line = self._ahead.pop(y, None) or self._line(y)
        self._lines[y] = line
        return line

    def _line(self, y: int) -> Strip:
        room = self._room
        if y == 0:
            text = drawing.header(self.columns, self._layout(), room, self._sort)
            return Strip([Segment(text, self._look("header"))]).crop(0, self.size.width)
        index = y - 1 + self._view.offset
        if index >= self.shown:
            return Strip.blank(self.size.width, self._look("row"))
        runs = drawing.row(self.columns, self._layout(), room, self._rows.item(index), self._query.needles)
        sign = self._sign(index)
        if index == self._rows.at:
            style = self._look("cursor")
            cursor = drawing.CURSOR if self.has_focus else drawing.BLURRED_CURSOR
            hit = self._hit_under_cursor()
            parts = [(cursor + sign, style), *((run.text, hit if run.look == "hit" else style) for run in runs)]
        else:
            style = self._look("row")
            parts = [(" ", style), (sign, style if sign == " " else self._look("mark"))]
            parts += [(run.text, self._look(run.look or "row")) for run in runs]
        if drawing.thumb(y - 1, self._view.height, self._view.offset, self.shown):
            parts.append((drawing.BAR, self._look("bar")))
        else:
            parts.append((" ", style))
        # A segment costs some 40 bytes on the wire, whatever its text: neighbours that look alike are one.
        joined = [Segment("".join(text for text, _ in same), look) for look, same in groupby(parts, itemgetter(1))]
        return Strip(joined).crop(0, self.size.width)

    def _hit_under_cursor(self) -> Style:
        """On the cursor's background the colours of the tones could not be read."""
        style = self._looks.get("cursor hit")
        if style is None:
            tones = self.get_component_rich_style("table--hit", partial=True).without_color
            style = self._looks["cursor hit"] = self._look("cursor") + tones
        return style

    def _look(self, look: str) -> Style:
        style = self._looks.get(look)
        if style is None:
            style = self._looks[look] = self.get_component_rich_style(f"table--{look}")
        return style
