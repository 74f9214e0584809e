"""A signal that comes before there is anything to undo."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

# As the command does it, but that the signal comes in the middle of the import of the command line.
_INTERRUPTED = """
import os, signal, sys
class Finder:
    def find_spec(self, name, *_):
        if name == "lambdatui.cli":
            os.kill(os.getpid(), {number})
sys.meta_path.insert(0, Finder())
from lambdatui.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM], ids=str)
def test_a_signal_in_the_middle_of_an_import_ends_it_without_a_word(number: int) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED.format(number=int(number))],
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False, preexec_fn=_as_from_a_shell,
    )  # fmt: skip
    assert ended.returncode == 128 + number
    assert (ended.stdout, ended.stderr) == (b"", b"")


def _as_from_a_shell() -> None:
    for number in (signal.SIGHUP, signal.SIGINT):  # the suite itself may run under nohup, or in the background
        signal.signal(number, signal.SIG_DFL if number == signal.SIGHUP else signal.default_int_handler)
