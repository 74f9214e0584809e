"""Simulated time: an event loop whose clock jumps to the next timer whenever there is nothing left to do."""

from __future__ import annotations

import asyncio
import selectors
from typing import Any

PATIENCE = 5.0
"""Real seconds to wait for a thread when no timer is set; then nothing will ever happen."""


class _Selector(selectors.DefaultSelector):
    """A selector that lets simulated time pass where a real one would sleep."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(PATIENCE if timeout is None else 0)
        if not ready and timeout is None:
            raise AssertionError("Everything waits for something else: the test would never end.")
        if not ready and timeout:
            self.now += timeout
        return ready


class SimulatedTime(asyncio.SelectorEventLoop):
    """An event loop in which `await asyncio.sleep(60)` takes no time, and comes after all that happens within a minute.

    So waiting is exact: when a sleep is over, nothing else was left to do before that moment. Not for threads.
    """

    def __init__(self) -> None:
        self._simulated = _Selector()
        super().__init__(self._simulated)

    def time(self) -> float:
        return self._simulated.now


def now() -> float:
    """The running loop's clock in seconds; 0 where none runs."""
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:
        return 0.0
