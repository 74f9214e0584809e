"""Untrusted text, and quantities in words."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lambdatui.model.text import MARKS, age, clock, duration, one_line, size, visible

# Every code point, surrogates included: hypothesis leaves those out of its own texts.
ANY_TEXT = st.text(st.integers(0, 0x10FFFF).map(chr)) | st.text()

DEFAULT_IGNORABLE = frozenset([
    0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0x200B, 0x2010),
    *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x3164, *range(0xFE00, 0xFE0E), 0xFEFF, 0xFFA0,
    *range(0xFFF0, 0xFFF9), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000),
])  # fmt: skip
"""Unicode's DerivedCoreProperties.txt, Default_Ignorable_Code_Point, less the two emoji presentation selectors."""


def unsafe(character: str) -> bool:
    """Whether Unicode says that it controls, moves or hides something, or stands for nothing."""
    return unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp", "Cs"} or ord(character) in DEFAULT_IGNORABLE


UNSAFE = [chr(code) for code in range(0x110000) if unsafe(chr(code))]


def test_every_code_point_that_acts_or_hides_becomes_visible() -> None:
    assert len(UNSAFE) > 6000
    survivors = [hex(ord(one)) for one in UNSAFE if one not in "\t\n" and visible(f"a{one}b") == f"a{one}b"]
    assert survivors == []
    assert [hex(ord(one)) for one in UNSAFE if any(map(unsafe, one_line(f"a{one}b")))] == []


def test_every_other_code_point_stays_as_it_is() -> None:
    changed = [hex(code) for code in range(0x110000) if not unsafe(chr(code)) and visible(chr(code)) != chr(code)]
    # Reserved for later, and shown as it is by no terminal; or a category that a newer Unicode than Python's gives.
    assert [code for code in changed if unicodedata.category(chr(int(code, 16))) not in {"Cn", "Mn"}] == []


@settings(max_examples=10_000, deadline=None)
@given(ANY_TEXT)
@example("\x1b]52;c;aGk=\x07\x9b31m\x7f\u202e\u200b\u2028\ud800\U000e0041")
def test_what_comes_out_is_safe_and_stays_the_same_when_it_comes_in_again(text: str) -> None:
    for shown, kept in ((visible(text), "\t\n"), (one_line(text), "")):
        assert not [one for one in shown if unsafe(one) and one not in kept]
        assert longest_pile(shown) <= MARKS
        assert visible(shown) == shown
        shown.encode()  # no surrogate is left


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Mn"])))
def test_harmless_text_stays_as_it_is(text: str) -> None:
    shown = "".join(one for one in text if not unsafe(one) and not longest_pile(one))
    assert visible(shown) == one_line(shown) == shown


@given(ANY_TEXT)
def test_lines_stay_lines_and_tabs_stay_tabs(text: str) -> None:
    assert visible(text).count("\n") == text.count("\n")
    assert visible(text).count("\t") == text.count("\t")
    assert one_line(text).count("␊") >= text.count("\n")


def longest_pile(text: str) -> int:
    """How many characters without a width follow one another at most: marks, and Korean vowels and finals."""
    longest = count = 0
    for one in text:
        joins = (
            unicodedata.category(one) in {"Mn", "Me"} or 0x1160 <= ord(one) <= 0x11FF or 0xD7B0 <= ord(one) <= 0xD7FF
        )
        count = count + 1 if joins else 0
        longest = max(longest, count)
    return longest


ANY_MARKS = st.lists(st.sampled_from(["\u0301", "\u0e31", "\u20e3", "\ufe0f", "\u1161", "\U0001e8d0", "e", "न", "한"]))


@settings(max_examples=1000, deadline=None)
@given(ANY_MARKS.map("".join))
@example("e" + "\u0301\u1161" * 500)
def test_what_is_piled_on_a_letter_has_an_end(text: str) -> None:
    shown = visible(text)
    assert longest_pile(shown) == min(MARKS, longest_pile(text))
    assert visible(shown) == shown
    if longest_pile(text) <= MARKS:
        assert shown == text


@given(ANY_TEXT, ANY_TEXT)
def test_each_part_of_a_text_is_shown_as_it_is_alone(one: str, other: str) -> None:
    # A letter between them: marks at the start of one join the end of the other, and so many may be too many.
    assert visible(f"{one}x{other}") == f"{visible(one)}x{visible(other)}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("a\r\nb", "a␍\nb"),
        ("\x00\x7f\x9b", "␀␡\\x9b"),
        ("\u202etxt", "\\u202etxt"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("日本 é 👍 ⚠️", "日本 é 👍 ⚠️"),
        ("[@click=app.quit] [/", "[@click=app.quit] [/"),
    ],
)
def test_the_forms_that_a_reader_sees(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_megabyte_of_escapes_is_no_trouble() -> None:
    assert visible("\x1b" * 1_000_000) == "␛" * 1_000_000


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1500, "1.5 kB"), (9949, "9.9 kB"), (9950, "10 kB"),
        (999_499, "999 kB"), (999_500, "1.0 MB"), (62_000_000, "62 MB"), (1_000_000_000, "1.0 GB"),
        (5 * 10**15, "5000 TB"),
    ],
)  # fmt: skip
def test_bytes_in_words(count: int, words: str) -> None:
    assert size(count) == words


@given(st.integers(0, 10**18), st.integers(0, 10**18))
def test_more_bytes_are_never_called_fewer(one: int, other: int) -> None:
    units = ["B", "kB", "MB", "GB", "TB"]

    def value(count: int) -> float:
        number, unit = size(count).split()
        return float(number) * 1000.0 ** units.index(unit)

    assert value(min(one, other)) <= value(max(one, other))
    assert value(one) == pytest.approx(one, rel=0.051, abs=0.5)


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (0, "0.0 ms"), (3.21, "3.2 ms"), (9.94, "9.9 ms"), (9.97, "10 ms"), (999.4, "999 ms"), (999.6, "1.0 s"),
        (12_340, "12.3 s"), (59_949, "59.9 s"), (59_960, "1 m 00 s"), (125_000, "2 m 05 s"), (900_000, "15 m 00 s"),
        (3_599_600, "1 h 00 m"), (90_061_000, "25 h 01 m"),
    ],
)  # fmt: skip
def test_durations_in_words(milliseconds: float, words: str) -> None:
    assert duration(milliseconds) == words


NOW = datetime(2026, 11, 23, 13, 12, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "now"), (0, "now"), (0.9, "now"), (1, "1s"), (59, "59s"), (60, "1m"), (3599, "59m"), (3600, "1h"),
        (86_399, "23h"), (86_400, "1d"), (14 * 86_400 - 1, "13d"), (14 * 86_400, "2w"), (365 * 86_400 - 1, "52w"),
        (365 * 86_400, "1y"), (50 * 365 * 86_400, "50y"),
    ],
)  # fmt: skip
def test_ages_in_words(seconds: float, words: str) -> None:
    assert age(NOW - timedelta(seconds=seconds), NOW) == words


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2900, 1, 1)))
def test_an_age_has_at_most_four_characters(then: datetime) -> None:
    assert 1 <= len(age(then.replace(tzinfo=UTC), NOW)) <= 4


def test_what_is_unknown_is_a_dash() -> None:
    assert (age(None, NOW), clock(None)) == ("–", "–")


def test_a_moment_is_said_in_its_own_time_zone() -> None:
    assert clock(NOW) == "2026-11-23 13:12:20 UTC"
    assert clock(NOW.astimezone(timezone(timedelta(hours=2), "EET"))) == "2026-11-23 15:12:20 EET"
