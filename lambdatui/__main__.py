"""python -m lambdatui, and the command `lambdatui`."""

from __future__ import annotations

import os
import signal
import sys


def main() -> int:
    """The exit code of `lambdatui` with the arguments of this process."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)
    from lambdatui.cli import main as command

    return command()


def _end(number: int, _: object) -> None:
    """Nothing has been done yet that would have to be undone: the program may be in the middle of an import."""
    os._exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
