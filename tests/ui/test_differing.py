"""Of a line only the cells are written that are others than before, and after that the terminal shows all of it."""

from __future__ import annotations

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from lambdatui.ui.terminal.spans import Spans
from lambdatui.ui.widgets.differing import differing

WIDTH = 40
CONSOLE = Console(force_terminal=True, color_system="truecolor", width=WIDTH)
PIECES = st.lists(
    st.tuples(
        st.text("ab ▲▇ü東", min_size=1, max_size=12), st.sampled_from([Style(bold=True), Style(color="#ff0000")])
    ),
    max_size=8,
)


def line(pieces: list[tuple[str, Style]]) -> Strip:
    """A line of the screen."""
    return Strip([Segment(text, style) for text, style in pieces]).adjust_cell_length(WIDTH, Style())


def write(screen: pyte.Screen, before: Strip, after: Strip) -> str:
    """What goes to the terminal, which shows it then."""
    spans = [(0, start, end) for start, end in differing(before, after)]
    text = Spans([{0: after}], spans, [[WIDTH]]).render_segments(CONSOLE) if spans else ""
    pyte.Stream(screen).feed(text)
    return text


@given(PIECES, PIECES)
def test_a_terminal_shows_the_new_line_after_what_differs_was_written(
    old: list[tuple[str, Style]], new: list[tuple[str, Style]]
) -> None:
    shown, expected = pyte.Screen(WIDTH, 1), pyte.Screen(WIDTH, 1)
    nothing, before, after = line([("~" * WIDTH, Style())]), line(old), line(new)
    write(shown, nothing, before)
    write(shown, before, after)
    write(expected, nothing, after)
    assert shown.display == expected.display
    assert dict(shown.buffer[0]) == dict(expected.buffer[0])


def test_a_figure_that_changes_is_written_without_the_rest_of_its_row() -> None:
    plain = Style()
    before, after = (line([(f"checkout-api        {count:,}      0%", plain)]) for count in (1_203, 1_204))
    assert differing(before, after) == [(24, 25)]
    assert len(write(pyte.Screen(WIDTH, 1), before, after)) < 20
