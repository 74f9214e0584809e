"""Simulated time: an event loop whose clock jumps to the next timer whenever there is nothing left to do."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from typing import Any

PATIENCE = 60.0
"""Real seconds to wait for a thread, or for anything when no timer is set; then nothing will ever happen."""


class _Selector(selectors.DefaultSelector):
    """A selector that lets simulated time pass where a real one would sleep."""

    now = 0.0
    threads = 0
    """How many pieces of work are with threads."""

    def select(self, timeout: float | None = None) -> list[Any]:
        idle = timeout is None or (timeout > 0 and self.threads > 0)
        ready = super().select(PATIENCE if idle else 0)
        if not ready and idle:
            raise AssertionError("Everything waits for something else: the test would never end.")
        if not ready and timeout:
            self.now += timeout
        return ready


class SimulatedTime(asyncio.SelectorEventLoop):
    """An event loop in which `await asyncio.sleep(60)` takes no time, and comes after all that happens within a minute.

    So waiting is exact: when a sleep is over, nothing else was left to do before that moment. What is given to a thread
    takes no simulated time, however long it takes.
    """

    def __init__(self) -> None:
        self._simulated = _Selector()
        super().__init__(self._simulated)

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        work = super().run_in_executor(executor, func, *args)
        self._simulated.threads += 1
        work.add_done_callback(self._is_back)
        return work

    def _is_back(self, _: asyncio.Future[Any]) -> None:
        self._simulated.threads -= 1

    def time(self) -> float:
        return self._simulated.now


def now() -> float:
    """The running loop's clock in seconds; 0 where none runs."""
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:
        return 0.0
