"""How a table looks: which columns there is room for, and the lines of the header and of the rows in sight.

Only those are ever drawn, so ten thousand rows cost what forty do.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from lambdatui.ui.widgets import drawing
from lambdatui.ui.widgets.columns import Column, Item, Layout, furthest, lay_out, ordered
from lambdatui.ui.widgets.differing import differing
from lambdatui.ui.widgets.rows_widget import RowsWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.style import Style

    from lambdatui.model.query import Language


class TableCanvas(RowsWidget[Item]):
    """The header and the rows on screen. What moves the cursor, and is told of it, is a subclass's.

    The first line is the header; below it the widget scrolls by itself. What has not changed is not drawn again.
    """

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
    TableCanvas {
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
        """The column that stands beside the first one of all."""
        self._laid_out = ((0, 1), lay_out(self.columns, 0, 1))
        self._lines: dict[int, Strip] = {}
        """The lines as they were drawn last."""
        self._ahead: dict[int, Strip] = {}
        """Lines that were made to see what of them has changed, and are drawn next."""
        self._looks: dict[str, Style] = {}
        """Textual forgets its own with every change of the rows."""

    # Columns ----------------------------------------------------------------------------------------------------

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

    def turn(self, steps: int) -> None:
        """Have columns further right (or left) beside the first one, as far as there are any."""
        self._first = max(1, min(self._first + steps, furthest(self.columns, self._room)))

    def reveal(self, column: int) -> None:
        """Scroll sideways as far as needed to see a column."""
        if self.size and all(column != placed.column for placed in self._layout().placed):
            self._first = min(self.order.index(column), furthest(self.columns, self._room))

    # Lines ------------------------------------------------------------------------------------------------------

    def paint(self) -> None:
        """Draw the lines that differ from what was drawn last."""
        frame = (self.size, self._query.needles, self._layout())
        self.draw(frame, [self._state(y) for y in range(self._view.height + 1)])

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
