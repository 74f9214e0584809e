"""The parts of a pane as a line of tabs, where there is no room for all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.segment import Segment
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from lambdatui.ui.widgets.cells import width_of

if TYPE_CHECKING:
    from textual import events


class PartTab(NamedTuple):
    """One of them."""

    name: str
    title: str
    """Visible text."""


class PartsBar(Widget):
    """Draws the parts, the one in sight marked; a click on another wants that."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"parts--part", "parts--shown"}
    DEFAULT_CSS = """
    PartsBar {
        height: 1; background: $panel;
        & > .parts--part { color: $foreground-muted; background: $panel; }
        & > .parts--shown { color: $text-accent; background: $panel; text-style: bold reverse; }
    }
    """

    class Wanted(Message):
        """Somebody wants to see the part of that name."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    parts: reactive[tuple[PartTab, ...]] = reactive(())
    shown: reactive[str] = reactive("")

    def render_line(self, y: int) -> Strip:
        part, shown = (self.get_component_rich_style(f"parts--{name}") for name in ("part", "shown"))
        segments = [Segment(f" {it.title} ", shown if it.name == self.shown else part) for it in self.parts]
        return Strip(segments).adjust_cell_length(self.size.width, part)

    def on_click(self, event: events.Click) -> None:
        x = 0
        for part in self.parts:
            cells = width_of(part.title) + 2
            if x <= event.x < x + cells:
                self.post_message(self.Wanted(part.name))
            x += cells
