"""An event loop whose time passes only while nothing can be done: hours of a tail in seconds.

Sockets are real. When no socket is ready and no thread of the loop is at work, the time jumps to the next timer.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")

GRACE = 0.0002
"""Seconds that what was sent over loopback may take to arrive; it is there at once as a rule."""


class _Jumping(selectors.DefaultSelector):
    """A selector that does not wait for what the clock can be moved to."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0
        self.threads = 0
        """Calls in other threads under way: whoever waits for them waits in real time."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if found or timeout == 0:
            return found
        if timeout is None or self.threads:
            return super().select(timeout)
        found = super().select(GRACE)
        if not found:
            self.passed += max(timeout, 1e-6)
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop. `time()` is seconds since it was made."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.passed

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]
        self._jumping.threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._returned)
        return future

    def _returned(self, _: object) -> None:
        self._jumping.threads -= 1


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """The result of a coroutine that lives in such a loop."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(coroutine)
