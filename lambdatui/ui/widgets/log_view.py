"""A log that is read while it grows."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from lambdatui.ui.widgets.flat import movement
from lambdatui.ui.widgets.log_canvas import LogCanvas
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events

    from lambdatui.model.log_buffer import LogBuffer
    from lambdatui.model.log_chunk import Key, Record
    from lambdatui.model.log_query import LogQuery
    from lambdatui.model.logs import LogEvent, Marker

SLICE = 0.008
"""Seconds of looking through a log between two keys."""
DRAWN_EVERY = 0.1
"""Seconds between two drawings while a log is looked through."""


class LogView(LogCanvas):
    """The lines of a log buffer that a filter lets through: follows the end, or keeps the line under the reader's eyes.

    Only what is on screen is folded and drawn, once for each batch of events. What a filter or a search has not looked
    at yet is looked at in slices between which keys act.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *movement("log"),
        Binding("enter", "open", "Open", tooltip="Show the line under the cursor whole, JSON as a tree", id="log.open"),
        Binding("space", "follow", "Pause", tooltip="Hold the lines still, or follow the end", id="log.follow"),
        Binding("W", "toggle_wrap", "Wrap", tooltip="Fold long lines, or scroll sideways", show=False, id="log.wrap"),
        Binding("t", "next_times", "Time", tooltip="Local time, UTC, ages, none", show=False, id="log.timestamps"),
        Binding("e", "error(1)", "Error", tooltip="The next error", show=False, id="log.next_error"),
        Binding("E", "error(-1)", "Error before", tooltip="The error before", show=False, id="log.previous_error"),
        Binding("n", "hit(1)", "Next hit", tooltip="The next hit of the search", show=False, id="log.next_hit"),
        Binding("N", "hit(-1)", "Hit before", tooltip="The hit before", show=False, id="log.previous_hit"),
        Binding("z", "context(1)", "Context", tooltip="More lines around hits", show=False, id="log.more_context"),
        Binding("Z", "context(-1)", "Less", tooltip="Fewer lines around hits", show=False, id="log.less_context"),
        Binding("V", "mark", "Mark", tooltip="Mark a range from here on, to copy it", show=False, id="log.mark"),
    ]

    class _About(Message):
        def __init__(self, log_view: LogView) -> None:
            super().__init__()
            self.log_view = log_view

        @property
        def control(self) -> LogView:
            """The log that sent it."""
            return self.log_view

    class Changed(_About):
        """Where the reader is, or what can be seen and found, is another now."""

    class StartReached(_About):
        """Somebody goes up from the first line: what is older is wanted."""

    class Opened(_About):
        """A line is to be shown whole."""

        def __init__(self, log_view: LogView, record: Record) -> None:
            super().__init__(log_view)
            self.record = record

    def __init__(self, buffer: LogBuffer | None = None, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(buffer, id=id)
        self._announced: tuple[object, ...] = ()
        self._kept: Key | None = None
        """What is to stay in sight when the filter has looked at all."""

    # What is shown ----------------------------------------------------------------------------------------------

    @property
    def record(self) -> Record | None:
        """What the cursor is on, or the last one while the end is followed."""
        key = self.reader.here
        return None if key is None else self.rows.lines(key).record

    @property
    def marked(self) -> Sequence[Record]:
        """The records of the marked range, in order; of none, that of the cursor."""
        if self.reader.range is None:
            return [] if self.record is None else [self.record]
        first, last = map(self.rows.first_from, self.reader.range)
        return self.records(first, last + 1)

    @property
    def count_marked(self) -> int:
        """How many lines the marked range has; 0 where there is none."""
        if self.reader.range is None:
            return 0
        first, last = map(self.rows.first_from, self.reader.range)
        return last + 1 - first

    @property
    def chosen(self) -> tuple[Key, Key]:
        """The first and the last line of the marked range; of none, of all that the filter lets through.

        Raises IndexError where there are no lines.
        """
        return self.reader.range or (self.rows.key(0), self.rows.key(len(self.rows) - 1))

    def records(self, start: int, stop: int) -> list[Record]:
        """The records of the lines `start` … `stop` of those that the filter lets through."""
        return [self.buffer.record(self.finder.selection.buffer_index(at)) for at in range(start, stop)]

    @property
    def following(self) -> bool:
        """Whether new lines scroll into view. It can be set."""
        return self.reader.following

    @following.setter
    def following(self, following: bool) -> None:
        self.reader.following = following
        self.settle()

    def add(self, events: Sequence[LogEvent], markers: Sequence[Marker] = (), *, history: bool = False) -> int:
        """Take in a batch, drawn at once; how many events were taken is returned (see LogBuffer.add)."""
        taken = self.buffer.add(events, history=history) if events else 0
        for marker in markers:
            self.buffer.mark(marker)
        self._look_on()
        return taken

    def clear(self) -> None:
        """Drop all lines and follow the end."""
        self.buffer.clear()
        self.finder.missed = ""
        self.reader.forget()
        self.settle()

    def filter(self, query: LogQuery | None) -> None:
        """Show only what the query picks; what the cursor is on stays in sight, or what is next to it."""
        self.finder.filter(query)
        self.rows.selection = self.finder.selection
        self._kept = self.reader.cursor
        self._look_on()

    def search(self, query: LogQuery | None) -> None:
        """Mark the hits of a query, between which `n` and `N` go."""
        self.finder.search(query)
        self._look_on()

    # Moving -----------------------------------------------------------------------------------------------------

    def action_move(self, rows: int) -> None:
        """Move the cursor by lines."""
        self._go(rows < 0, lambda: self.reader.move(rows))

    def action_page(self, pages: float) -> None:
        """Move by pages."""
        self._go(pages < 0, lambda: self.reader.page(pages))

    def action_jump(self, where: str) -> None:
        """Go to the oldest line ("start"), or to the end ("end") and follow it."""
        self._go(where == "start", lambda: self.reader.jump(where == "end"))

    def scroll_rows(self, rows: int) -> None:
        """Scroll by rows; the cursor stays where it is as long as that is in sight."""
        self._go(rows < 0, lambda: self.reader.scroll(rows))

    def _go(self, up: bool, move: Callable[[], object]) -> None:
        wanted = up and self.reader.at_start
        self.finder.missed = ""
        move()
        if wanted:
            self.post_message(self.StartReached(self))
        self.settle()

    def on_click(self, event: events.Click) -> None:
        event.stop()
        again = self.reader.cursor
        self.reader.point(event.y)
        if again is not None and again == self.reader.cursor:
            self.action_open()
        self.settle()

    def action_open(self) -> None:
        """Show the line under the cursor whole."""
        record = self.record
        if record is not None and not record.note:
            self.post_message(self.Opened(self, record))

    def action_follow(self) -> None:
        """Hold the lines still, or follow the end again."""
        self.following = not self.following

    def action_mark(self) -> None:
        """Mark a range from the cursor on, or no more."""
        self.reader.mark()
        self.settle()

    # Finding ----------------------------------------------------------------------------------------------------

    def action_hit(self, step: int) -> None:
        """Go to the next hit of the search, or to the one before (-1)."""
        self._seek(step, errors=False)

    def action_error(self, step: int) -> None:
        """Go to the next line that tells of an error, or to the one before (-1)."""
        self._seek(step, errors=True)

    def _seek(self, step: int, *, errors: bool) -> None:
        # From the end that is followed the last line itself counts.
        last = self.following and step < 0
        self.finder.seek(None if last else self.reader.here, step, errors=errors)
        self._look_on()

    def action_context(self, step: int) -> None:
        """Show more lines around what the filter lets through, or fewer (-1)."""
        self.finder.widen(step)
        self.settle()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that would do nothing are not shown."""
        if action == "hit":
            return self.finder.sought is not None or self.finder.query is not None
        return self.finder.query is not None if action == "context" else super().check_action(action, parameters)

    def _look_on(self) -> None:
        """Look at what is new; what takes longer goes on in slices."""
        if self.finder.advance(SLICE, perf_counter):
            self._keep()
        elif self.is_attached:
            start(self, self._look_at_all, name="look through the log", group="look")
        self.settle()

    async def _look_at_all(self) -> None:
        drawn = perf_counter()
        while not self.finder.advance(SLICE, perf_counter):
            if perf_counter() - drawn > DRAWN_EVERY:
                self.settle()
                drawn = perf_counter()
            await asyncio.sleep(0)
        self._keep()
        self.settle()

    def _keep(self) -> None:
        """Have the line that the cursor was on when the filter became another be in sight, or the one after it."""
        kept, self._kept = self._kept, None
        if kept is not None and self.reader.cursor == kept and len(self.rows):
            self.reader.go(self.rows.key(min(self.rows.first_from(kept), len(self.rows) - 1)))

    def told(self) -> None:
        """Say once for all that has changed that it has."""
        finder, found = self.finder, self.finder.found
        announced = (
            *finder.queries, finder.selection.context, self.wrap, self.times,
            self.following, self.reader.unseen, self.buffer.dropped, len(self.buffer), finder.selection.hits,
            finder.missed, finder.busy and finder.progress, found and found.hits, self.reader.range,
        )  # fmt: skip
        if announced != self._announced:
            self._announced = announced
            self.post_message(self.Changed(self))
