"""`Watchdog`: ends the program when it is told to end and cannot, because its terminal takes nothing any more."""

from __future__ import annotations

import os
import select
import signal
import termios
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

CODES = {signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGTERM: 143}
"""The signals that end the program, and its exit codes then: 128 and the number, as a shell reports it."""
GRACE = 2.5
"""Seconds that the program has to end by itself."""
LIMIT = 10.0
"""Seconds that it has while the terminal takes what it writes: the endpoint's end and the last frames need some."""

# The alternate screen, the mouse, the focus and pasting as they were, the cursor shown (xterm's private modes).
_RESTORING = b"\x1b[<u\x1b[?1000;1003;1004;1006;1015;2004;2048l\x1b[?7h\x1b[?1049l\x1b[?25h"


class Watchdog:
    """A thread that sleeps until a signal comes or the terminal is gone.

    It asks the program to end, and ends it if that does not help: Textual's queue for the terminal has 30 places, and
    the event loop stands still when they are taken. So nothing here may need the loop, or a lock of the main thread.
    """

    def __init__(self, terminal: int, attributes: list[Any] | None, end: Callable[[int], object]) -> None:
        """`attributes` are the terminal's as they were (termios). `end(exit code)` is called in the thread."""
        self._terminal = terminal
        self._attributes = attributes
        self._end = end

    def start(self) -> None:
        """From now on. Only the main thread may call it, and nothing else may take the signals' wake-up descriptor.

        asyncio takes that only for `loop.add_signal_handler()`, whose handlers would have to wait for the loop.
        """
        numbers, wakeup = os.pipe()
        os.set_blocking(wakeup, False)
        signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
        for number in CODES:
            signal.signal(number, _leave_it_to_the_thread)
        threading.Thread(target=self._watch, args=(numbers,), name="watchdog", daemon=True).start()

    def _watch(self, numbers: int) -> None:
        code = self._reason_to_end(numbers)
        deadline = time.monotonic() + LIMIT
        with suppress(RuntimeError):  # the loop is closed: the program is about to end
            self._end(code)
        time.sleep(GRACE)
        while self._takes_output() and time.monotonic() < deadline:
            time.sleep(0.1)
        self._restore()
        os._exit(code)

    def _reason_to_end(self, numbers: int) -> int:
        """Wait for one; returns the exit code."""
        poll = select.poll()
        poll.register(numbers, select.POLLIN)
        poll.register(self._terminal, 0)  # a hang-up is reported unasked
        while True:
            for descriptor, event in poll.poll():
                if descriptor == numbers:
                    for number in os.read(numbers, 256):
                        if number in CODES:
                            return CODES[signal.Signals(number)]
                elif event & select.POLLHUP:
                    return CODES[signal.SIGHUP]
                else:
                    poll.unregister(descriptor)  # a system that cannot poll terminals

    def _takes_output(self) -> bool:
        poll = select.poll()
        poll.register(self._terminal, select.POLLOUT)
        return poll.poll(0) == [(self._terminal, select.POLLOUT)]

    def _restore(self) -> None:
        """As far as that goes without waiting for the terminal."""
        # In the background this signal would stop the program in place of ending it.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        with suppress(OSError, termios.error):
            if self._attributes is not None:
                termios.tcsetattr(self._terminal, termios.TCSANOW, self._attributes)
            # Opened anew: whether to wait belongs to the open file, and the shell has the other one.
            terminal = os.open(os.ttyname(self._terminal), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
            os.write(terminal, _RESTORING)


def _leave_it_to_the_thread(*_: object) -> None:
    """A handler in Python must be there for the wake-up descriptor to be written to."""
