"""The time that a tail lives in: the machine's, or that of a test."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Timing:
    """A clock (seconds since 1970) and a way to wait (seconds)."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.time

    def now(self) -> int:
        """Milliseconds since 1970."""
        return int(self.clock() * 1000)

    async def pause(self, seconds: float, hurry: asyncio.Event) -> None:
        """Wait so long, or until there is a reason to hurry, which is then no more."""
        if not hurry.is_set():
            await self.within(seconds, hurry.wait())
        hurry.clear()

    async def within(self, seconds: float, wanted: Awaitable[object]) -> bool:
        """Whether what is wanted came in so many seconds. Raises what it raises; it is cancelled if it did not come."""
        getting, waiting = asyncio.ensure_future(wanted), asyncio.ensure_future(self.sleep(seconds))
        try:
            await asyncio.wait({getting, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if getting.done():
                getting.result()
                return True
            return False
        finally:
            for task in (getting, waiting):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await asyncio.wait({task})


def time_of_day(milliseconds: int) -> str:
    """A moment (ms since 1970) on the clock of this machine: 14:02:11."""
    return datetime.fromtimestamp(milliseconds / 1000).astimezone().strftime("%H:%M:%S")
