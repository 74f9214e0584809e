"""A small part of the family of secrets; the report runs the whole of it."""

from __future__ import annotations

from tests.families import secrets
from tests.families.figures import Trials
from tests.terminal.processes import NEEDS_PROC

pytestmark = [NEEDS_PROC]


def test_no_crash_prints_or_writes_a_secret() -> None:
    figures = list(secrets.run(Trials(scale=0.06, seed=13)))
    assert all(figure.runs for figure in figures)
    assert [failure for figure in figures for failure in figure.failures] == []
