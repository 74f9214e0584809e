"""A log group behind a fault server: FilterLogEvents as AWS answers it, over events that become visible when told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

from lambdatui.aws.calls import Calls
from lambdatui.aws.gateway import Aws
from lambdatui.aws.logs import Logs
from lambdatui.model.logs import LogGroup, TailRequest, TailUpdate
from tests.aws.exchange import Exchange
from tests.aws.faults import answer, aws_error

NOW = 1_800_000_000_000
"""Milliseconds: when these tests are."""


class Group:
    """The events that are visible, in any order, and how pages of them are made."""

    def __init__(self, *, newest_first: bool = True, largest_page: int = 10_000) -> None:
        self.newest_first = newest_first
        """Whether `startFromHead` is understood; some emulators give the oldest first whatever is asked."""
        self.largest_page = largest_page
        self.events: list[dict[str, Any]] | None = []
        """None: the group does not exist."""
        self.asked: list[dict[str, Any]] = []

    def log(self, timestamp: int, message: str = "", *, ingestion: int | None = None) -> None:
        """Make an event visible."""
        if self.events is None:
            self.events = []
        number = len(self.events)
        self.events.append(
            {
                "eventId": f"e{number}",
                "timestamp": timestamp,
                "ingestionTime": NOW + 10_000_000 if ingestion is None else ingestion,
                "logStreamName": "2027/01/15/[$LATEST]abc",
                "message": message or f"m{number}",
            }
        )

    async def __call__(self, exchange: Exchange) -> None:
        """Answer one FilterLogEvents."""
        parameters = exchange.seen.parameters
        self.asked.append(parameters)
        if self.events is None:
            await aws_error(400, "ResourceNotFoundException", "The specified log group does not exist.")(exchange)
            return
        found = [event for event in self.events if event["timestamp"] >= parameters["startTime"]]
        found.sort(key=lambda event: event["timestamp"])
        if self.newest_first and parameters.get("startFromHead") is False:
            found.reverse()
        start = int(parameters.get("nextToken") or 0)
        end = start + min(parameters["limit"], self.largest_page)
        token = {"nextToken": str(end)} if end < len(found) else {}
        await answer({"events": found[start:end], "searchedLogStreams": [], **token})(exchange)


class Following:
    """A tail of the group `g`, poll by poll. Its pauses are kept in `pauses` and end at once."""

    def __init__(self, updates: AsyncIterator[TailUpdate], pauses: list[float]) -> None:
        self._updates = updates
        self._next: Awaitable[TailUpdate] | None = None
        self.pauses = pauses
        self.updates: list[TailUpdate] = []

    @property
    def messages(self) -> list[str]:
        """Everything given so far, in the order given."""
        return [event.message for update in self.updates for event in update.events]

    async def until(self, enough: Callable[[], bool]) -> list[TailUpdate]:
        """The updates that come until `enough`."""
        start = len(self.updates)
        while not enough():
            self.updates.append(await anext(self._updates))
        return self.updates[start:]

    async def polls(self, count: int) -> list[TailUpdate]:
        """The updates of that many polls: each ends with a pause, and it takes one more update to see it."""
        target = len(self.pauses) + count
        return await self.until(lambda: len(self.pauses) >= target)


@asynccontextmanager
async def following(aws: Aws, guard: Any, *, now: int = NOW) -> AsyncIterator[Following]:
    """Follow the group `g` without waiting."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    logs = Logs(Calls(aws._connections, guard), sleep=sleep, clock=lambda: now / 1000)
    async with aclosing(logs.tail(TailRequest([LogGroup("g")])).updates()) as updates:
        yield Following(updates, pauses)
