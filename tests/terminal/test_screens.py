"""A small part of the family of screens; the report runs the whole of it."""

from __future__ import annotations

from tests.families import screens
from tests.families.figures import Trials
from tests.terminal import resizing
from tests.terminal.processes import NEEDS_PROC
from tests.terminal.trial import Trial

pytestmark = [NEEDS_PROC]


def test_the_program_can_be_used_in_terminals_of_every_kind_and_size() -> None:
    figures = list(screens.run(Trials(scale=0.06, seed=15)))
    assert all(figure.runs for figure in figures)
    assert [failure for figure in figures for failure in figure.failures] == []


def test_the_size_that_a_window_has_in_the_end_is_drawn_also_when_it_changes_while_it_is_read() -> None:
    with Trial("--endpoint-url", "http://127.0.0.1:9", "--region", "eu-west-1", module="tests.terminal.resizing") as it:
        it.wait_for("q Quit")
        it.terminal.resize(resizing.TO)
        it.wait_for(lambda: "q Quit" in it.terminal.lines[resizing.THEN[1] - 1])
        it.terminal.press("q")
        assert it.terminal.wait_for_exit() == 0
