"""A small part of the family of screens; the report runs the whole of it."""

from __future__ import annotations

from tests.families import screens
from tests.families.figures import Trials
from tests.terminal.processes import NEEDS_PROC

pytestmark = [NEEDS_PROC]


def test_the_program_can_be_used_in_terminals_of_every_kind_and_size() -> None:
    figures = list(screens.run(Trials(scale=0.06, seed=15)))
    assert all(figure.runs for figure in figures)
    assert [failure for figure in figures for failure in figure.failures] == []
