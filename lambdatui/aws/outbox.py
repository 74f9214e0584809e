"""What the readers of a tail have for whoever follows it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

from lambdatui.model.following import merged
from lambdatui.model.logs import LogEvent, Marker

AN_UPDATE = 2_000
"""Events after which no further batch is taken at once: who shows them has keys to answer as well."""

BACKLOG = 20_000
"""Events that wait to be taken before the readers wait."""


class Outbox:
    """Events and markers until they are taken, all at once. What was not taken in one run is taken in the next."""

    def __init__(self) -> None:
        self._batches: deque[Sequence[LogEvent]] = deque()
        self._waiting = 0
        self._markers: dict[str, Marker] = {}
        self._news = asyncio.Event()
        self._taken = asyncio.Event()
        self._taken.set()

    async def put(self, events: Sequence[LogEvent]) -> None:
        """Add events that are in order of time. Waits while there are too many."""
        if events:
            self._batches.append(events)
            self._waiting += len(events)
            self.notify()
            if self._waiting > BACKLOG:
                await self._taken.wait()

    def mark(self, marker: Marker) -> None:
        """Add a marker, in place of an earlier one with its key."""
        self._markers[marker.key] = marker
        self.notify()

    def notify(self) -> None:
        """There is news, if only of how a reader is doing."""
        self._news.set()
        self._taken.clear()

    async def taken(self) -> None:
        """Wait until what there is was taken."""
        await self._taken.wait()

    async def news(self) -> None:
        """Wait until there is news."""
        await self._news.wait()

    def take(self) -> tuple[tuple[LogEvent, ...], tuple[Marker, ...]]:
        """What there is: events in order of time, and all markers. Of many events the rest is news again."""
        taken: list[Sequence[LogEvent]] = []
        while self._batches and sum(map(len, taken)) < AN_UPDATE:
            taken.append(self._batches.popleft())
        markers = tuple(self._markers.values())
        self._waiting -= sum(map(len, taken))
        self._markers = {}
        if not self._batches:
            self._news.clear()
            self._taken.set()
        return tuple(merged(taken)), markers
