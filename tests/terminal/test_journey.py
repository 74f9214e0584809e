"""`lambdatui --demo` from the first paint to the shell's prompt, in a terminal of each size."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from lambdatui.local.demo.catalogue import FUNCTIONS
from tests.terminal.conftest import Start
from tests.terminal.processes import NEEDS_PROC, descendants, listening_ports, remains
from tests.terminal.screen import Size, Terminal

pytestmark = [pytest.mark.local, NEEDS_PROC]

LISTED = f"Functions {len(FUNCTIONS)}"
BOTH_SIZES = pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])


def log_lines(terminal: Terminal) -> int:
    """The count of lines that the log's status line gives."""
    found = re.search(r"· +([\d,]+) lines", terminal.text)
    return int(found[1].replace(",", "")) if found else 0


@BOTH_SIZES
def test_a_newcomer_browses_reads_a_live_log_invokes_a_function_and_quits(start: Start, size: Size, home: Path) -> None:
    terminal = start("--demo", size=size)
    terminal.wait_for("Loading functions…")
    assert terminal.alternate
    terminal.wait_for("legacy-export")
    assert LISTED in terminal.text
    terminal.wait_for("123456789012")

    terminal.press("\r")
    terminal.wait_for("SHA-256")
    terminal.press("G")
    terminal.wait_for("Tags")

    terminal.press("l")
    terminal.wait_for(lambda: log_lines(terminal) > 0)
    before = log_lines(terminal)
    terminal.wait_for(lambda: log_lines(terminal) > before)
    terminal.wait_for("REPORT RequestId:")

    terminal.press("i")
    terminal.wait_for("1  {}")
    terminal.wait_for("esc Leave the editor")  # it has the focus
    terminal.press("\x0b" + '{"items": [{"unitPriceCents": 1000, "quantity": 3}]}')
    terminal.wait_for('{"items": [{')
    terminal.press("\x1b[15~")  # f5
    terminal.wait_for("succeeded, status 200")
    terminal.wait_for("3570")  # 3 × 10.00 and 19 % of VAT, which only the function's code adds

    below = descendants(terminal.shell)
    assert [process for process in below if "lambdatui.local.child" in process.command], "the endpoint"
    assert len(below) >= 3, "program, endpoint, the function's process"
    ports = {port for process in below for port in listening_ports(process.pid)}
    assert len(ports) > 1, "the endpoint, and each environment's Runtime API"

    if size[0] >= 100:  # where there is room for one part only, the result has the focus by now
        terminal.press("\x1b")
    terminal.wait_for("e Edit")
    terminal.press("\x1b")
    terminal.wait_for(LISTED)
    terminal.press("q")
    assert terminal.wait_for_exit() == 0
    terminal.assert_restored()
    assert remains(home, below, shell=terminal.shell) == []
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5)
