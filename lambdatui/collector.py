"""When Python's garbage collector looks through all there is."""

from __future__ import annotations

import gc
from time import monotonic

QUIET = 60.0
"""Seconds without a key, after which nobody waits for anything."""
ENOUGH = 100
"""Passes over what is new, some thousand objects each, after which there may be something among what is old."""
NEVER = 1_000_000_000


class Collector:
    """Passes over what is new whenever they are due, some milliseconds; over all there is only when no key is pressed.

    With the figures of two thousand functions a pass over all takes more than 50 ms, and one was due with every quarter
    that was added. Only what refers to itself waits for it: all else goes at once, without the collector.
    """

    def __init__(self) -> None:
        self._thresholds = gc.get_threshold()
        self._key = monotonic()

    def begin(self) -> None:
        """What there is by now stays, and is never looked through."""
        self._thresholds = gc.get_threshold()
        gc.freeze()
        gc.set_threshold(*self._thresholds[:2], NEVER)
        gc.enable()

    def end(self) -> None:
        """Leave it as it was."""
        gc.set_threshold(*self._thresholds)

    def touch(self) -> None:
        """A key was pressed."""
        self._key = monotonic()

    def look(self) -> None:
        """Look through all there is, if enough has come and nobody would wait for it."""
        if gc.get_count()[2] >= ENOUGH and monotonic() - self._key >= QUIET:
            gc.collect()
