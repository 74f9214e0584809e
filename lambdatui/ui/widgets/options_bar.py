"""Options in a flowing line: what each is set to stands in sight, and can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from lambdatui.ui.widgets.cells import cut, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual import events
    from textual.geometry import Size

GAP = 2
"""Cells between two options."""


class Option(NamedTuple):
    """One of them."""

    name: str
    label: str
    value: str
    """What it is set to, visible text."""

    @property
    def cells(self) -> int:
        """How wide it is."""
        return width_of(self.label) + 1 + width_of(self.value)


class Placed(NamedTuple):
    """An option on screen: its number, line and first cell."""

    number: int
    y: int
    x: int


def flow(options: Sequence[Option], width: int) -> list[Placed]:
    """Where each option stands: as many on a line as fit, each whole or alone on its line."""
    placed: list[Placed] = []
    x = y = 0
    for index, option in enumerate(options):
        if x and x + option.cells > width:
            x, y = 0, y + 1
        placed.append(Placed(index, y, x))
        x += option.cells + GAP
    return placed


class OptionsBar(Widget, can_focus=True):
    """Draws the options that it is given; says which one somebody wants to change."""

    ALLOW_SELECT = False

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "change", "Change", tooltip="Change the option under the cursor", id="options.change"),
        Binding("right,down", "go(1)", "Next", tooltip="Next option", show=False, id="options.next"),
        Binding("left,up", "go(-1)", "Before", tooltip="The option before", show=False, id="options.previous"),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {"options--label", "options--value", "options--cursor"}

    DEFAULT_CSS = """
    OptionsBar {
        height: auto; padding: 0 1;
        & > .options--label { color: $foreground-muted; }
        & > .options--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
    }
    """

    class Wanted(Message):
        """Somebody wants to change the option of that name."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    options: reactive[tuple[Option, ...]] = reactive((), layout=True)
    cursor: reactive[int] = reactive(0)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        placed = flow(self.options, width)
        return placed[-1].y + 1 if placed else 1

    def render_line(self, y: int) -> Strip:
        label, value, cursor = (
            self.get_component_rich_style(f"options--{name}") for name in ("label", "value", "cursor")
        )
        width = self.content_size.width
        segments: list[Segment] = []
        at = 0
        for number, line, x in flow(self.options, width):
            if line == y:
                option = self.options[number]
                marked = self.has_focus and number == self.cursor
                segments.append(Segment(" " * (x - at), self.rich_style))
                segments += _drawn(option, width - x, cursor if marked else label, cursor if marked else value)
                at = x + min(option.cells, width - x)
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def watch_options(self) -> None:
        self.cursor = min(self.cursor, max(0, len(self.options) - 1))

    def action_go(self, step: int) -> None:
        """Move the cursor from option to option."""
        self.cursor = max(0, min(self.cursor + step, len(self.options) - 1))

    def action_change(self) -> None:
        """Change the option under the cursor."""
        if self.options:
            self.post_message(self.Wanted(self.options[self.cursor].name))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None:
            return
        for number, y, x in flow(self.options, self.content_size.width):
            if y == at.y and x <= at.x < x + self.options[number].cells:
                self.cursor = number
                self.action_change()


def _drawn(option: Option, room: int, label: Style, value: Style) -> list[Segment]:
    said = f"{option.label} "
    left = max(0, room - width_of(said))
    shown = option.value if width_of(option.value) <= left else cut(option.value, left)
    return [Segment(said, label), Segment(shown, value)]
