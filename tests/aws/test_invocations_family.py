"""Invocations that break at any byte, a part of what `python -m tests.families.report invocations` runs."""

from __future__ import annotations

from tests.families import invocations
from tests.families.figures import Trials


def test_an_invocation_that_breaks_anywhere_is_one_request_and_unknown() -> None:
    figures = list(invocations.run(Trials(0.12, seed=7)))
    assert [failure for figure in figures for failure in figure.failures] == []
    assert [figure.runs for figure in figures] == [60, 60]
