"""A small part of what `python -m tests.families.report tails` runs, with another seed."""

from __future__ import annotations

from tests.families import tails
from tests.families.figures import Trials

SCALE = 0.02


def test_nothing_is_lost_and_nothing_given_twice_whatever_the_order_of_arrival() -> None:
    figures = list(tails.run(Trials(SCALE, 11)))
    assert [failure for figure in figures for failure in figure.failures] == []
    assert [figure.runs > 1000 for figure in figures[:2]] == [True, True]
