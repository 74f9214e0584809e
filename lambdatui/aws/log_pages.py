"""FilterLogEvents, page by page."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from lambdatui.aws.calls import AGAIN, Calls
from lambdatui.aws.failures import unlike_aws
from lambdatui.model.logs import LogEvent, TailRequest

EVENTS_A_PAGE = 1000
"""Of history: as many as a person reads on."""

MOST_A_PAGE = 10_000
"""Of a poll: the most that the API gives. It may be called only some times a second, and has 1 MB a page at most."""

STREAMS = 100
"""Log streams at most that FilterLogEvents takes by name."""

Entries = Sequence[Mapping[str, Any]]


class LogPages:
    """What of each group the request wants, as the service gives it."""

    def __init__(self, calls: Calls, wanted: TailRequest) -> None:
        self._calls = calls
        self._asked: dict[str, Any] = {}
        if wanted.pattern:
            self._asked["filterPattern"] = wanted.pattern
        if 0 < len(wanted.streams) <= STREAMS:
            self._asked["logStreamNames"] = list(wanted.streams)

    async def read(
        self, group: str, start: int, end: int | None = None, *, limit: int, again: int = AGAIN, **order: bool
    ) -> AsyncGenerator[Entries, None]:
        """The events from `start` up to `end` (ms, both included). Streams that are not wanted may be among them."""
        until = {} if end is None else {"endTime": end}
        pages = self._calls.pages(
            "logs", "FilterLogEvents", ("nextToken", "nextToken"),
            again=again, logGroupName=group, startTime=start, limit=limit, **self._asked, **until, **order,
        )  # fmt: skip
        async with aclosing(pages):
            async for page in pages:
                if "events" not in page:
                    raise unlike_aws("logs:FilterLogEvents", "list of events")
                yield [entry for entry in page["events"] if entry]


def descends(events: Sequence[LogEvent]) -> bool:
    """Whether the events are the newest first: an endpoint may not know `startFromHead`."""
    # Event ids are numbers that grow: they tell the order of events of one millisecond.
    first, last = ((it.timestamp, len(it.event_id), it.event_id) for it in (events[0], events[-1]))
    return first > last
