"""A terminal that takes nothing any more, as over a dropped line: what ends the program elsewhere ends it there too."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.terminal.conftest import TROUBLE, Start
from tests.terminal.processes import NEEDS_PROC, alive, descendants, program_in, remains

pytestmark = NEEDS_PROC

PROMPTLY = 10.0
"""Seconds within which it is gone. The watchdog waits for less than three."""

HELP_AND_BACK = "?\x1b"

# What nohup does is undone by a program that handles the signal; nothing undoes this.
_UNREACHABLE = (
    "import os, signal as s, sys; s.pthread_sigmask(s.SIG_BLOCK, [s.SIGHUP]); os.execvp(sys.argv[1], sys.argv[1:])"
)

AGAINST = pytest.mark.parametrize(
    ("arguments", "sign"),
    [
        pytest.param((), TROUBLE, id="aws"),
        pytest.param(("--demo",), "checkout-api", id="demo", marks=pytest.mark.local),
    ],
)


@AGAINST
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)], ids=lambda it: str(it)
)
def test_a_signal_ends_a_program_that_waits_for_its_terminal(
    start: Start, home: Path, arguments: tuple[str, ...], sign: str, number: int, code: int
) -> None:
    terminal = start(*arguments)
    terminal.wait_for(sign)
    processes = descendants(terminal.shell)
    terminal.stall(HELP_AND_BACK)
    os.kill(program_in(terminal.shell).pid, number)
    terminal.wait_for(lambda: not alive(processes), PROMPTLY)
    terminal.assert_settings_restored()
    terminal.stalled = False
    assert terminal.wait_for_exit() == code
    terminal.wait_for(lambda: not remains(home, processes, shell=terminal.shell), PROMPTLY)


@AGAINST
def test_a_program_that_waits_for_its_terminal_ends_when_that_is_closed(
    start: Start, home: Path, arguments: tuple[str, ...], sign: str
) -> None:
    terminal = start(*arguments)
    terminal.wait_for(sign)
    processes = descendants(terminal.shell)
    terminal.stall(HELP_AND_BACK)
    terminal.hang_up()
    terminal.wait_for(lambda: not remains(home, processes, shell=terminal.shell), PROMPTLY)


@pytest.mark.parametrize("stalled", [True, False], ids=["stalled", "read"])
def test_a_closed_terminal_ends_a_program_that_no_hang_up_signal_reaches(
    start: Start, home: Path, stalled: bool
) -> None:
    terminal = start(via=f"exec {sys.executable} -c '{_UNREACHABLE}' \"$@\"")
    terminal.wait_for(TROUBLE)
    processes = descendants(terminal.shell)
    if stalled:
        terminal.stall(HELP_AND_BACK)
    terminal.hang_up()
    terminal.wait_for(lambda: not remains(home, processes, shell=terminal.shell), PROMPTLY)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=str)
def test_a_signal_ends_it_in_order_where_the_terminal_is_read(start: Start, number: int) -> None:
    terminal = start()
    terminal.wait_for(TROUBLE)
    os.kill(program_in(terminal.shell).pid, number)
    assert terminal.wait_for_exit() == 128 + number
    terminal.assert_restored()
