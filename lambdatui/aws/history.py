"""Log events read back, the newest first."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from typing import NamedTuple

from lambdatui.aws.calls import AGAIN
from lambdatui.aws.log_events import log_events
from lambdatui.aws.log_pages import EVENTS_A_PAGE, MOST_A_PAGE, LogPages, descends
from lambdatui.model.following import merged
from lambdatui.model.logs import LogEvent

NEWEST_FIRST_SINCE = 1_704_067_200_000
"""2024-01-01: FilterLogEvents gives the newest first only of what is later (its `startFromHead`)."""

WINDOW, FEW, MANY = 60_000, 250, 4_000
"""ms that are read at once where only the oldest first can be had; few events widen it, many narrow it."""


FOREVER = 1 << 62
"""ms: later than any event."""


class Part(NamedTuple):
    """Events in order of time, all that there are from `since` (ms) up to the part before."""

    since: int
    events: list[LogEvent]


class _Once:
    """What a page repeats of itself or of the one before it is left out."""

    def __init__(self) -> None:
        self._last: set[str] = set()

    def of(self, page: Sequence[LogEvent]) -> list[LogEvent]:
        """The events of a page that are not repeated."""
        events = {event.event_id: event for event in page}
        fresh = [event for event in events.values() if event.event_id not in self._last]
        if events:
            self._last = set(events)
        return fresh


async def newest_first(
    pages: LogPages, group: str, start: int, end: int, *, ahead: int = 0, again: int = AGAIN
) -> AsyncGenerator[Part, None]:
    """The events from `start` up to `end` (ms, both included), the newest part first.

    In the `ahead` ms before the end few are expected, for they are in the future. `again` is as in `Calls.pages()`.
    """
    middle = max(start, NEWEST_FIRST_SINCE)
    if middle <= end:
        async with aclosing(_descending(pages, group, middle, end, ahead, again)) as parts:
            async for part in parts:
                yield part
    if start < middle:
        async with aclosing(_windows(pages, group, start, min(end, middle - 1), 0, again)) as parts:
            async for part in parts:
                yield part


async def _descending(
    pages: LogPages, group: str, start: int, end: int, ahead: int, again: int
) -> AsyncGenerator[Part, None]:
    held: list[LogEvent] = []
    once = _Once()
    knows_how = False
    async with aclosing(pages.read(group, start, end, limit=EVENTS_A_PAGE, again=again, startFromHead=False)) as read:
        async for page in read:
            held += once.of(await log_events(page, group))
            if not held or held[0].timestamp == held[-1].timestamp:
                continue  # which way it goes shows with the next millisecond
            if not (knows_how := knows_how or descends(held)):
                break
            # Of the last millisecond there may be more.
            since = held[-1].timestamp + 1
            rest = [event for event in held if event.timestamp < since]
            yield Part(since, [event for event in reversed(held) if event.timestamp >= since])
            held = rest
        else:
            if held and descends(held):
                held.reverse()
            yield Part(start, held)
            return
    async with aclosing(_windows(pages, group, start, end, ahead, again)) as parts:
        async for part in parts:
            yield part


async def _windows(
    pages: LogPages, group: str, start: int, end: int, ahead: int, again: int
) -> AsyncGenerator[Part, None]:
    """The same where the oldest come first whatever is asked: by windows of time, the latest first."""
    width = WINDOW
    while end >= start:
        since, ahead = max(start, end - width - ahead + 1), 0
        found: list[LogEvent] = []
        once = _Once()
        async with aclosing(pages.read(group, since, end, limit=MOST_A_PAGE, again=again)) as read:
            async for page in read:
                found += once.of(await log_events(page, group))
        yield Part(since, merged([found]))
        end = since - 1
        if len(found) < FEW:
            width *= 4
        elif len(found) > MANY:
            width = max(1000, width // 2)


async def oldest_first(pages: LogPages, group: str, start: int, end: int) -> AsyncGenerator[Part, None]:
    """The events from `start` up to `end` (ms, both included), the oldest part first; `since` is of the next part."""
    held: list[LogEvent] = []
    once = _Once()
    async with aclosing(pages.read(group, start, end, limit=EVENTS_A_PAGE)) as read:
        async for page in read:
            held += once.of(await log_events(page, group))
            if held:
                yield Part(held[-1].timestamp, [event for event in held if event.timestamp < held[-1].timestamp])
                held = [event for event in held if event.timestamp == held[-1].timestamp]
    yield Part(end + 1, held)


async def merging(
    parts: Mapping[str, AsyncGenerator[Part, None]], *, newest_first: bool = True
) -> AsyncGenerator[Part, None]:
    """The parts of several groups as those of one."""
    behind, first = (max, FOREVER) if newest_first else (min, 0)
    known: dict[str, int] = dict.fromkeys(parts, first)
    """Of each group that is not at its end: since when, or until when (ms), all is loaded."""
    held: list[LogEvent] = []
    async with AsyncExitStack() as stack:
        for generator in parts.values():
            await stack.enter_async_context(aclosing(generator))
        while known:
            group = behind(known, key=lambda name: known[name])
            part = await anext(parts[group], None)
            if part is None:  # the others are as far
                del known[group]
                continue
            held += part.events
            known[group] = part.since
            since = behind(known.values())
            due = [event for event in held if (event.timestamp >= since) == newest_first]
            held = [event for event in held if (event.timestamp >= since) != newest_first]
            yield Part(since, merged([due]))
