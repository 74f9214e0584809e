"""A small part of the family of ends; the report runs the whole of it."""

from __future__ import annotations

import pytest

from tests.families import endings
from tests.families.figures import Trials
from tests.terminal.processes import NEEDS_PROC

pytestmark = [pytest.mark.local, NEEDS_PROC]


def test_the_program_ends_in_time_at_any_moment_and_leaves_nothing() -> None:
    figures = list(endings.run(Trials(scale=0.02, seed=11)))
    assert all(figure.runs for figure in figures)
    assert [f"{figure.case}: {failure}" for figure in figures for failure in figure.failures] == []
