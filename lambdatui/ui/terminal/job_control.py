"""`JobControl`: ctrl+z and what a shell does with a job: stopped, continued, in the background."""

from __future__ import annotations

import os
import signal
import termios
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from lambdatui.ui.terminal.watchdog import Watchdog

_SOON = 0.05
"""Seconds for a signal that came with SIGCONT: a shell's `kill` sends SIGTERM so, and the kernel SIGHUP."""


class JobControl(LinuxDriver):
    """Leaves the terminal before the program stops, and takes it again when it is in the foreground again.

    In place of Textual's own, which stops for ever where no shell could continue it (`ssh -t host lambdatui`), and
    takes the terminal twice when a SIGCONT finds it running or stopped by SIGSTOP: it stays raw after that.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._taken = False
        self._asleep = False
        self._continued = 0
        self._raw: list[Any] | None = None

    # What Textual calls ------------------------------------------------------------------------------------------

    def start_application_mode(self) -> None:
        """Take the terminal, once the program is in the foreground."""
        if not self._in_foreground():
            self._sleep()
        if self._is_ending() and not self._in_foreground():
            return
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._taken = True
        with suppress(termios.error):
            self._raw = termios.tcgetattr(self.fileno)

    def stop_application_mode(self) -> None:
        """Give the terminal back, unless that was done before."""
        if not self._taken:
            return
        if not self._in_foreground() and not self._as_we_set_it():
            self.attrs_before = None  # the shell edits its next line, with settings of its own
        super().stop_application_mode()
        self._taken = False

    def disable_input(self) -> None:
        """Read no more keys, if they were read."""
        if self._taken:
            super().disable_input()

    def write(self, data: str) -> None:
        """Write, while the terminal is ours."""
        if self._writer_thread is not None:
            super().write(data)

    def close(self) -> None:
        """End the thread that writes."""
        writer, self._writer_thread = self._writer_thread, None
        if writer is not None:
            writer.stop()

    # What the signals call, between any two steps of the main thread: it may hold the lock of the writer's queue ------

    def _sigtstp_application(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._suspend)

    def _sigcont_application(self, *_: object) -> None:
        self._continued += 1
        if not self._asleep:
            self._loop.call_soon_threadsafe(self._take_anew)

    # -------------------------------------------------------------------------------------------------------------

    @property
    def watchdog(self) -> Watchdog | None:
        """What ends the program, if it was started with one."""
        return getattr(self._app, "watchdog", None)

    def _is_ending(self) -> bool:
        return self.watchdog is not None and self.watchdog.ending

    def _suspend(self) -> None:
        """Give the terminal back, stop, and take it again when continued in the foreground."""
        if self._is_ending():
            return
        if not self._auto_restart or not self._taken:  # another program has the terminal
            self._sleep()
            return
        self._set_aside(True)
        self.suspend_application_mode()
        self._sleep()
        if not self._is_ending():
            self._set_aside(False)
            self._must_signal_resume = True
            self._resume()

    def _take_anew(self) -> None:
        """After a SIGCONT that found the program running, or stopped without its doing: the shell had the terminal."""
        if self._is_ending() or not self._auto_restart or not self._taken:
            return
        if not self._in_foreground():
            self._sleep()
            if self._is_ending():
                return
        settings = self.attrs_before
        self.suspend_application_mode()
        self._resume()
        self.attrs_before = settings

    def _resume(self) -> None:
        self.resume_application_mode()
        # The screen is empty, and Textual draws it anew only where it has another size.
        self._app.call_later(self._app.refresh, layout=True)

    def _sleep(self) -> None:
        """Stop the whole job, and return when it was continued in the foreground, or is to end.

        Where no shell could continue it the kernel does not stop it: an orphaned process group.
        """
        before = signal.getsignal(signal.SIGTSTP)
        self._asleep = True
        try:
            while True:
                continued = self._continued
                # The others of the job first, such as the script that has started us; this must not reach us as well.
                signal.signal(signal.SIGTSTP, signal.SIG_IGN)
                os.kill(0, signal.SIGTSTP)
                signal.signal(signal.SIGTSTP, signal.SIG_DFL)
                signal.raise_signal(signal.SIGTSTP)
                time.sleep(_SOON)
                if self._is_ending() or self._continued == continued or self._in_foreground():
                    return
        finally:
            self._asleep = False
            signal.signal(signal.SIGTSTP, before)

    def _set_aside(self, aside: bool) -> None:
        if self.watchdog is not None:
            self.watchdog.aside = aside

    def _in_foreground(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:  # no job control here: nobody else has the terminal
            return True

    def _as_we_set_it(self) -> bool:
        try:
            return termios.tcgetattr(self.fileno) == self._raw
        except termios.error:
            return False
