"""Log groups: followed, and read back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from lambdatui.aws.calls import Calls
from lambdatui.aws.tail import Tail
from lambdatui.aws.timing import Timing
from lambdatui.model.logs import TailRequest


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
