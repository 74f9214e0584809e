"""A small part of the family of hostile text; the report runs the whole of it."""

from __future__ import annotations

from tests.families import hostile
from tests.families.figures import Trials
from tests.terminal.processes import NEEDS_PROC

pytestmark = [NEEDS_PROC]


def test_hostile_text_is_shown_and_never_obeyed() -> None:
    figures = list(hostile.run(Trials(scale=0.06, seed=14)))
    assert all(figure.runs for figure in figures)
    assert [failure for figure in figures for failure in figure.failures] == []
