"""Lines of text that are folded, and moved through by rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.events import Resize

from lambdatui.ui.widgets.text_lines import MARGIN, Place, TextLine, TextLines
from lambdatui.ui.widgets.text_view import TextView


class OneText(App[None]):
    """A text, and nothing else."""

    def compose(self) -> ComposeResult:
        yield TextView()


async def test_a_size_that_is_told_of_while_it_is_hidden_folds_nothing() -> None:
    app = OneText()
    async with app.run_test(size=(40, 10)) as pilot:
        view = app.query_one(TextView)
        view.show_lines([TextLine("succeeded, status 200", "good")])
        view.display = False
        await pilot.pause()
        assert not view.size
        view.post_message(Resize(app.size, app.size, app.size))
        await pilot.pause()
        assert view._text.body == 40 - MARGIN
        view.display = True
        await pilot.pause()
        assert view.render_line(0).text.rstrip() == "✓ succeeded, status 200"


@given(
    st.lists(st.text(st.sampled_from("ab日\n\t "), max_size=60), min_size=1, max_size=15),
    st.integers(1, 40),
    st.integers(1, 10),
    st.lists(st.integers(-15, 15), max_size=10),
)
def test_moving_by_rows_is_moving_in_the_list_of_all_rows(
    texts: list[str], width: int, height: int, moves: list[int]
) -> None:
    text = TextLines(limit=10)
    text.append([TextLine(content) for content in texts])
    text.shape(width, True)
    rows = [Place(n, row) for n in range(text.first, text.end) for row in range(len(text.rows(n)))]
    assert text.places(rows[0], len(rows) + 1) == rows
    assert text.last_top(height) == rows[max(0, len(rows) - height)]
    index = 0
    for move in moves:
        place = text.moved(rows[index], move)
        index = max(0, min(index + move, len(rows) - 1))
        assert place == rows[index]
        assert text.place_of(place.line, text.characters_before(place)).line == place.line
