"""A log that is read while it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from lambdatui.ui.widgets.cells import ELLIPSIS, cells_from, fit, head, width_of
from lambdatui.ui.widgets.flat import FlatWidget, movement
from lambdatui.ui.widgets.log_colours import Ground, painted
from lambdatui.ui.widgets.log_text import MARGIN, LogText, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lambdatui.ui.widgets.log_text import LogLine

LIMIT = 10_000
"""Lines that are kept."""
SIDEWAYS = 16
"""Cells that left and right scroll lines that are not wrapped."""
MARKS = {"log": "  ", "platform": "· ", "error": "! ", "note": "» "}
"""What tells the kinds of lines apart where there are no colours."""


class LogView(FlatWidget):
    """Plain log lines: follows the end, or keeps the same lines under the reader's eyes whatever arrives.

    Only what is on screen is folded and drawn, once for each batch of lines.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *movement("log"),
        Binding("space", "follow", "Pause", tooltip="Hold the lines still, or follow the end", id="log.follow"),
        Binding("W", "toggle_wrap", "Wrap", tooltip="Fold long lines, or scroll sideways", id="log.wrap"),
        Binding("t", "toggle_timestamps", "Time", tooltip="Show the moment of each line, or not", id="log.timestamps"),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "log-view--time",
        "log-view--log",
        "log-view--platform",
        "log-view--error",
        "log-view--note",
    }

    DEFAULT_CSS = """
    LogView {
        height: 1fr;
        & > .log-view--time { color: $text-muted; }
        & > .log-view--platform { color: $text-muted; }
        & > .log-view--error { color: $text-error; text-style: bold; }
        & > .log-view--note { color: $text-accent; text-style: italic; }
    }
    """

    wrap: var[bool] = var(True, init=False)
    """Whether long lines go on in the next row."""
    timestamps: var[bool] = var(True, init=False)
    """Whether each line's moment is shown, where there is room."""

    class Changed(Message):
        """`following`, `unseen` or `dropped` is another one now."""

        def __init__(self, log_view: LogView) -> None:
            super().__init__()
            self.log_view = log_view

        @property
        def control(self) -> LogView:
            """The log that sent it."""
            return self.log_view

    def __init__(
        self,
        *,
        limit: int = LIMIT,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 (Textual's name)
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._text = LogText(limit)
        self._top = Place(0, 0)
        self._x = 0
        self._following = True
        self._held_end: int | None = None  # lines from here on wait, even where the screen has room for them
        self._seen = 0
        self._cleared = 0
        self._announced = (True, 0, 0)
        self._places: list[Place] = []

    # What is shown ----------------------------------------------------------------------------------------------

    @property
    def total(self) -> int:
        """How many lines are kept."""
        return len(self._text)

    @property
    def dropped(self) -> int:
        """How many lines were dropped because there were too many, since the last clear()."""
        return self._text.first - self._cleared

    @property
    def unseen(self) -> int:
        """How many lines have come below the screen and were not on it yet."""
        return self._text.end - max(self._seen, self._text.first)

    @property
    def following(self) -> bool:
        """Whether new lines scroll into view. Scrolling up ends it; reaching the end, or True, begins it again."""
        return self._following

    @following.setter
    def following(self, following: bool) -> None:
        self._following = following
        self._held_end = None if following else self._text.end
        self._settle()

    def append(self, lines: Sequence[LogLine]) -> None:
        """Add a batch of lines at the end, drawn at once."""
        self._text.append(lines)
        self._settle()

    def clear(self) -> None:
        """Drop all lines and follow the end."""
        self._text.clear()
        self._seen = self._cleared = self._text.end
        self.following = True

    # Moving -----------------------------------------------------------------------------------------------------

    def action_move(self, rows: int) -> None:
        """Scroll by rows."""
        self._scroll(self._text.moved(self._text.clamped(self._top), rows))

    scroll_rows = action_move

    def action_page(self, pages: float) -> None:
        """Scroll by pages."""
        self.action_move(round(pages * max(2, self.size.height - 1)))

    def action_jump(self, where: str) -> None:
        """Scroll to the oldest line ("start"), or to the end ("end") and follow it."""
        if where == "end":
            self.following = True
        else:
            self._scroll(Place(self._text.first, 0))

    def _scroll(self, top: Place) -> None:
        last = self._text.last_top(self.size.height)
        if top >= last and top >= self._top:
            self._following = True
        elif top < self._top:
            self._following = False
        if top > self._top or self._following:
            self._held_end = None
        self._top = min(top, last)
        self._settle()

    def action_sideways(self, steps: int) -> None:
        """Scroll lines that are not wrapped to the side."""
        if not self.wrap:
            longest = max((self._overhang(place) for place in self._places), default=0)
            self._x = max(0, min(self._x + steps * SIDEWAYS, longest))
            self._settle()

    def action_follow(self) -> None:
        """Hold the lines still, or follow the end again."""
        self.following = not self.following

    def action_toggle_wrap(self) -> None:
        """Fold long lines, or scroll sideways."""
        self.wrap = not self.wrap

    def action_toggle_timestamps(self) -> None:
        """Show the moment of each line, or not."""
        self.timestamps = not self.timestamps

    def watch_wrap(self) -> None:
        self._x = 0
        self._reshape()

    def watch_timestamps(self) -> None:
        self._reshape()

    def _reshape(self) -> None:
        """Fold anew; the character at the top left stays on the first line."""
        text = self._text
        top = text.clamped(self._top)
        characters = text.characters_before(top)
        text.shape(self.size.width, self.wrap, self.timestamps)
        self._top = text.place_of(top.line, characters)
        self._settle()

    # Events -----------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        self._reshape()

    def on_resize(self) -> None:
        self._reshape()

    # Drawing ----------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Draw the lines that differ from what was drawn last, and tell what has changed."""
        text, height = self._text, self.size.height
        if not self.is_mounted or not height:
            return
        last = text.last_top(height)
        self._top = last if self._following else min(text.clamped(self._top), last)
        places = text.places(self._top, height, self._held_end)
        frame = (self.size, self.wrap, self.timestamps, self._x)
        self._places = places
        self.draw(frame, places)
        self._seen = max(self._seen, places[-1].line + 1 if places else 0)
        if (state := (self._following, self.unseen, self.dropped)) != self._announced:
            self._announced = state
            self.post_message(self.Changed(self))

    def render_line(self, y: int) -> Strip:
        """One row of the log."""
        if y >= len(self._places) or self._places[y].line < self._text.first:
            return Strip.blank(self.size.width, self.get_component_rich_style("log-view--log"))
        place = self._places[y]
        line = self._text.line(place.line)
        moment = self._text.moment(line)
        width = self._text.body(line)
        row, more = head(self._text.rows(place.line)[place.row], self._x + width)
        style = self.get_component_rich_style(f"log-view--{line.kind}")
        if place.row:
            segments = [Segment(" " * (MARGIN + len(moment)), style)]
        else:
            segments = [
                Segment(MARKS[line.kind], style),
                Segment(moment, self.get_component_rich_style("log-view--time")),
            ]
        if more:
            row += ELLIPSIS * 2
        if spans := self._text.spans(place):
            segments += painted(row, spans, self._x, width, Ground(style, self.app.ansi_theme))
        else:
            segments.append(Segment(fit(cells_from(row, self._x), width), style))
        return Strip(segment for segment in segments if segment.text).crop(0, self.size.width)

    def _overhang(self, place: Place) -> int:
        row = self._text.rows(place.line)[place.row]
        return width_of(row) - self._text.body(self._text.line(place.line))
