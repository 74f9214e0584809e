"""Where the program cannot be shown it says so in one line, and ends with 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal.conftest import Start


@pytest.mark.parametrize(
    ("descriptor", "redirection"), [("stdin", "</dev/null"), ("stdout", ">out"), ("stderr", "2>err")]
)
def test_without_a_terminal_it_refuses_in_one_line(start: Start, home: Path, descriptor: str, redirection: str) -> None:
    terminal = start(via=f'cd {home}; "$@" {redirection}')
    assert terminal.wait_for_exit() == 2
    said = (home / "err").read_text() if descriptor == "stderr" else "\n".join(terminal.text.split("\n")[1:])
    assert said.startswith(f"lambdatui: {descriptor} is not a terminal.")
    assert b"\x1b" not in terminal.written
    if descriptor == "stderr":
        assert said.count("\n") == 1
    if descriptor == "stdout":
        assert (home / "out").read_bytes() == b""


@pytest.mark.parametrize("term", ["dumb", "", "unknown"])
def test_on_a_terminal_that_cannot_draw_it_refuses_in_one_line(start: Start, term: str) -> None:
    terminal = start(environment={"TERM": term})
    assert terminal.wait_for_exit() == 2
    assert b"\x1b" not in terminal.written
    lines = [line for line in terminal.written.decode().split("\r\n") if line]
    assert lines[1].startswith("lambdatui: TERM is ")
    assert lines[2] == "[exit 2]"
