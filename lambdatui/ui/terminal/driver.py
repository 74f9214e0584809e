"""`TerminalDriver`: Textual's driver, for terminals that send and take something else than it expects."""

from __future__ import annotations

import codecs
import errno
import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

from textual import events
from textual.geometry import Size

from lambdatui.ui.terminal.characters import able
from lambdatui.ui.terminal.dialect import Dialect
from lambdatui.ui.terminal.job_control import JobControl
from lambdatui.ui.terminal.patches import PASTE_LIMIT, patch_input
from lambdatui.ui.terminal.waiting import Waker

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.message import Message

TWICE = 2.0
"""Seconds within which a second ctrl+c quits."""
LARGEST = 1000
"""Columns, and rows. A terminal can claim 65,535 of each, and the screen of that would not fit into memory."""


def is_gone(error: BaseException) -> bool:
    """Whether this says that there is no terminal any more. That is no fault of the program: the watchdog ends it."""
    return isinstance(error, OSError) and error.errno in (
        errno.EIO,
        errno.ENXIO,
        errno.ENODEV,
        errno.EPIPE,
        errno.EBADF,
    )


class TerminalDriver(JobControl):
    """Reads keys and draws, whatever bytes come in and whatever size the terminal claims to have."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._interrupted = float("-inf")
        self._waker = Waker()
        self._encoding = codecs.lookup(getattr(sys.__stderr__, "encoding", None) or "utf-8").name
        self._dialect = Dialect(os.environ | ({"NO_COLOR": "1"} if self._app.no_color else {}))

    def start_application_mode(self) -> None:
        """Take the terminal, once the program is in the foreground."""
        super().start_application_mode()
        if self._taken:
            # Textual reads the size in the handler. Another change can come between its reading and its telling: then
            # the size before it is told last, and stays. Not reported.
            signal.signal(signal.SIGWINCH, self._on_resized)

    def run_input_thread(self) -> None:
        """Until the driver stops."""
        patch_input(lambda: self._loop.call_soon_threadsafe(self._say_cut), self._waker, self._encoding)
        super().run_input_thread()

    def disable_input(self) -> None:
        """Read no more keys, if they were read."""
        self._waker.wake()
        super().disable_input()

    def write(self, data: str) -> None:
        """Write, in the terminal's own words and characters."""
        super().write(able(self._dialect.say(data), self._encoding))

    def _run_input_thread(self) -> None:
        # Textual's own has the traceback printed, whatever is in the message.
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001  # whatever ends the thread ends the program
            if not is_gone(error):
                self._loop.call_soon_threadsafe(self._app._handle_exception, error)

    def process_message(self, message: Message) -> None:
        """Hand a key on, or what else has come in."""
        if isinstance(message, events.Key) and message.key in self._interrupting():
            now = time.monotonic()
            watchdog = self.watchdog
            if watchdog is not None and now - self._interrupted < TWICE:
                # The program may be hours behind with what was pasted as keys, or not come round to any key at all.
                watchdog.ask(0)
            self._interrupted = now
        super().process_message(message)

    def _interrupting(self) -> Sequence[str]:
        keymap: Mapping[str, str] = getattr(self._app, "_keymap", {})
        return keymap.get("app.interrupt", "ctrl+c").split(",")

    def _say_cut(self) -> None:
        self._app.notify(
            f"Only the first {PASTE_LIMIT:,} characters were taken.",
            title="Too much to paste", severity="warning", timeout=10, markup=False,
        )  # fmt: skip

    def _on_resized(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._tell_size)

    def _tell_size(self) -> None:
        size = Size(*self._get_terminal_size())
        self._app.post_message(events.Resize(size, size))

    def _get_terminal_size(self) -> tuple[int, int]:
        width, height = super()._get_terminal_size()
        return min(width, LARGEST), min(height, LARGEST)
