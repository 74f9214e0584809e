"""The program in a window that changes again just when its size was read: `python -m tests.terminal.resizing`."""

from __future__ import annotations

import fcntl
import struct
import sys
import termios

from lambdatui.__main__ import main
from lambdatui.ui.terminal.driver import TerminalDriver

TO, THEN = (100, 30), (80, 24)
"""The size that is read, and what the window has by then."""

_read = TerminalDriver._get_terminal_size


def _get_terminal_size(driver: TerminalDriver) -> tuple[int, int]:
    size = _read(driver)
    if size == TO:
        # The kernel signals that at once, in the middle of whoever is reading here.
        fcntl.ioctl(driver.fileno, termios.TIOCSWINSZ, struct.pack("HHHH", THEN[1], THEN[0], 0, 0))
    return size


if __name__ == "__main__":
    TerminalDriver._get_terminal_size = _get_terminal_size  # type: ignore[assignment]
    sys.exit(main())
