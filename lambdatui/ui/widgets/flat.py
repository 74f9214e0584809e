"""What the widgets that scroll by themselves share: keys, wheel, and drawing only the lines that differ."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.geometry import Region
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual import events

WHEEL = 3
"""Rows that one notch of the wheel scrolls."""


def movement(widget: str) -> list[Binding]:
    """The keys that move in every list and log, hidden, under the ids `<widget>.down` …; see FlatWidget's actions."""

    def key(keys: str, action: str, name: str, tooltip: str) -> Binding:
        return Binding(keys, action, tooltip, show=False, tooltip=tooltip, id=f"{widget}.{name}")

    return [
        key("down,j", "move(1)", "down", "Down"),
        key("up,k", "move(-1)", "up", "Up"),
        key("pagedown,ctrl+f", "page(1)", "page_down", "Page down"),
        key("pageup,ctrl+b", "page(-1)", "page_up", "Page up"),
        key("ctrl+d", "page(0.5)", "half_page_down", "Half a page down"),
        key("ctrl+u", "page(-0.5)", "half_page_up", "Half a page up"),
        key("home,g", "jump('start')", "start", "First line"),
        key("end,G", "jump('end')", "end", "Last line"),
        key("right", "sideways(1)", "right", "Scroll right"),
        key("left", "sideways(-1)", "left", "Scroll left"),
    ]


class FlatWidget(Widget, can_focus=True):
    """A widget that keeps its own offset instead of Textual's virtual size.

    Textual lays the screen out anew when a virtual size changes, which costs a frame for every batch of lines.
    """

    ALLOW_SELECT = False  # a selection by mouse would run across columns and margins

    _frame: tuple[object, ...] = ()
    _drawn: Sequence[object] = ()

    def action_move(self, rows: int) -> None:
        """Move by rows."""
        raise NotImplementedError

    def action_page(self, pages: float) -> None:
        """Move by pages."""
        raise NotImplementedError

    def action_jump(self, where: str) -> None:
        """Move to the "start" or the "end"."""
        raise NotImplementedError

    def action_sideways(self, steps: int) -> None:
        """Scroll to the side."""
        raise NotImplementedError

    def scroll_rows(self, rows: int) -> None:
        """Scroll without moving a cursor."""
        raise NotImplementedError

    def draw(self, frame: tuple[object, ...], lines: Sequence[object]) -> None:
        """Have those lines drawn again that differ from the last time, or all if the frame does.

        `lines` holds for each line what its look depends on, `frame` what the looks of all depend on.
        """
        if frame != self._frame:
            self.refresh()
        else:
            dirty = [y for y, (old, new) in enumerate(zip_longest(self._drawn, lines)) if old != new]
            if regions := [region for y in dirty for region in self.changed(y)]:
                self.refresh(*regions)  # without any it would draw everything
        self._frame, self._drawn = frame, lines

    def changed(self, y: int) -> Iterable[Region]:
        """What is to be drawn of a line that is another than before."""
        return (Region(0, y, self.size.width, 1),)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, direction: int) -> None:
        event.stop()
        event.prevent_default()
        if event.shift or event.ctrl:
            self.action_sideways(direction)
        else:
            self.scroll_rows(direction * WHEEL)
