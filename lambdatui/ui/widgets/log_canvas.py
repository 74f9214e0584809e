"""A log drawn: the lines of a buffer that a filter lets through, as far as they are on screen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.reactive import var
from textual.strip import Strip

from lambdatui.model.log_buffer import LogBuffer
from lambdatui.ui.widgets.cells import width_of
from lambdatui.ui.widgets.flat import FlatWidget
from lambdatui.ui.widgets.log_drawing import Brush, segments
from lambdatui.ui.widgets.log_finder import LogFinder
from lambdatui.ui.widgets.log_reader import LogReader
from lambdatui.ui.widgets.log_rows import LogRows, Look
from lambdatui.ui.widgets.log_times import Times, moments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.style import Style
    from textual.timer import Timer

    from lambdatui.ui.widgets.log_rows import Place

SIDEWAYS = 16
"""Cells that left and right scroll lines that are not wrapped."""


class LogCanvas(FlatWidget):
    """Folds and draws what is on screen, and only the rows that have changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"log--{name}"
        for name in (
            "text", "platform", "debug", "warning", "error", "note", "time", "late", "hit", "cursor", "range",
            "letter-text", "letter-platform", "letter-debug", "letter-warning", "letter-error",
            "group-0", "group-1", "group-2", "group-3", "group-4", "group-5",
        )
    }  # fmt: skip

    DEFAULT_CSS = """
    LogCanvas {
        height: 1fr;
        & > .log--time, & > .log--platform, & > .log--debug { color: $text-muted; }
        & > .log--letter-platform, & > .log--letter-debug { color: $text-muted; }
        & > .log--warning { color: $text-warning; }
        & > .log--letter-warning { color: $text-warning; text-style: bold; }
        & > .log--error, & > .log--letter-error { color: $text-error; text-style: bold; }
        & > .log--note { color: $text-accent; text-style: italic; }
        & > .log--late { color: $text-accent; text-style: italic; }
        & > .log--hit { text-style: bold underline reverse; }
        & > .log--range { background: $panel; }
        & > .log--group-0 { color: $text-primary; }
        & > .log--group-1 { color: $text-success; }
        & > .log--group-2 { color: $text-warning; }
        & > .log--group-3 { color: $text-secondary; }
        & > .log--group-4 { color: $text-accent; }
        & > .log--group-5 { color: $text-error; }
        & > .log--cursor {
            background: $block-cursor-blurred-background;
            color: $block-cursor-blurred-foreground;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .log--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
    }
    """

    wrap: var[bool] = var(True, init=False)
    """Whether long lines go on in the next row."""
    times: var[Times] = var(Times.LOCAL, init=False)
    """How moments are told, where there is room."""
    groups: var[Mapping[str, str]] = var({}, init=False)
    """Short names of log groups, in the order of their colours; empty where all lines are of one."""

    _ticks: Timer

    def __init__(self, buffer: LogBuffer | None = None, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self.buffer = LogBuffer() if buffer is None else buffer  # an empty one is false
        self.finder = LogFinder(self.buffer)
        self.rows = LogRows(self.finder.selection)
        self.reader = LogReader(self.rows)
        self._x = 0
        self._places: Sequence[Place] = ()

    def told(self) -> None:
        """Everything that has changed was drawn."""

    def action_sideways(self, steps: int) -> None:
        """Scroll lines that are not wrapped to the side."""
        if not self.wrap:
            longest = max((self._overhang(place) for place in self._places), default=0)
            self._x = max(0, min(self._x + steps * SIDEWAYS, longest))
            self.settle()

    def action_toggle_wrap(self) -> None:
        """Fold long lines, or scroll sideways."""
        self.wrap = not self.wrap

    def action_next_times(self) -> None:
        """Tell moments in another way."""
        self.times = self.times.next

    def watch_wrap(self) -> None:
        self._x = 0
        self._reshape()

    def watch_times(self) -> None:
        if self.times is Times.RELATIVE:
            self._ticks.resume()
        else:
            self._ticks.pause()
        self._reshape()

    def watch_groups(self) -> None:
        self._reshape()

    def on_mount(self) -> None:
        self._ticks = self.set_interval(1, self.settle, pause=True, name="ages")
        self._reshape()

    def on_resize(self) -> None:
        self._reshape()

    def on_focus(self) -> None:
        self.settle()

    def on_blur(self) -> None:
        self.settle()

    def _reshape(self) -> None:
        """Fold anew; the character at the top left stays on the first line."""
        if not self.is_mounted:
            return
        top = self._places[0] if self._places and not self.reader.following else None
        characters = 0 if top is None else self.rows.characters_before(top)
        self.reader.height = self.size.height
        self._shape()
        if top is not None:
            self.reader.put_on_top(self.rows.place_of(top.key, characters))
        self.settle()

    def _shape(self) -> None:
        now = datetime.now().astimezone()
        self.rows.shape(
            Look(self.size.width, self.wrap, self.times, now.date(), self.groups, self.finder.queries),
            moments(self.times, now),
            self.finder.highlights,
        )

    def settle(self) -> None:
        """Draw the lines that differ from what was drawn last, and tell what has changed."""
        if not self.is_mounted or not self.size.height:
            return
        if (goal := self.finder.goal) is not None:
            self.finder.goal = None
            self.reader.go(goal)
        self._shape()
        self._places = places = self.reader.places()
        frame = (self.size, self.wrap, self._x, self.has_focus, self.finder.queries)
        self.draw(frame, [self._state(place) for place in places])
        self.told()

    def _state(self, place: Place) -> tuple[object, ...]:
        """All that the look of a row depends on, beside the frame."""
        lines = self.rows.lines(place.key)
        said = lines.record.message if lines.record.note else ""
        return place, place.key == self.reader.cursor, self._is_marked(place), lines.moment, lines.group, said

    def _is_marked(self, place: Place) -> bool:
        marked = self.reader.range
        return marked is not None and marked[0] <= place.key <= marked[1]

    def render_line(self, y: int) -> Strip:
        """One row of the log."""
        if y >= len(self._places):
            return Strip.blank(self.size.width, self._look_of("text"))
        place = self._places[y]
        lines = self.rows.lines(place.key)
        names = [*self.groups]
        row = segments(
            lines,
            min(place.row, len(lines.rows) - 1),
            Brush(self.size.width, self._x, self._look_of, self.app.ansi_theme, self.has_focus),
            cursor=place.key == self.reader.cursor,
            marked=self._is_marked(place),
            group=names.index(lines.record.group) if lines.record.group in names else 0,
        )
        return Strip(row).crop(0, self.size.width)

    def _look_of(self, look: str) -> Style:
        # A hit keeps the colours of what it is in.
        return self.get_component_rich_style(f"log--{look}", partial=look in {"hit", "range"})

    def _overhang(self, place: Place) -> int:
        lines = self.rows.lines(place.key)
        return width_of(lines.rows[place.row]) - self.rows.body(lines)
