"""`Watchdog`: ends the program when it is told to end, in time, whatever keeps the program from ending by itself."""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

CODES = {number: 128 + number for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)}
"""The signals that end the program, and its exit codes then, as a shell reports them."""
LIMIT = 1.6
"""Seconds that the program has to end by itself. What it leaves then is gone within three in all."""
STALLED = 0.5
"""Seconds without anything taken after which a terminal counts as dead, and what is written to it is thrown away."""

_SOON = 0.05
_TRIES = 5
_KEYS = (signal.SIGINT, signal.SIGQUIT)
_BEGUN, _ASKED = b"\xff", b"\xfe"  # no signal has these numbers

# The keyboard's protocol, the mouse, the focus and pasting as they were, lines wrapped, no alternate screen, the cursor
# shown (xterm's private modes, and the Kitty keyboard protocol's stack, which the alternate screen has its own of).
_RESTORING = b"\x1b[<u\x1b[?1000;1003;1004;1006;1015;1016;2004;2048l\x1b[?7h\x1b[?1049l\x1b[?25h"


class Watchdog:
    """A thread that sleeps until a signal comes, the terminal is gone, or the program says that it ends.

    It asks the program to end, and ends it if that does not help: Textual's queue for the terminal has 30 places, and
    the event loop stands still when they are taken; a thread that waits for a name server holds a program up for as
    long as that takes. So nothing here may need the loop, or a lock of the main thread.
    """

    def __init__(self, terminal: int) -> None:
        """`terminal` is its descriptor. It is as the shell has left it, which is how it will be restored."""
        self.ending = False
        """Whether the program was told to end, or does."""
        self.aside = False
        """Whether the terminal is not ours to touch now: the program is suspended."""
        self.deaf = False
        """Whether what the terminal's keys send (SIGINT, SIGQUIT) is meant for another program in our job."""
        self._terminal = terminal
        self._attributes: list[Any] | None = None
        with suppress(termios.error):
            self._attributes = termios.tcgetattr(terminal)
        self._numbers, self._wakeup = os.pipe()
        self.code: int | None = None
        """The exit code of a program that was told to end, whatever goes wrong while it does; or of one that ends."""
        self._asked = 0
        self._thrown_away = False
        self._over = False
        """Whether the program has written its last: nothing of that is thrown away any more."""
        self._turn = threading.Lock()
        self.last_words = ""
        """What to say on the terminal, if the program does not come to it."""
        self._end: Callable[[int], object] | None = None

    def start(self) -> None:
        """From now on. Only the main thread may call it, and nothing else may take the signals' wake-up descriptor.

        asyncio takes that only for `loop.add_signal_handler()`, whose handlers would have to wait for the loop.
        """
        os.set_blocking(self._wakeup, False)
        signal.set_wakeup_fd(self._wakeup, warn_on_full_buffer=False)
        for number in CODES:
            signal.signal(number, self._note)
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def attach(self, end: Callable[[int], object]) -> None:
        """`end(exit code)` ends the program from now on; it is called in the thread. Until now, it just ended.

        To be called before anything is done to the terminal.
        """
        self._end = end

    def begin(self, code: int) -> None:
        """The program ends by itself now, with this code; it has as long for that as after a signal."""
        if not self.ending:
            self._note()
            self.code = code
            os.write(self._wakeup, _BEGUN)

    def ask(self, code: int) -> None:
        """End the program with this code, as a signal would; any thread may call it."""
        self._asked = code
        os.write(self._wakeup, _ASKED)

    def end_with(self, code: int) -> int:
        """The exit code of a program that has ended by itself with this code: a signal's goes before.

        What could not be written is forgotten: Python would try again, and end with 120 where the terminal is gone.
        """
        _forget_what_cannot_be_written()
        # A slow terminal may have taken the program's own last words by now, and not have shown them.
        with self._turn:
            self._over = True
            thrown_away = self._thrown_away
        if thrown_away and not self.aside:
            self._write_restoring()
        return self.code or code

    def _note(self, *_: object) -> None:
        """The handler: one in Python must be there for the wake-up descriptor to be written to."""
        self.ending = True
        # In the background these would stop the program in place of letting it end.
        for number in (signal.SIGTTOU, signal.SIGTTIN):
            signal.signal(number, signal.SIG_IGN)

    def _watch(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        code = self.code = self._reason_to_end()
        deadline = time.monotonic() + LIMIT
        if self._end is None:
            os._exit(code)
        self.ending = True
        with suppress(RuntimeError):  # the loop is closed: the program is about to end
            self._end(code)
        while (left := deadline - time.monotonic()) > 0:
            if not self.aside:
                self._let_go(min(left, _SOON if self._thrown_away else STALLED))
            time.sleep(min(_SOON, left))
        if not self.aside:
            self._restore()
        os._exit(code)

    def _reason_to_end(self) -> int:
        """Wait for one; returns the exit code."""
        poll = select.poll()
        poll.register(self._numbers, select.POLLIN)
        poll.register(self._terminal, 0)  # a hang-up is reported unasked
        while True:
            for descriptor, event in poll.poll():
                if descriptor == self._numbers:
                    for number in os.read(self._numbers, 256):
                        if number == _BEGUN[0]:
                            return self.code or 0
                        if number == _ASKED[0]:
                            return self._asked
                        if number in CODES and not (self.deaf and number in _KEYS):
                            return CODES[signal.Signals(number)]
                elif event & select.POLLHUP:
                    return CODES[signal.SIGHUP]
                else:
                    poll.unregister(descriptor)  # a system that cannot poll terminals

    def _let_go(self, patience: float) -> None:
        """Throw away what the terminal was given and does not take within these seconds, so that the program goes on.

        A slow one, which takes a part of it now and then, takes all of it.
        """
        if _takes(self._terminal, patience):
            return
        with self._turn:  # held for no longer than it takes to look
            if not self._over:
                self._thrown_away = True
                self._throw_away()

    def _throw_away(self) -> None:
        with suppress(termios.error):
            termios.tcflush(self._terminal, termios.TCOFLUSH)
            # Linux wakes nobody who waits in the middle of a write, until output is started again.
            termios.tcflow(self._terminal, termios.TCOOFF)
            termios.tcflow(self._terminal, termios.TCOON)

    def _restore(self) -> None:
        """As far as that goes without waiting for the terminal."""
        with suppress(OSError, termios.error):
            if self._attributes is not None:
                termios.tcsetattr(self._terminal, termios.TCSANOW, self._attributes)
            # What is written from now on, in the middle of a frame perhaps, must not come after this.
            null = os.open(os.devnull, os.O_WRONLY)
            for descriptor in (1, 2):
                os.dup2(null, descriptor)
            self._write_restoring(self.last_words.replace("\n", "\r\n").encode())

    def _write_restoring(self, words: bytes = b"") -> None:
        with suppress(OSError):
            # Opened anew: whether to wait belongs to the open file, and the shell has the other one.
            terminal = os.open(os.ttyname(self._terminal), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
            data = _RESTORING + words + b"\r\n" * bool(words)
            for _ in range(_TRIES):
                if not _takes(terminal, _SOON / _TRIES):
                    self._throw_away()
                with suppress(BlockingIOError):
                    if os.write(terminal, data) == len(data):
                        break


def _takes(terminal: int, patience: float) -> bool:
    """Whether a terminal takes something within these seconds; where it is gone, writing fails, and nobody waits."""
    poll = select.poll()
    poll.register(terminal, select.POLLOUT)
    return bool(poll.poll(1000 * patience))


def _forget_what_cannot_be_written() -> None:
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            poll = select.poll()
            poll.register(stream.fileno(), 0)
            gone = any(event & select.POLLHUP for _, event in poll.poll(0))
            try:
                stream.flush()
            except OSError:
                gone = True
            if gone:
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, stream.fileno())
                os.close(null)
