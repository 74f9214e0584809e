"""Cells cut to width, and columns placed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from lambdatui.model.fuzzy import Needle
from lambdatui.ui.widgets import drawing
from lambdatui.ui.widgets.cells import cells_from, fit, fold, width_of
from lambdatui.ui.widgets.columns import GAP, GUTTER, Column, Toned, furthest, lay_out

TEXT = st.text(st.sampled_from("ab [/@é日本ｶ한😀́\t\n"), max_size=40)
LINE = TEXT.map(lambda text: text.replace("\t", "").replace("\n", ""))  # what has a width: a row without controls
COLUMNS = st.lists(
    st.builds(
        Column[Any],
        title=st.sampled_from(["Name", "日本", "A"]),
        cell=st.just(str),
        width=st.integers(1, 30),
        grow=st.integers(0, 3),
        sort=st.sampled_from([None, str]),
        align=st.sampled_from(["left", "right"]),
        leaves=st.sampled_from([0, 0, 40]),
        urgency=st.integers(0, 3),
    ),
    min_size=1,
    max_size=7,
)


@given(TEXT, st.integers(0, 30), st.sampled_from(["left", "right"]))
def test_a_cell_takes_exactly_its_width_and_one_line(text: str, width: int, align: Any) -> None:
    cell = fit(text, width, align)
    assert cell_len(cell) == width
    assert not set(cell) & set("\t\n")


@pytest.mark.parametrize(
    ("text", "width", "cell"),
    [
        ("short", 7, "short  "),
        ("exactly", 7, "exactly"),
        ("too long", 7, "too lo…"),
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日 …"),
        ("x", 0, ""),
        ("xy", 1, "…"),
        ("a\tb\nc", 6, "a␉b␊c "),
    ],
)
def test_text_too_long_is_cut_by_cells(text: str, width: int, cell: str) -> None:
    assert fit(text, width) == cell


def test_numbers_stand_to_the_right() -> None:
    assert fit("12", 4, "right") == "  12"


@given(TEXT.map(lambda text: text.replace("\n", "")), st.integers(2, 12))
def test_folding_loses_nothing_and_no_row_is_too_wide(text: str, width: int) -> None:
    rows = fold(text, width)
    assert "".join(rows) == text
    assert all(cell_len(row) <= width for row in rows)


@given(LINE, st.integers(0, 60))
def test_what_is_left_from_a_cell_on_has_the_rest_of_the_width(text: str, start: int) -> None:
    assert width_of(cells_from(text, start)) == max(0, width_of(text) - start)


@given(COLUMNS, st.integers(0, 120), st.integers(1, 6))
def test_columns_never_overlap_and_never_leave_the_line(columns: list[Column[Any]], width: int, first: int) -> None:
    layout = lay_out(columns, width, min(first, max(1, len(columns) - 1)))
    end = GUTTER - GAP
    for placed in layout.placed:
        assert placed.x == end + GAP
        end = placed.x + placed.width
    assert layout.placed[0].column == 0
    if width >= GUTTER + GAP + 2:
        assert end <= width


@given(COLUMNS, st.integers(10, 120))
def test_every_column_can_be_reached_at_every_width(columns: list[Column[Any]], width: int) -> None:
    last = furthest(columns, width)
    layouts = [lay_out(columns, width, first) for first in range(1, last + 1)]
    assert {placed.column for layout in layouts for placed in layout.placed} == set(range(len(columns)))
    assert all(placed.width > 0 for layout in layouts for placed in layout.placed)
    assert not layouts[-1].more_right
    assert not layouts[0].more_left


@given(COLUMNS, st.integers(10, 120), TEXT, st.sampled_from(["", "a", "日", "["]))
def test_header_and_rows_are_as_wide_as_they_should_be(
    columns: list[Column[Any]], width: int, text: str, needle: str
) -> None:
    layout = lay_out(columns, width, 1)
    assert cell_len(drawing.header(columns, layout, width, (0, False))) == width + 1
    runs = drawing.row(columns, layout, width, text, [Needle(needle)] if needle else ())
    assert sum(cell_len(run.text) for run in runs) == width - GUTTER


def test_spare_room_is_shared_out_to_the_last_cell() -> None:
    columns = [Column[str]("A", str, 5, 1), Column[str]("B", str, 5, 2), Column[str]("C", str, 5)]
    layout = lay_out(columns, GUTTER + 5 + 2 + 5 + 2 + 5 + 10, 1)
    assert [placed.width for placed in layout.placed] == [8, 12, 5]


def test_a_row_is_one_run_until_a_tone_or_a_hit_breaks_it() -> None:
    columns = [Column[str]("A", str, 6), Column[str]("B", lambda item: Toned(item, "bad"), 6)]
    runs = drawing.row(columns, lay_out(columns, 21, 1), 21, "Order", [Needle("rd")])
    assert runs == [("O", ""), ("rd", "hit"), ("er   ", ""), ("Order ", "bad"), ("     ", "")]


@pytest.mark.parametrize(
    ("align", "width", "hits"),
    [("left", 12, ["o", "cr"]), ("right", 16, ["o", "cr"]), ("left", 9, ["o", "c"]), ("left", 5, ["o"])],
)
def test_hits_are_marked_as_far_as_they_are_in_sight(align: Any, width: int, hits: list[str]) -> None:
    columns = [Column[str]("", str, width, align=align)]
    runs = drawing.row(columns, lay_out(columns, 30, 1), 30, "Orders-create", [Needle("OCR")])
    assert [run.text.lower() for run in runs if run.look == "hit"] == hits


@pytest.mark.parametrize(("offset", "bar"), [(0, [0, 1]), (15, [4, 5]), (30, [8, 9])])
def test_the_scroll_bar_says_where_the_window_is(offset: int, bar: list[int]) -> None:
    assert [y for y in range(10) if drawing.thumb(y, 10, offset, 40)] == bar


def test_there_is_no_scroll_bar_when_everything_is_on_screen() -> None:
    assert not any(drawing.thumb(y, 10, 0, 10) for y in range(10))
