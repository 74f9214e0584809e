"""Charts and bars as they are drawn, moved in, and sent to the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import on
from textual.app import App, ComposeResult
from textual.widget import Widget

from lambdatui.model.chart import Chart as ChartData
from lambdatui.model.chart import ChartMarker, ChartSeries, Points, level
from lambdatui.ui.themes import THEMES
from lambdatui.ui.widgets.bar import Bar, BarData, BarPart, draw_bar
from lambdatui.ui.widgets.chart import LOOKS, Chart
from lambdatui.ui.widgets.chart_canvas import Row, differing
from lambdatui.ui.widgets.chart_plot import Picture, draw_chart
from lambdatui.ui.widgets.chart_signs import ASCII, BLOCKS, BRAILLE, Signs, signs_for
from tests.ui.stage import Terminal

START = 1_795_000_020  # 18 Nov 2026 11:07 UTC
every_way = pytest.mark.parametrize("signs", [BRAILLE, BLOCKS, ASCII], ids=lambda signs: signs.name)


def utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def chart(*series: ChartSeries, incomplete: int = 0, markers: Sequence[ChartMarker] = ()) -> ChartData:
    return ChartData("Duration", START, 60, len(series[0].points), series, tuple(markers), incomplete)


def line(*points: float | None, name: str = "p50", unit: str = "ms") -> ChartSeries:
    return ChartSeries(name, points, unit=unit)


def drawn(
    data: ChartData, size: tuple[int, int] = (40, 8), signs: Signs = BRAILLE, cursor: int | None = None
) -> Picture:
    return draw_chart(data, size, signs, utc, cursor)


def text(picture: Picture) -> str:
    return "\n".join(row.text.rstrip() for row in picture.rows)


def plot(picture: Picture) -> list[str]:
    """The rows between the legend and the axis of time."""
    return [row.text[picture.left :] for row in picture.rows if row.looks[picture.left - 1] == "a"][:-1]


def plot_looks(picture: Picture) -> str:
    return "".join(row.looks[picture.left :] for row in picture.rows if row.looks[picture.left - 1] == "a")


# What is drawn ----------------------------------------------------------------------------------------------------


@given(
    st.lists(st.lists(st.none() | st.floats(0, 1e9), min_size=7, max_size=7), max_size=5),
    st.tuples(st.integers(20, 130), st.integers(4, 30)),
    st.sampled_from([BRAILLE, BLOCKS, ASCII]),
    st.none() | st.integers(0, 6),
    st.integers(0, 7),
)
@settings(deadline=None)
def test_a_chart_fills_its_place_exactly_in_the_characters_of_its_terminal(
    points: list[Points], size: tuple[int, int], signs: Signs, cursor: int | None, incomplete: int
) -> None:
    series = tuple(ChartSeries(f"p{number}", values) for number, values in enumerate(points))
    picture = drawn(ChartData("Duration", START, 60, 7, series, (), incomplete), size, signs, cursor)
    assert [(len(row.text), len(row.looks)) for row in picture.rows] == [(size[0], size[0])] * size[1]
    assert all(set(row.looks) <= LOOKS.keys() for row in picture.rows)
    assert signs is not ASCII or text(picture).replace("–", "-").replace("…", ".").isascii()
    assert signs is not BLOCKS or not any("\u2800" <= one <= "\u28ff" for one in text(picture))


@every_way
def test_a_gap_is_empty_and_zero_is_not(signs: Signs) -> None:
    gap, zero = (drawn(chart(line(5, 5, value, value, value, 5, 5)), signs=signs) for value in (None, 0))
    column = gap.column(3)
    assert all(row[column - gap.left] == " " for row in plot(gap))
    assert any(row[column - gap.left] != " " for row in plot(zero))


@every_way
def test_lines_are_told_apart_without_colours(signs: Signs) -> None:
    data = chart(line(*[10] * 30), line(*[20] * 30, name="p95"), line(*[30] * 30, name="p99"))
    picture = drawn(data, (60, 12), signs)
    for sign, name in zip(signs.marks, ("p50", "p95", "p99"), strict=False):
        assert f"{sign} {name}" in text(picture)
        assert [row for row in plot(picture) if sign in row], name


def test_one_line_needs_no_marks() -> None:
    assert not set("".join(plot(drawn(chart(line(*[10] * 30)))))) & set(BRAILLE.marks)


@every_way
def test_a_limit_is_a_line_where_it_is_and_words_where_it_would_press_the_others_flat(signs: Signs) -> None:
    near = drawn(chart(line(100, 200, 300), level("timeout", 600, 3, "ms")), signs=signs)
    far = drawn(chart(line(100, 200, 300), level("timeout", 30_000, 3, "ms")), signs=signs)
    assert f"{signs.limit} timeout 600 ms" in text(near)
    assert "l" in plot_looks(near)
    assert f"{signs.above} timeout 30.0 s" in text(far)
    assert "l" not in plot_looks(far)


@every_way
def test_a_comparison_is_behind_the_line_and_sparser(signs: Signs) -> None:
    before = ChartSeries("yesterday", (100,) * 40, "behind", "ms")
    alone = drawn(chart(before), (60, 8), signs)
    with_line = drawn(chart(line(*[100] * 40), before), (60, 8), signs)
    assert f"{signs.behind} yesterday" in text(alone)
    assert 0 < plot_looks(alone).count("b") < 40
    assert "b" not in plot_looks(with_line)


@every_way
def test_a_period_that_is_not_over_is_marked_on_the_line_on_the_axis_and_at_the_cursor(signs: Signs) -> None:
    data = chart(line(10, 20, 30, 4), incomplete=1)
    picture = drawn(data, signs=signs)
    column = picture.column(3)
    assert any(row.text[column] == signs.unfinished for row in picture.rows[1:-2])
    assert picture.rows[-2].text[column] == signs.unfinished_axis
    assert "p50 30 ms, max 30 ms" in text(picture)  # not the 4 ms so far
    assert "18 Nov 11:10 so far" in text(drawn(data, signs=signs, cursor=3))
    assert "so far" not in text(drawn(data, signs=signs, cursor=2))


def test_the_cursor_tells_the_values_of_its_period_and_what_happened_then() -> None:
    data = chart(line(10, None, 30), markers=[ChartMarker(START + 70, "deployed 12", "d")])
    at_gap = text(drawn(data, cursor=1))
    assert "p50 –" in at_gap
    assert "d deployed 12" in at_gap
    assert "18 Nov 11:08" in at_gap
    assert "p50 30 ms" in text(drawn(data, cursor=2))
    assert "deployed 12" not in text(drawn(data, cursor=2))


def test_what_happened_stands_upright_in_the_plot() -> None:
    picture = drawn(chart(line(10, 10, 10), markers=[ChartMarker(START + 70, "alarm")]))
    rows = [row[picture.column(1) - picture.left] for row in plot(picture)]
    assert rows[0] == "!"
    assert BRAILLE.upright in rows[1:]


def test_charts_on_one_another_are_in_line_where_there_is_room() -> None:
    counts, times = chart(line(1, 2, unit="")), chart(line(100, 200))
    wide, narrow = ([drawn(data, (width, 8)).left for data in (counts, times)] for width in (80, 40))
    assert wide[0] == wide[1]
    assert narrow[0] < narrow[1]  # else what is drawn needs the cells


def test_a_second_unit_has_its_axis_on_the_right() -> None:
    rows = drawn(chart(line(5, 9, unit="", name="errors"), line(1, 2, unit="%", name="rate")), (60, 8)).rows
    assert any(row.text.lstrip().startswith("10┤") and row.text.rstrip().endswith("├2 %") for row in rows)


def test_without_data_it_says_so() -> None:
    assert "no data" in text(drawn(chart(line(None, None))))
    assert "no data" not in text(drawn(chart(line(0, None))))


def test_a_legend_that_is_too_long_says_how_much_is_missing() -> None:
    many = [line(1, 2, name=f"alias-{number}") for number in range(20)]
    legend = text(drawn(chart(*many), (40, 6))).splitlines()[:2]
    assert "● alias-0" in legend[0]
    assert legend[1].endswith("+ 16 more")


def test_a_long_name_of_a_limit_is_cut_and_not_its_value() -> None:
    alarm = level("alarm too many errors of the checkout, page somebody", 250, 2, "ms")
    legend = text(drawn(chart(line(1, 2), alarm), (40, 8))).splitlines()[1]
    assert legend == f"{BRAILLE.above} alarm too many errors of the c… 250 ms"
    assert len(legend) == 40


def test_names_from_outside_cannot_move_the_cells() -> None:
    picture = drawn(chart(line(1, 2, name="日本 v1")))
    assert "???" not in picture.rows[0].text
    assert "?? v1" in picture.rows[0].text


@given(st.integers(1, 400), st.integers(20, 200))
def test_a_click_finds_the_period_that_is_drawn_there(count: int, width: int) -> None:
    picture = Picture((), 7, width, count)
    for index in range(count):
        nearest = picture.index(picture.column(index))
        assert picture.column(nearest) == picture.column(index)


@pytest.mark.parametrize(
    ("term", "encoding", "signs"),
    [("xterm-256color", "utf-8", BRAILLE), ("linux", "UTF-8", BLOCKS), ("xterm", "ascii", ASCII),
     ("linux", "iso8859-1", ASCII), ("", "utf_8", BRAILLE), ("vt100", "utf-8", BLOCKS)],
)  # fmt: skip
def test_the_terminal_decides_the_characters(term: str, encoding: str, signs: Signs) -> None:
    assert signs_for({"TERM": term}, encoding) is signs


@every_way
def test_signs_of_one_meaning_each(signs: Signs) -> None:
    assert len(set(signs.marks)) == len(signs.marks)
    assert len(set(signs.fills)) == len(signs.fills)
    assert len({signs.line, signs.limit, signs.behind, signs.above}) == 4
    assert signs.unfinished not in signs.marks


@given(st.text(st.sampled_from("ab"), min_size=6, max_size=6), st.text(st.sampled_from("ab"), min_size=6, max_size=6))
def test_only_the_cells_between_the_first_and_the_last_difference_are_sent(one: str, other: str) -> None:
    found = differing(Row(one, "x" * 6), Row(other, "x" * 6))
    if found is None:
        assert one == other
    else:
        start, end = found
        assert one[:start] + other[start:end] + one[end:] == other
        assert one[start] != other[start]
        assert one[end - 1] != other[end - 1]


# The bar ----------------------------------------------------------------------------------------------------------


def concurrency(*used: float, total: float = 1000) -> BarData:
    names = ("reserved pay", "reserved mail", "in use")
    return BarData("Concurrency", tuple(map(BarPart, names, used)), total)


@every_way
def test_a_bar_is_full_and_its_numbers_add_up_to_the_limit(signs: Signs) -> None:
    rows = draw_bar(concurrency(300, 50, 5), (40, 4), signs)
    assert [len(row.text) for row in rows[:3]] == [40] * 3
    assert " " not in rows[0].text
    assert len(set(rows[0].text)) == 4  # parts and what is free, by their shape
    assert rows[0].text.count(signs.fills[0]) == 12
    words = " ".join(row.text for row in rows[1:])
    for told in ("reserved pay 300", "reserved mail 50", "in use 5", "free 645", "limit 1,000"):
        assert told in words


def test_more_than_the_limit_is_said() -> None:
    rows = draw_bar(concurrency(900, 150, 50), (80, 4), BRAILLE)
    assert "100 more than the limit" in " ".join(row.text for row in rows)
    assert BRAILLE.fills[-1] not in rows[0].text


# In the program ---------------------------------------------------------------------------------------------------


class Shown(App[None]):
    """A screen with one chart or bar, and what it told."""

    def __init__(self, make: Callable[[], Widget], theme: str = "lambdatui") -> None:
        super().__init__(driver_class=Terminal)
        self._make = make
        self._chosen = theme
        self.moves: list[int | None] = []

    def compose(self) -> ComposeResult:
        yield self._make()

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self._chosen

    @on(Chart.Moved)
    def note(self, event: Chart.Moved) -> None:
        self.moves.append(event.cursor)


def data() -> ChartData:
    return chart(line(*range(1, 31)), line(*range(31, 61), name="p95"), incomplete=1)


def shown_text(widget: Widget) -> str:
    return "\n".join(widget.render_line(y).text.rstrip() for y in range(widget.size.height))


async def test_keys_move_the_cursor_and_tell_the_pane() -> None:
    app = Shown(lambda: Chart(data(), signs=BRAILLE))
    async with app.run_test(size=(80, 10)) as pilot:
        widget = app.query_one(Chart)
        widget.zone = UTC
        widget.focus()
        await pilot.press("left", "left", "right", "right", "right", "shift+left", "shift+left", "shift+left")
        await pilot.pause()
        assert app.moves == [28, 27, 28, 29, 19, 9, 0]  # the last that is over first; at an end nothing is told
        assert "18 Nov 11:07" in shown_text(widget)
        await pilot.press("escape")
        assert app.moves[-1] is None
        assert "18 Nov 11:07" not in shown_text(widget)


async def test_a_click_puts_the_cursor_where_it_was() -> None:
    app = Shown(lambda: Chart(data(), signs=BRAILLE))
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.click(Chart, offset=(79, 4))
        await pilot.click(Chart, offset=(0, 4))
        assert app.moves == [29, 0]


async def test_a_cursor_that_the_pane_sets_is_not_told_back_and_stays_in_the_chart() -> None:
    app = Shown(lambda: Chart(data(), signs=BRAILLE))
    async with app.run_test(size=(80, 10)) as pilot:
        widget = app.query_one(Chart)
        widget.cursor = 25
        widget.chart = chart(line(1, 2, 3))
        await pilot.pause()
        assert (app.moves, widget.cursor) == ([], 2)


async def test_an_equal_chart_sends_nothing_and_a_new_point_little() -> None:
    app = Shown(lambda: Chart(data(), signs=BRAILLE))
    async with app.run_test(headless=False, size=(120, 10)) as pilot:
        terminal = app._driver
        assert isinstance(terminal, Terminal)
        widget = app.query_one(Chart)
        await pilot.pause()
        before, first = terminal.written, len(terminal.written)
        widget.chart = data()
        await pilot.pause()
        assert terminal.written == before
        changed = replace(data().series[0], points=(*range(1, 30), 12))
        widget.chart = replace(data(), series=(changed, data().series[1]))
        await pilot.pause()
        assert 0 < len(terminal.written) - first < first / 4


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
@pytest.mark.parametrize("size", [(120, 12), (40, 5), (20, 4), (10, 2)], ids=str)
async def test_a_chart_and_a_bar_draw_in_every_theme_at_every_size(theme: str, size: tuple[int, int]) -> None:
    for make in (lambda: Chart(data(), signs=BRAILLE), lambda: Bar(concurrency(300, 50, 5), signs=BRAILLE)):
        app = Shown(make, theme)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            widget = app.query_one("Chart, Bar")
            assert [widget.render_line(y).cell_length for y in range(widget.size.height)] == [
                widget.size.width
            ] * widget.size.height
            assert shown_text(widget).strip()
