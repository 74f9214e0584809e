"""How long the event loop was kept from its turns by what ran on it."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time
from typing import Self

TICK = 0.005


class Stalls:
    """The longest gap between two ticks. Waiting for a processor that others have is not counted, where Linux tells."""

    longest = 0.0
    """Seconds."""

    def __init__(self, *, freeze: bool = True) -> None:
        """`freeze`: leave out what a test process has gathered, which the program would not have to look through."""
        self._freeze = freeze

    def __enter__(self) -> Self:
        if self._freeze:
            gc.collect()
            gc.freeze()
        self._loop = asyncio.get_running_loop()
        path = f"/proc/self/task/{threading.get_native_id()}/schedstat"
        self._schedule = os.open(path, os.O_RDONLY) if os.path.exists(path) else -1  # noqa: PTH110 (before any Path)
        self._before = self._now()
        self._next = self._loop.call_later(TICK, self._tick)
        return self

    def __exit__(self, *_: object) -> None:
        self._next.cancel()
        if self._freeze:
            gc.unfreeze()
        if self._schedule >= 0:
            os.close(self._schedule)

    def _now(self) -> float:
        """Seconds that passed while this thread ran or slept: not those in which it was ready, and had to wait."""
        waited = int(os.pread(self._schedule, 100, 0).split()[1]) if self._schedule >= 0 else 0
        return time.perf_counter() - waited / 1e9

    def _tick(self) -> None:
        now = self._now()
        self.longest = max(self.longest, now - self._before - TICK)
        self._before = now
        self._next = self._loop.call_later(TICK, self._tick)
