"""Colours and styles taken out of log lines: all that they say, and nothing else of what a terminal obeys."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lambdatui.model.sgr import CHANGES, PLAIN, Span, Style, Styled, lines, part, styled, without_tabs
from lambdatui.model.text import visible

RED = Style(foreground=1)

PARAMETERS = st.text("0123456789;:", max_size=70) | st.lists(st.integers(0, 110).map(str)).map(";".join)
SEQUENCES = PARAMETERS.map("\x1b[{}m".format)
PIECES = [
    *"\x1b[m01234578;:\t\n\r\x00\x7f\x9b\u202e\u200b\u2028\ud800\u0301a日👍é",
    *(
        "\x1b[",
        "\x1b[m",
        "\x1b[31m",
        "\x1b[1;4m",
        "\x1b[38;5;208m",
        "\x1b[48;2;1;2;3m",
        "\x1b[38:2::1:2:3m",
        "\x1b[39;49m",
    ),
    *(
        "\x1b[22m",
        "\x9b31m",
        "\x1b[2J",
        "\x1b]52;c;aGk=\x07",
        "\x1bP",
        "\x1b[>4;1m",
        "\u0301" * 8,
        "\u1161" * 5,
        "[@click=app.quit]",
    ),
]
ANY_TEXT = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)


@settings(max_examples=10_000, deadline=None)
@given(ANY_TEXT)
@example("a" + "\u0301" * 8 + "\x1b[1m" + "\u0301" * 8)
@example("\x1b\x1b[0m[31m")
def test_what_comes_out_is_safe_and_its_spans_are_in_order_and_within_it(text: str) -> None:
    found = styled(text)
    assert visible(found.text) == found.text
    assert "\x1b" not in found.text
    at = 0
    for start, end, style in found.spans:
        assert at <= start < end <= len(found.text)
        assert style != PLAIN
        at = end
    assert without_tabs(found).text == found.text.expandtabs()


# Letters among which no sequence begins.
LETTERS = st.text(st.characters(max_codepoint=0x2FF)).filter(lambda it: "\x1b[" not in it and "\x9b" not in it)


@settings(max_examples=200, deadline=None)
@example([("", "\x1b[38;:m")])
@given(st.lists(st.tuples(LETTERS, SEQUENCES.filter(lambda it: len(it) < 60))))
def test_every_letter_stays_and_no_sequence_does(pieces: list[tuple[str, str]]) -> None:
    found = styled("".join(text + sequence for text, sequence in pieces))
    assert found.text == visible("".join(text for text, _ in pieces))


@settings(max_examples=1000, deadline=None)
@given(ANY_TEXT)
def test_a_letter_keeps_its_style_in_its_line_and_among_spaces_for_tabs(text: str) -> None:
    found = styled(text)
    assert [each(line) for line in lines(found)] == split(each(found))
    shown = [(letter, style) for letter, style in each(without_tabs(found)) if letter != " "]
    assert shown == [(letter, style) for letter, style in each(found) if letter not in " \t"]


def each(text: Styled) -> list[tuple[str, Style]]:
    """Every letter with its style."""
    styles = [PLAIN] * len(text.text)
    for start, end, style in text.spans:
        styles[start:end] = [style] * (end - start)
    return list(zip(text.text, styles, strict=True))


def split(letters: list[tuple[str, Style]]) -> list[list[tuple[str, Style]]]:
    found: list[list[tuple[str, Style]]] = [[]]
    for letter in letters:
        if letter[0] == "\n":
            found.append([])
        else:
            found[-1].append(letter)
    return found


@pytest.mark.parametrize(
    ("parameters", "style"),
    [
        ("31", RED),
        ("1;31", Style(foreground=1, bold=True)),
        ("94", Style(foreground=12)),
        ("41", Style(background=1)),
        ("107", Style(background=15)),
        ("38;5;208", Style(foreground=208)),
        ("48;5;17", Style(background=17)),
        ("38;2;1;2;3", Style(foreground=(1, 2, 3))),
        ("38:2::1:2:3", Style(foreground=(1, 2, 3))),
        ("38:2:1:2:3", Style(foreground=(1, 2, 3))),
        ("48:5:9", Style(background=9)),
        ("38;5;208;1", Style(foreground=208, bold=True)),
        ("2;3;4;7;9", Style(dim=True, italic=True, underline=True, reverse=True, strike=True)),
        ("4:3", Style(underline=True)),
        ("21", Style(underline=True)),
    ],
)
def test_the_styles_that_programs_write(parameters: str, style: Style) -> None:
    assert styled(f"a\x1b[{parameters}mb\x1b[0mc") == Styled("abc", (Span(1, 2, style),))


@pytest.mark.parametrize(
    "parameters",
    [
        *("", "0", "00", "5", "6", "8", "39", "38", "38;5", "38;5;256", "38;2;1;2", "38;2;1;2;256", "38;9;1"),
        *("58;5;1", "999", ":", ";", "38:5", "38:2:1", "11", "53", "9" * 64),
    ],
)
def test_what_has_no_meaning_here_changes_nothing(parameters: str) -> None:
    assert styled(f"a\x1b[{parameters}mb").spans in ((), (Span(1, 2, Style(bold=True)),))
    assert styled(f"a\x1b[{parameters}mb").text == "ab"


@pytest.mark.parametrize(
    ("on", "off"),
    [
        *(("31", "39"), ("41", "49"), ("1", "22"), ("2", "22"), ("3", "23"), ("4", "24"), ("4", "4:0"), ("7", "27")),
        *(("9", "29"), ("1;31", "")),
    ],
)
def test_each_style_ends(on: str, off: str) -> None:
    assert len(styled(f"\x1b[{on}ma\x1b[{off}mb").spans) == 1
    assert styled(f"\x1b[{on}ma\x1b[{off}mb").spans[0][:2] == (0, 1)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b[31mx", "␛[2Jx"),
        ("\x9b31mx", "\\x9b31mx"),
        ("\x1b[31", "␛[31"),
        ("\x1b[>4;1m\x1b[?4m", "␛[>4;1m␛[?4m"),
        ("\x1b[01;31m\x1b[Kfound\x1b[m\x1b[K", "␛[Kfound␛[K"),
        ("\x1b[" + "1;" * 40 + "mx", "␛[" + "1;" * 40 + "mx"),
    ],
)
def test_everything_but_a_style_becomes_visible(text: str, shown: str) -> None:
    assert styled(text).text == shown


def test_a_style_goes_on_over_lines_and_ends_with_the_text() -> None:
    found = styled("\x1b[31mone\ntwo")
    assert list(lines(found)) == [Styled("one", (Span(0, 3, RED),)), Styled("two", (Span(0, 3, RED),))]
    assert styled("three").spans == ()


def test_spans_that_follow_one_another_in_one_style_are_one() -> None:
    assert styled("\x1b[31ma\x1b[31mb\x1b[0;31mc").spans == (Span(0, 3, RED),)


def test_changes_of_style_have_an_end() -> None:
    found = styled("\x1b[31ma\x1b[32mb" * 100_000)
    assert found.text == "ab" * 100_000
    assert len(found.spans) == CHANGES
    assert part(found.spans, CHANGES, 200_000) == ()
