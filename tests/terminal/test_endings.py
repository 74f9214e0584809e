"""Every way in which the program, its endpoint or its terminal can end, and what is left then: nothing."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.terminal.conftest import TROUBLE, Start
from tests.terminal.processes import NEEDS_PROC, Process, alive, descendants, listening_ports, program_in, remains
from tests.terminal.screen import Terminal

pytestmark = NEEDS_PROC

PROMPTLY = 10.0
"""Seconds within which what was killed is gone."""

AGAINST = pytest.mark.parametrize(
    ("arguments", "sign"),
    [
        pytest.param((), TROUBLE, id="aws"),
        pytest.param(("--demo",), "checkout-api", id="demo", marks=pytest.mark.local),
    ],
)


def demo_with_functions_at_work(start: Start) -> tuple[Terminal, set[Process], Process]:
    """The demo on screen, all its processes, and its endpoint; a function's process is among them."""
    terminal = start("--demo")
    terminal.wait_for("checkout-api")
    endpoint = endpoint_of(terminal)
    terminal.wait_for(lambda: descendants(endpoint.pid))
    return terminal, descendants(terminal.shell), endpoint


def endpoint_of(terminal: Terminal) -> Process:
    """The endpoint's process: the one that listens."""
    (endpoint,) = [process for process in descendants(terminal.shell) if listening_ports(process.pid)]
    return endpoint


@AGAINST
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["SIGTERM", "SIGHUP"])
def test_a_signal_ends_it_and_the_terminal_is_as_before(
    start: Start, home: Path, arguments: tuple[str, ...], sign: str, number: int, code: int
) -> None:
    terminal = start(*arguments)
    terminal.wait_for(sign)
    processes = descendants(terminal.shell)
    os.kill(program_in(terminal.shell).pid, number)
    assert terminal.wait_for_exit() == code
    terminal.assert_restored()
    assert remains(home, processes, shell=terminal.shell) == []


@AGAINST
def test_a_signal_before_the_first_answer_ends_it_as_well(
    start: Start, home: Path, arguments: tuple[str, ...], sign: str
) -> None:
    terminal = start(*arguments)
    terminal.wait_for("Loading functions…")
    os.kill(program_in(terminal.shell).pid, signal.SIGTERM)
    assert terminal.wait_for_exit() == 143
    terminal.assert_restored()
    assert remains(home, (), shell=terminal.shell) == []


def test_ctrl_c_pressed_twice_quits_and_once_does_not(start: Start) -> None:
    terminal = start()
    terminal.wait_for(TROUBLE)
    terminal.press("\x03")
    terminal.wait_for("Press ctrl+c again to quit.")
    terminal.press("\x03")
    assert terminal.wait_for_exit() == 0
    terminal.assert_restored()


@AGAINST
@pytest.mark.parametrize("via", ["", "trap '' HUP; exec \"$@\""], ids=["", "nohup"])
def test_a_window_that_is_closed_takes_the_program_with_it(
    start: Start, home: Path, arguments: tuple[str, ...], sign: str, via: str
) -> None:
    terminal = start(*arguments, via=via)
    terminal.wait_for(sign)
    processes = descendants(terminal.shell)
    terminal.hang_up()
    terminal.wait_for(lambda: not remains(home, processes, shell=terminal.shell), PROMPTLY)


@pytest.mark.local
def test_killing_the_program_takes_the_endpoint_and_the_functions_with_it(start: Start, home: Path) -> None:
    terminal, processes, _ = demo_with_functions_at_work(start)
    assert len(processes) >= 3
    os.kill(program_in(terminal.shell).pid, signal.SIGKILL)
    assert terminal.wait_for_exit() == 137
    terminal.wait_for(lambda: not remains(home, processes, shell=terminal.shell), PROMPTLY)


@pytest.mark.local
def test_a_killed_endpoint_is_told_of_and_started_again_on_demand(start: Start, home: Path) -> None:
    terminal, processes, endpoint = demo_with_functions_at_work(start)
    below = descendants(endpoint.pid)
    os.kill(endpoint.pid, signal.SIGKILL)
    terminal.wait_for("The demo endpoint has ended")
    terminal.wait_for("ended (signal 9)")
    assert "checkout-api" in terminal.text, "what was there before stays in sight"
    terminal.wait_for(lambda: not alive(below), PROMPTLY)

    terminal.press("r")
    terminal.wait_for(lambda: "ended (signal 9)" not in terminal.text)
    assert "checkout-api" in terminal.text
    assert endpoint_of(terminal) != endpoint
    processes |= descendants(terminal.shell)
    terminal.press("q")
    assert terminal.wait_for_exit() == 0
    assert remains(home, processes, shell=terminal.shell) == []


@pytest.mark.local
def test_the_demo_leaves_no_run_folder_of_a_killed_one_to_the_next(start: Start, home: Path) -> None:
    terminal, processes, endpoint = demo_with_functions_at_work(start)
    for process in (program_in(terminal.shell), endpoint):  # both at once: nobody is left to clear up
        os.kill(process.pid, signal.SIGKILL)
    terminal.wait_for_exit()
    terminal.wait_for(lambda: not alive(processes), PROMPTLY)
    again = start("--demo")
    again.wait_for("checkout-api")
    assert len(list((home / "tmp").iterdir())) == 1
    again.press("q")
    assert again.wait_for_exit() == 0
    assert list((home / "tmp").iterdir()) == []
