"""A small part of the family of keys, and what a person would see of it."""

from __future__ import annotations

import pytest

from tests.families import keys
from tests.families.figures import Trials
from tests.terminal.conftest import TROUBLE, Start

pytestmark = pytest.mark.local


def test_no_bytes_end_the_program_and_ctrl_c_twice_does() -> None:
    figures = list(keys.run(Trials(scale=0.005, seed=12)))
    assert all(figure.runs for figure in figures)
    assert [f"{figure.case}: {failure}" for figure in figures for failure in figure.failures] == []


def test_a_paste_that_never_ends_does_not_swallow_the_keys_after_it(start: Start) -> None:
    terminal = start()
    terminal.wait_for(TROUBLE)
    terminal.press("\x1b[200~lost")
    terminal.quiet(1.5)
    terminal.press("?")
    terminal.wait_for("Keys here")
    terminal.press("\x1b[200~lost again")
    terminal.quiet(0.3)
    terminal.press("\x03")
    terminal.wait_for("again to quit")
    terminal.press("\x03")
    assert terminal.wait_for_exit() == 0
    terminal.assert_restored()


def test_a_size_among_the_keys_is_no_size(start: Start) -> None:
    terminal = start()
    terminal.wait_for(TROUBLE)
    before = terminal.text
    terminal.press("\x1b[48;999999999;999999999;1;1t\x1b[48;0;0;0;0t\x1b[<0;5;5M\x1b[<0;5;5m")
    terminal.press("?")
    terminal.wait_for("Keys here")
    terminal.press("\x1b")
    terminal.wait_for(lambda: terminal.text == before)
    terminal.press("q")
    assert terminal.wait_for_exit() == 0


def test_a_paste_beyond_the_limit_is_cut_and_said_so(start: Start) -> None:
    terminal = start("--demo", "-f", "legacy-export")
    terminal.wait_for("legacy-export")
    terminal.press("i")
    terminal.wait_for("esc Leave the editor")
    terminal.send(b"\x1b[200~" + b'"0123456789"\n' * 100_000 + b"\x1b[201~", within=60)
    terminal.wait_for("Too much to paste")
    terminal.press("\x03")
    terminal.wait_for("again to quit")
    terminal.press("\x03")
    assert terminal.wait_for_exit() == 0
