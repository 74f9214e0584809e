"""Log groups: followed, and read back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing

from lambdatui.aws import history
from lambdatui.aws.calls import Calls
from lambdatui.aws.log_pages import LogPages
from lambdatui.aws.tail import Tail
from lambdatui.aws.timing import Timing
from lambdatui.model.logs import LogEvent, TailRequest
from lambdatui.model.text import visible


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
        self._timing = Timing(sleep, clock)

    def tail(self, wanted: TailRequest) -> Tail:
        """A tail over the groups of the request, which asks for nothing before it is followed."""
        return Tail(self._calls, wanted, self._timing)

    async def range(
        self, wanted: TailRequest, start: int, end: int, *, newest_first: bool = True
    ) -> AsyncGenerator[Sequence[LogEvent], None]:
        """The events from `start` up to `end` (ms, both included) in parts in order of time, some of them empty.

        With `newest_first` each part is older than the one before it; else it is the other way round. Raises AwsError.
        """
        pages = LogPages(self._calls, wanted)
        read = history.newest_first if newest_first else history.oldest_first
        parts = {visible(group.name): read(pages, group.name, start, end) for group in wanted.groups}
        async with aclosing(history.merging(parts, newest_first=newest_first)) as merged:
            async for part in merged:
                yield [event for event in part.events if wanted.wants(event.stream)]
