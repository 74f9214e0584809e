"""JSON as a tree to look around in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.strip import Strip

from lambdatui.model.json_tree import BATCH, HEAD, MORE, Line, Node, begin, lines
from lambdatui.ui.widgets import drawing
from lambdatui.ui.widgets.cells import fold, width_of
from lambdatui.ui.widgets.flat import FlatWidget, movement
from lambdatui.ui.widgets.json_lines import OPEN, foldable, indent, runs

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events

    from lambdatui.model.json_value import Value

EDGES = 2
"""Cells for the mark of the cursor, and for the bar."""


class JsonTree(FlatWidget):
    """A value with a cursor. Objects, lists, and what is in strings fold; of many items a thousand come at a time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(it for it in movement("json") if "sideways" not in it.action),
        Binding("enter,space", "fold", "Fold", tooltip="Open what is folded, or fold it", id="json.toggle"),
        Binding("right", "into", "Open", tooltip="Open, then go in", show=False, id="json.open"),
        Binding("left", "out", "Fold", tooltip="Fold, or go out", show=False, id="json.fold"),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "json--name",
        "json--text",
        "json--value",
        "json--note",
        "json--cursor",
        "json--bar",
    }

    DEFAULT_CSS = """
    JsonTree {
        height: 1fr;
        & > .json--name { color: $text-accent; }
        & > .json--value { color: $text-secondary; }
        & > .json--note { color: $foreground-muted; }
        & > .json--cursor {
            background: $block-cursor-blurred-background;
            color: $block-cursor-blurred-foreground;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .json--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
        & > .json--bar { color: $scrollbar; }
        &:focus > .json--bar { color: $scrollbar-active; }
    }
    """

    def __init__(self, value: Value) -> None:
        """Show an object or a list."""
        super().__init__()
        self._root = begin(value)
        self._lines: list[Line] = []
        self._at = 0
        """The line that the cursor is on."""
        self._offset = 0
        """The line on top."""

    @property
    def cursor(self) -> Node:
        """What the cursor is on."""
        return self._lines[self._at].node if self._lines else self._root

    @property
    def _room(self) -> int:
        return max(1, self.size.width - EDGES)

    def _lay_out(self) -> None:
        """Make the lines of what is open; the cursor stays on what it was on, and that on its line of the screen."""
        if not self.size.width:
            return
        before = self._lines[self._at] if self._lines else None
        y = self._at - self._offset
        self._lines = list(lines(self._root, self._folded))
        if before is not None:
            wanted = (before.node, before.row)
            places = [at for at, line in enumerate(self._lines) if line.node is before.node]
            same = (at for at in places if (self._lines[at].node, self._lines[at].row) == wanted)
            self._at = next(same, places[0] if places else 0)
        self._offset = self._at - y
        self._go(self._at)

    def _folded(self, text: str, node: Node) -> list[str]:
        return fold(text, max(1, self._room - indent(node.depth + 1, self._room) - len(OPEN)))

    def _settle(self) -> None:
        """Draw the lines that differ from what was drawn last."""
        self._offset = max(0, min(self._offset, len(self._lines) - self.size.height))
        shown = range(self._offset, self._offset + self.size.height)
        self.draw((self.size,), [self._state(at) for at in shown])

    def _state(self, at: int) -> tuple[object, ...]:
        """What the look of a line depends on."""
        if at >= len(self._lines):
            return (None,)
        line = self._lines[at]
        return line, line.node.opened, line.node.room, at == self._at, self._bar(at - self._offset)

    def _bar(self, y: int) -> bool:
        return drawing.thumb(y, self.size.height, self._offset, len(self._lines))

    # Moving -----------------------------------------------------------------------------------------------------

    def action_move(self, rows: int) -> None:
        """Move the cursor by lines."""
        self._go(self._at + rows)

    def action_page(self, pages: float) -> None:
        """Move cursor and view together by pages."""
        rows = round(pages * max(2, self.size.height - 1))
        self._offset += rows
        self._go(self._at + rows)

    def action_jump(self, where: str) -> None:
        """Move the cursor to the first ("start") or last ("end") line."""
        self._go(0 if where == "start" else len(self._lines) - 1)

    def action_sideways(self, steps: int) -> None:
        """There is nothing beside the tree."""

    def scroll_rows(self, rows: int) -> None:
        """Scroll, and leave the cursor where it is, even out of sight."""
        self._offset += rows
        self._settle()

    def _go(self, at: int) -> None:
        self._at = max(0, min(at, len(self._lines) - 1))
        self._offset = max(min(self._offset, self._at), self._at - max(1, self.size.height) + 1)
        self._settle()

    def _go_to(self, node: Node) -> None:
        self._go(next(at for at, line in enumerate(self._lines) if line.node is node and line.row == HEAD))

    # Folding ----------------------------------------------------------------------------------------------------

    def action_fold(self) -> None:
        """Open what the cursor is on, or fold it; where items are left out, show more of them."""
        if not self._lines:
            return
        line = self._lines[self._at]
        if line.row == MORE:
            first = len(line.node.children)
            line.node.room += BATCH
            self._lines[self._at] = Line(line.node.children[first], HEAD)
            self._lay_out()
        elif foldable(line.node, self._room):
            line.node.opened = not line.node.opened
            self._lay_out()

    def action_into(self) -> None:
        """Open what the cursor is on; if it is open, go to what is first in it."""
        if foldable(self.cursor, self._room) and not self.cursor.opened:
            self.action_fold()
        elif self.cursor.opened and self._lines[self._at].row == HEAD:
            self.action_move(1)

    def action_out(self) -> None:
        """Fold what the cursor is on; if there is nothing to fold, go to what it is in."""
        node = self.cursor
        at_head = bool(self._lines) and self._lines[self._at].row == HEAD
        if at_head and node.opened and foldable(node, self._room):
            self.action_fold()
        elif not at_head and node.parent is not None:
            self._go_to(node)
        elif node.parent is not None and node.parent.parent is not None:
            self._go_to(node.parent)

    # Events -----------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        self._lay_out()

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None:
            return
        if at.x == self.size.width - 1 and len(self._lines) > self.size.height:
            self.scroll_rows(drawing.pointed(at.y, self.size.height, len(self._lines)) - self._offset)
        elif at.y + self._offset < len(self._lines):
            self._go(at.y + self._offset)
            if self._lines[self._at].row in (HEAD, MORE):
                self.action_fold()

    # Drawing ----------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """One line of the tree."""
        at, width = y + self._offset, self.size.width
        if at >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        pieces = runs(self._lines[at], self._room)
        rest = " " * (self._room - sum(width_of(it.text) for it in pieces))
        if at == self._at:
            sign = drawing.CURSOR if self.has_focus else drawing.BLURRED_CURSOR
            segments = [Segment(sign + "".join(it.text for it in pieces) + rest, self._look("cursor"))]
        else:
            segments = [Segment(" ", self.rich_style), *(Segment(it.text, self._look(it.look)) for it in pieces)]
            segments.append(Segment(rest, self.rich_style))
        bar = drawing.BAR if self._bar(y) else " "
        return Strip([*Strip(segments).crop(0, width - 1), Segment(bar, self._look("bar"))])

    def _look(self, look: str) -> Style:
        return self.get_component_rich_style(f"json--{look}")
