"""`lambdatui local` in a terminal."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from lambdatui.local.demo.catalogue import FUNCTIONS
from tests.terminal.conftest import Start
from tests.terminal.processes import NEEDS_PROC, descendants, program_in, remains

pytestmark = [pytest.mark.local, NEEDS_PROC]


@pytest.mark.parametrize("ending", ["ctrl+c", "SIGTERM", "SIGHUP"])
def test_it_says_where_it_is_serves_and_leaves_nothing(start: Start, home: Path, ending: str) -> None:
    terminal = start("local", "--demo")
    terminal.wait_for("export AWS_DEFAULT_REGION=eu-west-1")
    exports = dict(re.findall(r"^export (\w+)=(\S+)$", terminal.text, re.MULTILINE))
    assert exports.keys() >= {"AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"}
    url = exports["AWS_ENDPOINT_URL"]
    with urllib.request.urlopen(f"{url}/2015-03-31/functions/", timeout=10) as answer:  # noqa: S310 (ours)
        assert len(json.load(answer)["Functions"]) == len(FUNCTIONS)

    processes = descendants(terminal.shell)
    if ending == "ctrl+c":
        terminal.press("\x03")
    else:
        os.kill(program_in(terminal.shell).pid, getattr(signal, ending))
    assert terminal.wait_for_exit() == 0
    assert "Traceback" not in terminal.text
    assert remains(home, processes, shell=terminal.shell) == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=5)


def test_killing_it_takes_the_endpoint_with_it(start: Start, home: Path) -> None:
    terminal = start("local", "--demo")
    terminal.wait_for("export AWS_DEFAULT_REGION=eu-west-1")
    processes = descendants(terminal.shell)
    assert len(processes) >= 2
    os.kill(program_in(terminal.shell).pid, signal.SIGKILL)
    assert terminal.wait_for_exit() == 137
    terminal.wait_for(lambda: not remains(home, processes, shell=terminal.shell), 10)


def test_a_window_that_is_closed_takes_it_along(start: Start, home: Path) -> None:
    terminal = start("local", "--demo")
    terminal.wait_for("export AWS_DEFAULT_REGION=eu-west-1")
    processes = descendants(terminal.shell)
    terminal.hang_up()
    terminal.wait_for(lambda: not remains(home, processes, shell=terminal.shell), 10)
