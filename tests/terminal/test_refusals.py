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


@pytest.mark.parametrize(
    ("descriptor", "line"),
    [
        ("stdin", '"$@" <&-'),
        ("stdout", '"$@" >&-'),
        ("stderr", '"$@" 2>&-'),
        ("stdin", 'true | "$@"'),
        ("stdout", '"$@" >/dev/null'),
    ],
)
def test_a_closed_or_piped_descriptor_is_refused_in_one_line(start: Start, descriptor: str, line: str) -> None:
    terminal = start(via=line, environment={"COLUMNS": "-1", "LINES": "many"})
    assert terminal.wait_for_exit() == 2
    lines = [line for line in terminal.written.decode().split("\r\n") if line]
    assert lines[1].startswith(f"lambdatui: {descriptor} is not a terminal.")
    assert lines[2] == "[exit 2]"


def test_exported_columns_and_lines_are_ignored(start: Start) -> None:
    terminal = start(environment={"COLUMNS": "7", "LINES": "no number"})
    terminal.wait_for("r tries again")
    terminal.wait_for(lambda: "? Help" in terminal.lines[-1])


def test_without_a_term_it_refuses_in_one_line(start: Start) -> None:
    terminal = start(via='unset TERM; "$@"')
    assert terminal.wait_for_exit() == 2
    assert "lambdatui: TERM is not set." in terminal.text


@pytest.mark.parametrize("term", ["dumb", "DUMB", "", "unknown"])
def test_on_a_terminal_that_cannot_draw_it_refuses_in_one_line(start: Start, term: str) -> None:
    terminal = start(environment={"TERM": term})
    assert terminal.wait_for_exit() == 2
    assert b"\x1b" not in terminal.written
    lines = [line for line in terminal.written.decode().split("\r\n") if line]
    assert lines[1].startswith("lambdatui: TERM is ")
    assert lines[2] == "[exit 2]"
