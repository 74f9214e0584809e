"""Log groups followed by polling FilterLogEvents."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from lambdatui.aws.calls import Calls
from lambdatui.aws.failures import unlike_aws
from lambdatui.model.errors import AwsError, EndpointGone, Missing, Offline, Throttled
from lambdatui.model.logs import HISTORY, Follower, LogEvent, TailUpdate
from lambdatui.model.sgr import part, styled
from lambdatui.model.text import visible

EVENTS_A_PAGE = 1000
"""Parsing a page of 10,000 (the API's most) blocks the event loop for 35 ms; this many take 4."""

LONGEST = 30_000
"""Characters of one event that are kept: an event may have a million, and folding those would take a second."""

AT_ONCE = 100_000
"""Characters that are made visible without giving the event loop a turn."""

FASTEST, SLOWEST, GIVING_ROOM = 1.0, 5.0, 30.0
"""Seconds between polls: while events come, when none do, and at most after failures."""

NEVER_INVOKED = (
    "The log group {group} does not exist: the function was never invoked yet, "
    "or its role may not create the group. Waiting for it."
)


LATEST = 253_370_764_800_000
"""The first moment (ms) of 9999-12-31: a time beyond it cannot be shown in every time zone."""


class Logs:
    """The facade over CloudWatch Logs. `sleep` and `clock` (seconds since 1970) are arguments for tests."""

    def __init__(
        self,
        calls: Calls,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._calls = calls
        self._sleep = sleep
        self._clock = clock

    async def tail(self, group: str) -> AsyncGenerator[TailUpdate, None]:
        """Follow a log group from the last hour on, until closed.

        Every event once, in batches; late ones too. Of a busy group's last hour only the newest thousand come, where
        the endpoint can give those first. Throttling, a connection that breaks and a group that is not there are told
        in `state` and tried again; anything else is raised as an AwsError.
        """
        follower = Follower(self._now() - HISTORY)
        poll, pause = self._first_poll, FASTEST
        while True:
            try:
                found = False
                async with aclosing(poll(group, follower)) as batches:
                    async for events in batches:
                        if events:
                            found = True
                            yield TailUpdate(tuple(events), "polling", cut=follower.cut)
                follower.finished()
                poll = self._poll
                pause = FASTEST if found else min(pause * 1.25, SLOWEST)
                if not found:
                    yield TailUpdate((), f"polling every {pause:.0f} s")
            except Missing:
                pause = SLOWEST
                yield TailUpdate((), "waiting for the log group", NEVER_INVOKED.format(group=group))
            except EndpointGone:
                raise
            except (Throttled, Offline) as problem:
                pause = min(pause * 2, GIVING_ROOM)
                state = "throttled" if isinstance(problem, Throttled) else "reconnecting"
                yield TailUpdate((), f"{state}, next try in {pause:.0f} s", _goes_on(problem), failed=True)
            await self._sleep(pause)

    def _now(self) -> int:
        return int(self._clock() * 1000)

    async def _first_poll(self, group: str, follower: Follower) -> AsyncGenerator[list[LogEvent], None]:
        """What is new to `follower`, the newest thousand at once where the endpoint gives the newest first.

        An endpoint that does not know `startFromHead` gives the oldest first: then all, page by page.
        """
        held: list[LogEvent] | None = []
        async with aclosing(self._pages(group, follower.ask_from(), startFromHead=False)) as pages:
            async for page in pages:
                if held is None:
                    yield follower.accept(page, self._now())
                    continue
                held += page  # pages may be short before the last: which way they go shows when there is enough
                if len(held) >= EVENTS_A_PAGE:
                    if _descends(held):
                        break
                    yield follower.accept(held, self._now())
                    held = None
        if held:
            if _descends(held):
                held.reverse()  # events of the same millisecond as well
                if len(held) >= EVENTS_A_PAGE:
                    follower.begin_at(held[0].timestamp + 1)  # there may be more of that millisecond, cut off
            yield follower.accept(held, self._now())

    async def _poll(self, group: str, follower: Follower) -> AsyncGenerator[list[LogEvent], None]:
        async with aclosing(self._pages(group, follower.ask_from())) as pages:
            async for page in pages:
                yield follower.accept(page, self._now())

    async def _pages(self, group: str, start: int, **order: bool) -> AsyncGenerator[list[LogEvent], None]:
        """The events since `start` (ms), page by page."""
        pages = self._calls.pages(
            "logs", "FilterLogEvents", ("nextToken", "nextToken"),
            again=0, logGroupName=group, startTime=start, limit=EVENTS_A_PAGE, **order,
        )  # fmt: skip
        async with aclosing(pages):
            async for page in pages:
                if "events" not in page:
                    raise unlike_aws("logs:FilterLogEvents", "list of events")
                yield await _events(page["events"])


def _goes_on(problem: AwsError) -> str:
    """A failure that the tail outlives, in a person's words."""
    request = f", request {problem.request_id}" if problem.request_id else ""
    asked = f"(Asked: {problem.operation}{request})"
    return f"{problem.title}: {problem.reason} It is tried again by itself, and at once with r. {asked}"


def _descends(events: list[LogEvent]) -> bool:
    # Event ids are numbers that grow: they tell the order of events of one millisecond.
    first, last = ((it.timestamp, len(it.event_id), it.event_id) for it in (events[0], events[-1]))
    return first > last


async def _events(entries: Sequence[Mapping[str, Any] | None]) -> list[LogEvent]:
    """The events of a page; made in a thread when they are long, for a megabyte of nothing but controls takes 0.2 s."""
    found = [entry for entry in entries if entry]
    if sum(len(str(entry.get("message") or "")) for entry in found) > AT_ONCE:
        return await asyncio.to_thread(lambda: [_event(entry) for entry in found])
    return [_event(entry) for entry in found]


def _event(entry: Mapping[str, Any]) -> LogEvent:
    stream, timestamp = str(entry.get("logStreamName") or ""), _time(entry.get("timestamp"))
    message = str(entry.get("message") or "").rstrip("\r\n").replace("\r\n", "\n").replace("\r", "\n")
    text, spans = styled(message[:LONGEST])
    shown = text[:LONGEST]
    return LogEvent(
        # AWS always gives an id; an emulator that does not must not make all events one.
        event_id=str(entry.get("eventId") or f"{stream} {timestamp} {message}"),
        timestamp=timestamp,
        ingestion=_time(entry.get("ingestionTime")),
        stream=visible(stream),
        message=shown,
        spans=part(spans, 0, len(shown)),
        hidden=max(0, len(message) - LONGEST) + len(text) - len(shown),
    )


def _time(value: Any) -> int:
    """Milliseconds since 1970, or 0 for what is no such time."""
    return value if isinstance(value, int) and 0 <= value < LATEST else 0
