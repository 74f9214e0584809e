"""Log lines in the colours that the function gave them, folded, cut and scrolled like any others."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual._ansi_theme import ALABASTER, MONOKAI

from lambdatui.model.sgr import Style as Given
from lambdatui.model.sgr import styled
from lambdatui.ui.widgets.cells import cells_from, fit
from lambdatui.ui.widgets.log_colours import READABLE, Coloured, Ground, contrast, painted, readable
from lambdatui.ui.widgets.text_lines import Place, TextLine, TextLines

DARK = Ground(Style.parse("#e0e0e0 on #121212"), MONOKAI)
LIGHT = Ground(Style.parse("#202020 on #f8f8f8"), ALABASTER)

HIT = Style(bold=True, reverse=True)

COLOURS = st.none() | st.integers(0, 255) | st.tuples(*[st.integers(0, 255)] * 3)
STYLES = st.builds(Given, COLOURS, COLOURS, *[st.booleans()] * 6)


def text_of(log: str, width: int = 80, *, wrap: bool = True) -> TextLines:
    """A text of one line."""
    text, spans = styled(log)
    found = TextLines(limit=10)
    found.append([TextLine(text, "log", spans)])
    found.shape(width, wrap)
    return found


def letters(text: TextLines, place: Place) -> list[tuple[str, bool]]:
    """Every letter of a row, and whether it is red."""
    row = text.rows(place.line)[place.row]
    red = [False] * len(row)
    for start, end, style in text.spans(place):
        red[start:end] = [style.foreground == 1] * (end - start)
    return list(zip(row, red, strict=True))


@given(
    st.lists(st.tuples(st.text(st.sampled_from("ab日é\n\t "), max_size=30), st.booleans()), max_size=6),
    st.integers(3, 30),
)
@example([("\t\na", True), ("b", False)], 3)  # fmt: skip
def test_every_letter_has_its_colour_in_whatever_row_it_is(pieces: list[tuple[str, bool]], width: int) -> None:
    text = text_of("".join(f"\x1b[{'31' if red else '39'}m{piece}" for piece, red in pieces), width)
    shown = [one for row in range(len(text.rows(0))) for one in letters(text, Place(0, row)) if one[0] != " "]
    whole = [(letter, red) for piece, red in pieces for letter in piece]
    assert shown == [one for one in whole if one[0] not in " \t\n"]


@pytest.mark.parametrize("start", [0, 1, 2, 5, 9, 40])
@pytest.mark.parametrize("width", [1, 2, 7, 8, 30])
def test_a_coloured_row_is_cut_where_a_plain_one_is(start: int, width: int) -> None:
    text = text_of("ab\x1b[31m日本\x1b[1mcdef\x1b[0mgh", wrap=False)
    row = text.rows(0)[0]
    drawn = "".join(
        segment.text for segment in painted(Coloured(row, text.spans(Place(0, 0))), start, width, DARK, HIT)
    )
    assert drawn == fit(cells_from(row, start), width)


def test_what_a_style_says_is_drawn() -> None:
    text = text_of("a\x1b[1;3;4;9;38;2;250;100;50mb\x1b[mc")
    segments = painted(Coloured(text.rows(0)[0], text.spans(Place(0, 0))), 0, 5, DARK, HIT)
    loud = DARK.style + Style(bold=True, italic=True, underline=True, strike=True, color=Color.from_rgb(250, 100, 50))
    assert [it for it in segments if it.text] == [
        Segment("a", DARK.style), Segment("b", loud), Segment("c", DARK.style), Segment("  ", DARK.style),
    ]  # fmt: skip


@given(
    st.lists(st.tuples(st.sampled_from(["a", "bc", "日"]), st.booleans(), st.booleans()), max_size=8),
    st.integers(1, 12),
)
def test_hits_are_marked_over_every_colour(pieces: list[tuple[str, bool, bool]], width: int) -> None:
    text, spans = styled("".join(f"\x1b[{'31' if red else '39'}m{piece}" for piece, red, _ in pieces))
    hits, at = [], 0
    for piece, _, hit in pieces:
        if hit:
            hits.append((at, at + len(piece)))
        at += len(piece)
    drawn = painted(Coloured(text, spans, hits), 0, 40, DARK, HIT)
    marked = [letter for segment in drawn for letter in segment.text if segment.style and segment.style.reverse]
    assert marked == [letter for start, end in hits for letter in text[start:end]]
    cut = painted(Coloured(text, spans, hits), 0, width, DARK, HIT)
    assert "".join(segment.text for segment in cut) == fit(text, width)


@given(STYLES, st.sampled_from([DARK, LIGHT]))
@example(Given(foreground=0), DARK)
@example(Given(foreground=15, background=15), LIGHT)
@example(Given(foreground=(18, 18, 18)), DARK)
@example(Given(background=(224, 224, 224)), DARK)
def test_no_colour_hides_a_text(given_style: Given, ground: Ground) -> None:
    assert contrast(readable(given_style, ground), ground.theme) >= READABLE


@given(STYLES, st.sampled_from([DARK, LIGHT]))
def test_colours_that_can_be_read_stay(given_style: Given, ground: Ground) -> None:
    bold = readable(Given(foreground=(250, 100, 50), bold=True), ground)
    assert bold.color == Color.from_rgb(250, 100, 50)
    assert readable(given_style, ground).underline == (given_style.underline or None)


def test_a_line_that_is_not_visible_text_yet_has_no_colours() -> None:
    text, spans = styled("\x1b[31mred\x1b[m plain")
    log = TextLines(limit=10)
    log.append([TextLine(f"\x1b{text}", "log", spans)])
    assert (log.rows(0), log.spans(Place(0, 0))) == (["␛red plain"], ())
