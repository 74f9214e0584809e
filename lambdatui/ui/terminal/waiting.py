"""Waiting for keys without looking up: Textual does ten times a second, which is most of what an idle program costs.

It does so for what is pending after a byte (an escape that may begin a key), and to learn that it is to stop.
"""

from __future__ import annotations

import os
import selectors
import time
from threading import Lock

PENDING = 2.0
"""Seconds after a byte in which something may be pending. The longest that waits is a paste without an end."""
LONG = 5.0
"""Seconds after which it looks up all the same, should Textual stop it in a way that is not known here."""


class Waker:
    """Ends the waiting of the selectors made from it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pipes: list[tuple[int, int]] = []

    def open(self) -> int:
        """What a selector waits for beside the terminal; to be closed by `close()`."""
        pipe = os.pipe()
        with self._lock:
            self._pipes.append(pipe)
        return pipe[0]

    def close(self, waiting: int) -> None:
        """End of what was opened."""
        with self._lock:
            for pipe in [pipe for pipe in self._pipes if pipe[0] == waiting]:
                self._pipes.remove(pipe)
                for end in pipe:
                    os.close(end)

    def wake(self) -> None:
        """Let none wait: each looks up at once, and as often as Textual has it for a while."""
        with self._lock:
            for _, end in self._pipes:
                os.write(end, b".")


class PatientSelector(selectors.SelectSelector):
    """In place of the driver's, which it asks to wait for a tenth of a second at a time."""

    def __init__(self, waker: Waker) -> None:
        super().__init__()
        self._waker = waker
        self._last = time.monotonic()
        self._waking = waker.open()
        self.register(self._waking, selectors.EVENT_READ)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What has come in. Waits for longer than `timeout` where nothing is pending."""
        found = super().select(patient(timeout, time.monotonic() - self._last))
        if found:
            self._last = time.monotonic()
        if any(it.fd == self._waking for it, _ in found):
            os.read(self._waking, 1)
        return [it for it in found if it[0].fd != self._waking]

    def close(self) -> None:
        """End."""
        super().close()
        self._waker.close(self._waking)


def patient(timeout: float | None, quiet: float) -> float | None:
    """How long to wait (s) in place of `timeout`, so long after the last byte."""
    return timeout if timeout is None or quiet < PENDING else max(timeout, LONG)
