"""`OlderLines`: what of a log is older than the lines that are there, read a page at a time."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from lambdatui.model.errors import AwsError
from lambdatui.model.log_ranges import FIRST
from lambdatui.model.logs import Marker
from lambdatui.ui.reporting import report
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lambdatui.aws.tail import Tail
    from lambdatui.model.log_ranges import Range
    from lambdatui.model.logs import LogEvent
    from lambdatui.ui.log_pane import LogPane

GROUP = "older"
"""The group of the pane's worker that reads."""
PAGE = 1000
"""Older lines that are read at a time, about."""
HUNTED = 50_000
"""Lines among which what somebody has come for is looked for, about: then they have to say that they want more."""


class OlderLines:
    """Reads towards the start of what a pane wants: as somebody goes up, or until what they came for is there."""

    def __init__(self, pane: LogPane) -> None:
        self._pane = pane
        self.reading = False
        """Whether older lines are being read."""
        self.hunting = False
        """Whether they are read until what somebody has come for is there."""
        self._sought = ""
        """What the cursor is to go to once it is there."""
        self._opening = False
        """Whether the first of a range is being read: what is older comes after that."""
        self._oldest: tuple[int, set[str]] | None = None
        """The time of the oldest line of a range (ms since 1970), and the ids of the events of that time."""

    def seek(self, text: str) -> None:
        """Have the cursor go to this text when it comes; empty: to none."""
        self._sought = text

    def hunt(self) -> None:
        """Read until what is sought, or a line that fits the filter, is there."""
        self.hunting = True

    def clear(self) -> None:
        """Nothing has been read; what is sought is so still."""
        self._pane.workers.cancel_group(self._pane, GROUP)
        self.hunting = False
        self._oldest = None

    def find(self, events: Sequence[LogEvent]) -> None:
        """Go to what is sought, if it is among what has come now."""
        if self._sought and any(self._sought in event.message for event in events):
            self._sought = ""
            self._pane.log_view.action_hit(-1)

    async def open(self, wanted: Range, end: int) -> None:
        """Read the newest lines of a range that was over at `end`. Raises AwsError."""
        if self._oldest is not None:  # it was read before something else was looked at
            return
        self._opening = True
        try:
            await self._read_range(wanted.start, end)
        finally:
            self._opening = False
        self._pane.call_later(self.go_on)

    def begin(self) -> None:
        """Read the page before the first line, unless something is being read."""
        if self._pane.active and not (self.reading or self._pane.loading_now or self._opening):
            start(self._pane, self._read, name="read older log lines", group=GROUP)

    def go_on(self) -> None:
        """Read on if what somebody came for is not there yet: a busy log begins with its newest lines."""
        view, wanted = self._pane.log_view, self._pane.range
        if not self.hunting or wanted is None or view.finder.busy or not len(view.buffer):
            return
        if (len(view.rows) and not self._sought) or view.buffer.key(0)[0] <= wanted.start or len(view.buffer) > HUNTED:
            self.hunting = False
            self._pane.tell()
        else:
            self.begin()

    async def _read(self) -> None:
        pane = self._pane
        before = len(pane.log_view.buffer)
        self.reading = True
        pane.tell()
        try:
            if pane.range is not None and pane.range.end is not None:
                await self._read_range(pane.range.start, self._oldest[0] if self._oldest else pane.range.end)
            elif pane.tail is not None:
                await self._read_before(pane.tail)
        except AwsError as problem:
            self.hunting = False
            report(pane, problem)
        else:
            self.hunting = self.hunting and len(pane.log_view.buffer) > before
        finally:
            self.reading = False
            if pane.is_attached:
                pane.call_later(self.go_on)  # not from here: it starts this worker anew
                pane.tell()

    async def _read_before(self, tail: Tail) -> None:
        """A page of what is before the first line of a tail."""
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
        pane = self._pane
        count = 0
        async with aclosing(pane.aws.logs.range(pane.request(), begin, end)) as pages:
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
                    pane.arrived()
                if count >= PAGE:
                    pane.state = "a part of the range"
                    return
        pane.state = "the whole range"
        pane.tell_note("")

    def _put_before(self, events: Sequence[LogEvent]) -> bool:
        """Put older lines before the others; whether there is room for more."""
        view = self._pane.log_view
        taken = view.add(events, history=True)
        self.find(events)
        if taken < len(events):
            self._mark_start(f"No more lines are kept than {view.buffer.lines:,}: choose a range with :range.")
        return taken == len(events)

    def _mark_start(self, said: str) -> None:
        view = self._pane.log_view
        if len(view.buffer):
            view.add((), [Marker("start", view.buffer.key(0)[0] - 1, said)])
