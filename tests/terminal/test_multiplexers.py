"""In a terminal multiplexer, which is how many people sit on a bastion."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lambdatui.local.demo.catalogue import FUNCTIONS
from tests.terminal.conftest import Start


@pytest.mark.local
@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_in_tmux_it_draws_takes_keys_and_leaves_the_pane_as_it_was(start: Start, home: Path) -> None:
    # A server of its own, which ends with its one session; the pane's shell waits before it closes.
    inside = r"""$* ; printf '[code %d]\n' \$?; read -r _"""
    via = f'unset TMUX; exec tmux -S {home}/socket -f /dev/null new-session "{inside}"'
    terminal = start("--demo", via=via, size=(120, 37))
    terminal.wait_for("legacy-export")
    terminal.press("\r")
    terminal.wait_for("SHA-256")
    terminal.press("l")
    terminal.wait_for("REPORT RequestId:")
    terminal.press("q")
    terminal.wait_for(f"Functions {len(FUNCTIONS)}")
    terminal.press("q")
    terminal.wait_for("[code 0]")
    assert terminal.lines[0] == "[code 0]"
    terminal.press("\r")
    assert terminal.wait_for_exit() == 0
