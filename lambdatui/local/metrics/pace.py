"""Long work on the event loop, in slices."""

from __future__ import annotations

import asyncio
import time

SLICE = 0.002
"""Seconds after which others have their turn."""


class Pace:
    """One piece of long work. It is to rest every now and then, and gives the loop away when its slice is over."""

    def __init__(self) -> None:
        self._until = time.perf_counter() + SLICE

    async def rest(self) -> None:
        if time.perf_counter() > self._until:
            await asyncio.sleep(0)
            self._until = time.perf_counter() + SLICE
