"""Where options stand on the lines that they flow into."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lambdatui.ui.widgets.options_bar import GAP, Option, flow

OPTIONS = st.lists(st.builds(Option, st.just("name"), st.text("abc", min_size=1), st.text("xyz")), max_size=12)


@given(OPTIONS, st.integers(10, 200))
def test_every_option_has_a_place_of_its_own_in_order(options: list[Option], width: int) -> None:
    placed = flow(options, width)
    assert [it.number for it in placed] == list(range(len(options)))
    for before, after in pairwise(placed):
        same_line = after.y == before.y and after.x == before.x + options[before.number].cells + GAP
        next_line = after.y == before.y + 1 and after.x == 0
        assert same_line or next_line


@given(OPTIONS, st.integers(10, 200))
def test_an_option_is_on_a_line_whole_or_alone(options: list[Option], width: int) -> None:
    for it in flow(options, width):
        assert it.x + options[it.number].cells <= width or it.x == 0


def test_as_many_as_fit_are_on_a_line() -> None:
    options = [Option("a", "Type", "Event"), Option("b", "Log", "yes"), Option("c", "Stream", "no")]
    assert [(it.y, it.x) for it in flow(options, 19)] == [(0, 0), (0, 12), (1, 0)]
    assert [(it.y, it.x) for it in flow(options, 18)] == [(0, 0), (1, 0), (1, 9)]
