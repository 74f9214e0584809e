"""`LogPane`: log groups, followed and read back."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.widgets import Static

from lambdatui.model.errors import AwsError
from lambdatui.model.log_buffer import LINES, SIZE, LogBuffer
from lambdatui.model.log_ranges import FIRST
from lambdatui.model.logs import Marker, TailRequest
from lambdatui.ui.log_lines import LogLines
from lambdatui.ui.log_status import note_above, short_names, status
from lambdatui.ui.pane import Pane
from lambdatui.ui.reporting import report
from lambdatui.ui.widgets.log_view import LogView
from lambdatui.ui.work import start

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
PAGE = 1000
"""Older lines that are read at a time, about."""
HUNTED = 50_000
"""Lines among which what somebody has come for is looked for, about: then they have to say that they want more."""


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
        self.reading = False
        """Whether older lines are being read."""
        self._status = Static(classes="log-pane--status")
        self._note = Static(classes="log-pane--note")
        self._tail: Tail | None = None
        self._pending: list[TailUpdate] = []
        self._flushed = 0.0
        self._flush: Timer | None = None
        self._dropped = 0
        self._told = self._noted = ""
        self.said = ""
        """A failure that the tail outlives, or why there are no lines."""
        self._sought = ""
        """What the cursor is to go to once it is there."""
        self._beginning = False
        """Whether the first of a range is being read: what is older comes after that."""
        self.hunting = False
        """Whether older lines are read until what somebody has come for is there."""
        self._oldest: tuple[int, set[str]] | None = None
        """The time of the oldest line of a range, and the ids of the events of that time."""

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
            if self._oldest is None:  # else it was read before something else was looked at
                self._beginning = True
                try:
                    await self._read_range(self.range.start, self.range.end)
                finally:
                    self._beginning = False
                self.call_later(self._hunt)
            return
        if self._tail is None:
            self._tail = self.aws.logs.tail(self.request())
        async with aclosing(self._tail.updates()) as updates:
            async for update in updates:
                await asyncio.sleep(0)  # a key's turn, between what made the events and what draws them
                self._take(update)
                self.arrived()

    def clear_content(self) -> None:
        """Drop all lines, and the place of the tail."""
        self.workers.cancel_group(self, "older")
        self.log_view.clear()
        self.hunting = False
        self._tail = self._oldest = None
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
        self._tell_note(f"{last.note}\nWhat is below is {self.age}." if last.failed and len(self.log_view.buffer)
                        else last.note)  # fmt: skip

    def _add(self, events: Sequence[LogEvent], markers: Sequence[Marker]) -> None:
        buffer = self.log_view.buffer
        if not events and not markers:
            self.tell()
            return
        self.log_view.add(events, markers)
        self._find(events)
        if buffer.dropped != self._dropped:
            self._dropped = buffer.dropped
            said = f"{buffer.dropped:,} older lines were dropped: no more than {buffer.lines:,} are kept"
            self.log_view.add((), [Marker("dropped", buffer.key(0)[0] - 1, f"{said}, or {buffer.size // 10**6:,} MB.")])
        self.tell()

    def _find(self, events: Sequence[LogEvent]) -> None:
        """Go to what is sought, if it has come now."""
        if self._sought and any(self._sought in event.message for event in events):
            self._sought = ""
            self.log_view.action_hit(-1)

    def _tell_note(self, note: str) -> None:
        """A sentence above the lines: a failure that the tail outlives, or why there are none."""
        self.said = note
        self.tell()

    # What is older ----------------------------------------------------------------------------------------------

    def on_log_view_start_reached(self, event: LogView.StartReached) -> None:
        event.stop()
        if self._may_read_older:
            start(self, self._read_older, name="read older log lines", group="older")

    def _hunt(self) -> None:
        """Read on towards the start of what is wanted, a page at a time: a busy log begins with its newest lines."""
        view, wanted = self.log_view, self.range
        if not self.hunting or wanted is None or view.finder.busy or not len(view.buffer):
            return
        if (len(view.rows) and not self._sought) or view.buffer.key(0)[0] <= wanted.start or len(view.buffer) > HUNTED:
            self.hunting = False
            self.tell()
        elif self._may_read_older:
            start(self, self._read_older, name="read older log lines", group="older")

    @property
    def _may_read_older(self) -> bool:
        return self.active and not (self.reading or self.loading_now or self._beginning)

    async def _read_older(self) -> None:
        """A page of what is before the first line."""
        before = len(self.log_view.buffer)
        self.reading = True
        self.tell()
        try:
            if self.range is not None and self.range.end is not None:
                await self._read_range(self.range.start, self._oldest[0] if self._oldest else self.range.end)
            elif self._tail is not None:
                await self._read_before(self._tail)
        except AwsError as problem:
            self.hunting = False
            report(self, problem)
        else:
            self.hunting = self.hunting and len(self.log_view.buffer) > before
        finally:
            self.reading = False
            if self.is_attached:
                self.call_later(self._hunt)  # not from here: it starts this worker anew
                self.tell()

    async def _read_before(self, tail: Tail) -> None:
        count = 0
        async with aclosing(tail.older(FIRST)) as pages:
            async for events in pages:
                await asyncio.sleep(0)
                count += len(events)
                if not self._put_before(events) or count >= PAGE:
                    return
        self._mark_start("There is nothing older.")

    async def _read_range(self, begin: int, end: int) -> None:
        """The newest of a range that are not there yet."""
        count = 0
        async with aclosing(self.aws.logs.range(self.request(), begin, end)) as pages:
            async for events in pages:
                known = self._oldest[1] if self._oldest else set()
                fresh = [event for event in events if event.event_id not in known]
                if fresh:
                    first = min(event.timestamp for event in fresh)
                    ids = {event.event_id for event in fresh if event.timestamp == first}
                    same = self._oldest is not None and self._oldest[0] == first
                    self._oldest = first, known | ids if same else ids
                    count += len(fresh)
                    if not self._put_before(fresh):
                        return
                    self.arrived()
                if count >= PAGE:
                    self.state = "a part of the range"
                    return
        self.state = "the whole range"
        self._tell_note("")

    def _put_before(self, events: Sequence[LogEvent]) -> bool:
        """Put older lines before the others; whether there is room for more."""
        taken = self.log_view.add(events, history=True)
        self._find(events)
        if taken < len(events):
            self._mark_start(f"No more lines are kept than {self.log_view.buffer.lines:,}: choose a range with :range.")
        return taken == len(events)

    def _mark_start(self, said: str) -> None:
        buffer = self.log_view.buffer
        if len(buffer):
            self.log_view.add((), [Marker("start", buffer.key(0)[0] - 1, said)])

    # ------------------------------------------------------------------------------------------------------------

    def watch_problem(self) -> None:
        super().watch_problem()
        self.tell()

    def on_log_view_changed(self, event: LogView.Changed) -> None:
        event.stop()
        self.habits.wrap, self.habits.times = self.log_view.wrap, self.log_view.times
        self._hunt()
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
