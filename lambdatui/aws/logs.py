"""Log groups followed by polling FilterLogEvents."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from lambdatui.aws.calls import Calls
from lambdatui.model.errors import Missing, Offline, Throttled
from lambdatui.model.logs import HISTORY, Follower, LogEvent, TailUpdate
from lambdatui.model.text import visible

EVENTS_A_PAGE = 1000
"""Parsing a page of 10,000 (the API's most) blocks the event loop for 35 ms; this many take 4."""

FASTEST, SLOWEST, GIVING_ROOM = 1.0, 5.0, 30.0
"""Seconds between polls: while events come, when none do, and at most after failures."""

NEVER_INVOKED = (
    "The log group {group} does not exist: the function was never invoked yet, "
    "or its role may not create the group. Waiting for it."
)


class Logs:
    """The facade over CloudWatch Logs."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def tail(self, group: str) -> AsyncGenerator[TailUpdate, None]:
        """Follow a log group from the last hour on, until closed.

        Every event once, in batches; late ones too. Throttling, a connection that breaks and a group that is not there
        are told in `state` and tried again; anything else is raised as an AwsError.
        """
        follower = Follower(int(time.time() * 1000) - HISTORY)
        pause, first = FASTEST, True
        while True:
            try:
                found = False
                async with aclosing(self._poll(group, follower.ask_from(), newest_first=first)) as pages:
                    async for page in pages:
                        events = follower.accept(page)
                        if events:
                            found = True
                            yield TailUpdate(tuple(events), "polling")
                        if first and _descends(page):
                            follower.begin_at(page[-1].timestamp)
                            break
                first = False
                pause = FASTEST if found else min(pause * 1.25, SLOWEST)
                if not found:
                    yield TailUpdate((), f"polling every {pause:.0f} s")
            except Missing:
                pause = SLOWEST
                yield TailUpdate((), "waiting for the log group", NEVER_INVOKED.format(group=group))
            except Throttled:
                pause = min(pause * 2, GIVING_ROOM)
                yield TailUpdate((), f"throttled, next try in {pause:.0f} s")
            except Offline as problem:
                pause = min(pause * 2, GIVING_ROOM)
                yield TailUpdate((), f"reconnecting, next try in {pause:.0f} s", problem.reason)
            await asyncio.sleep(pause)

    async def _poll(self, group: str, start: int, *, newest_first: bool) -> AsyncGenerator[list[LogEvent], None]:
        """The events since `start` (ms), page by page.

        With `newest_first` the newest page comes first; an endpoint that does not know `startFromHead` ignores that.
        """
        order = {"startFromHead": False} if newest_first else {}
        pages = self._calls.pages(
            "logs", "FilterLogEvents", ("nextToken", "nextToken"),
            logGroupName=group, startTime=start, limit=EVENTS_A_PAGE, **order,
        )  # fmt: skip
        async with aclosing(pages):
            async for page in pages:
                yield [_event(entry) for entry in page.get("events") or ()]


def _descends(page: list[LogEvent]) -> bool:
    """Whether a page is a full one, newest first: a reader opens a log for its end, and this is it."""
    return len(page) >= EVENTS_A_PAGE and page[0].timestamp > page[-1].timestamp


def _event(entry: Mapping[str, Any]) -> LogEvent:
    stream, timestamp = str(entry.get("logStreamName") or ""), int(entry.get("timestamp") or 0)
    message = str(entry.get("message") or "").rstrip("\r\n").replace("\r\n", "\n").replace("\r", "\n")
    return LogEvent(
        # AWS always gives an id; an emulator that does not must not make all events one.
        event_id=str(entry.get("eventId") or f"{stream} {timestamp} {message}"),
        timestamp=timestamp,
        ingestion=int(entry.get("ingestionTime") or 0),
        stream=visible(stream),
        message=visible(message),
    )
