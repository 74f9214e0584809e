"""A bound for what cannot be asked to stop: a regular expression that runs in C, and may take years."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

Result = TypeVar("Result")

LONGEST = 0.03
"""Seconds of the program's own time that one search may take."""


class _TooLong(Exception):
    pass


class Bound:
    """Does what it is given, but no longer than so many seconds of CPU time; in the main thread only.

    CPython's `re` looks for signals while it searches, and a handler that raises ends it. The timer is the one that
    nothing else here uses, and counts the time of the program alone: a busy machine ends nothing.
    """

    def __init__(self, seconds: float = LONGEST) -> None:
        self._seconds = seconds
        self._armed = False

    def __call__(self, search: Callable[[], Result]) -> Result | None:
        """What `search` returns, or None if it took too long."""
        before = signal.signal(signal.SIGVTALRM, self._end)
        signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds)
        self._armed = True
        try:
            return search()
        except _TooLong:
            return None
        finally:
            self._armed = False
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)

    def _end(self, number: int, frame: FrameType | None) -> None:
        if self._armed:  # else it was done just when the time was up
            self._armed = False
            raise _TooLong
