"""The time that a tail lives in: the machine's, or that of a test."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

Wanted = TypeVar("Wanted")


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
            await unless(hurry.wait(), self.sleep(seconds))
        hurry.clear()

    async def within(self, seconds: float, wanted: Awaitable[Wanted]) -> Wanted:
        """What is wanted, if it comes in so many seconds. Raises TimeoutError, and what is wanted is cancelled."""
        getting = asyncio.ensure_future(wanted)
        if await unless(getting, self.sleep(seconds)):
            return getting.result()
        raise TimeoutError


async def unless(wanted: Awaitable[object], other: Awaitable[object]) -> bool:
    """Wait for the first of two; whether it is the one wanted. The other is cancelled, and both when this is.

    What one of them raises is raised.
    """
    tasks = first, second = asyncio.ensure_future(wanted), asyncio.ensure_future(other)
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        (first if first.done() else second).result()
        return first.done()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def time_of_day(milliseconds: int) -> str:
    """A moment (ms since 1970) on the clock of this machine: 14:02:11."""
    return datetime.fromtimestamp(milliseconds / 1000).astimezone().strftime("%H:%M:%S")
