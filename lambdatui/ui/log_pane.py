"""`LogPane`: log groups, followed and read back."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.widgets import Static

from lambdatui.model.log_buffer import LINES, SIZE, LogBuffer
from lambdatui.model.logs import Marker, TailRequest
from lambdatui.ui.log_lines import LogLines
from lambdatui.ui.log_older import OlderLines
from lambdatui.ui.log_status import note_above, short_names, status
from lambdatui.ui.pane import Pane
from lambdatui.ui.widgets.log_view import LogView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from lambdatui.aws.gateway import Aws
    from lambdatui.aws.tail import Tail
    from lambdatui.model.log_ranges import Range
    from lambdatui.model.logs import LogEvent, LogGroup, TailUpdate
    from lambdatui.ui.desk import LogHabits

BATCH = 0.1
"""Seconds in which what arrives is drawn once."""


class LogPane(Pane):
    """Some log groups as they grow, and what is older as somebody goes up.

    The tail runs while the pane is active, and goes on where it stopped. What arrives is drawn ten times a second.
    """

    NAME = "logs"
    TITLE = "Logs"
    LOADING = "Reading the log…"

    DEFAULT_CSS = """
    LogPane {
        & .log-pane--status {
            height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
        }
        & .log-pane--note { height: auto; padding: 1 2; display: none; }
        &.-noted .log-pane--note { display: block; }
    }
    """

    choosing = False
    """Whether the next digit chooses a window."""
    saved: float | None = None
    """How much was saved of what is being saved, from 0 to 1."""

    def __init__(self, habits: LogHabits, aws: Aws, *arguments: Any) -> None:
        """`arguments` are those of the pane beside which this stands among the bases."""
        super().__init__(aws, *arguments)
        self.habits = habits
        self.range: Range | None = None
        """What is read; None: the last hour, and what comes."""
        self.log_view = LogView(LogBuffer(habits.lines, max(SIZE, SIZE * habits.lines // LINES)))
        self.lines = LogLines(self.log_view)
        self.live = habits.live
        """Whether StartLiveTail is wanted: here alone, for it is billed by the minute."""
        self.state = ""
        """How the tail is doing."""
        self.older = OlderLines(self)
        self.tail: Tail | None = None
        """What follows the groups; None: nothing yet."""
        self._status = Static(classes="log-pane--status")
        self._note = Static(classes="log-pane--note")
        self._pending: list[TailUpdate] = []
        self._flushed = 0.0
        self._flush: Timer | None = None
        self._dropped = 0
        self._told = self._noted = ""
        self.said = ""
        """A failure that the tail outlives, or why there are no lines."""

    # What is wanted ---------------------------------------------------------------------------------------------

    @property
    def groups(self) -> Sequence[LogGroup]:
        """The log groups that are wanted."""
        raise NotImplementedError

    def request(self) -> TailRequest:
        """What is wanted of them."""
        return TailRequest(self.groups, self.range and self.range.start, live=self.live)

    def narrowed(self) -> Iterator[str]:
        """What of the groups is left out, in words."""
        yield from ()

    def restart(self) -> None:
        """Read something else from now on."""
        self.clear_content()
        self.reload()

    # ------------------------------------------------------------------------------------------------------------

    def content(self) -> ComposeResult:
        yield self._status
        yield self._note
        yield self.log_view
        yield self.lines

    def on_mount(self) -> None:
        self.log_view.wrap, self.log_view.times = self.habits.wrap, self.habits.times
        self.log_view.groups = short_names(self.groups)

    async def load(self) -> None:
        """Follow the groups until cancelled, from where that stopped the last time; or read a range that is over."""
        if self.range is not None and self.range.end is not None:
            await self.older.open(self.range, self.range.end)
            return
        if self.tail is None:
            self.tail = self.aws.logs.tail(self.request())
        async with aclosing(self.tail.updates()) as updates:
            async for update in updates:
                await asyncio.sleep(0)  # a key's turn, between what made the events and what draws them
                self._take(update)
                self.arrived()

    def clear_content(self) -> None:
        """Drop all lines, and the place of the tail."""
        self.older.clear()
        self.log_view.clear()
        self.tail = None
        self._pending.clear()
        self._dropped = 0
        self.state = self.said = ""

    # What comes -------------------------------------------------------------------------------------------------

    def _take(self, update: TailUpdate) -> None:
        """Take it in now, or with what comes soon after it."""
        self._pending.append(update)
        if time.monotonic() - self._flushed >= BATCH:
            self._take_all()
        elif self._flush is None:
            self._flush = self.set_timer(BATCH, self._take_all, name="take log lines")

    def _take_all(self) -> None:
        if self._flush is not None:
            self._flush.stop()
            self._flush = None
        self._flushed = time.monotonic()
        updates, self._pending = self._pending, []
        if not updates:
            return
        events = [event for update in updates for event in update.events]
        self._add(events, [marker for update in updates for marker in update.markers])
        last = updates[-1]
        self.state = last.state
        if not last.failed:
            self.answered()
        self.tell_note(f"{last.note}\nWhat is below is {self.age}." if last.failed and len(self.log_view.buffer)
                       else last.note)  # fmt: skip

    def _add(self, events: Sequence[LogEvent], markers: Sequence[Marker]) -> None:
        buffer = self.log_view.buffer
        if not events and not markers:
            self.tell()
            return
        self.log_view.add(events, markers)
        self.older.find(events)
        if buffer.dropped != self._dropped:
            self._dropped = buffer.dropped
            said = f"{buffer.dropped:,} older lines were dropped: no more than {buffer.lines:,} are kept"
            self.log_view.add((), [Marker("dropped", buffer.key(0)[0] - 1, f"{said}, or {buffer.size // 10**6:,} MB.")])
        self.tell()

    def tell_note(self, note: str) -> None:
        """A sentence above the lines: a failure that the tail outlives, or why there are none."""
        self.said = note
        self.tell()

    def on_log_view_start_reached(self, event: LogView.StartReached) -> None:
        event.stop()
        self.older.begin()

    # ------------------------------------------------------------------------------------------------------------

    def watch_problem(self) -> None:
        super().watch_problem()
        self.tell()

    def on_log_view_changed(self, event: LogView.Changed) -> None:
        event.stop()
        self.habits.wrap, self.habits.times = self.log_view.wrap, self.log_view.times
        self.older.go_on()
        self.tell()

    def tell(self) -> None:
        """Bring the status line up to date."""
        note = note_above(self)
        if note != self._noted and self.is_mounted:
            self._noted = note
            self.set_class(bool(note), "-noted")
            self._note.update(Content(note))
        text = status(self)
        if text != self._told and self.is_mounted:
            self._told = text
            self._status.update(Content(text), layout=False)
