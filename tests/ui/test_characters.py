"""What is written to terminals that have fewer characters, colours or orders than xterm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from lambdatui.config_file import Located, SettingsError
from lambdatui.ui.terminal.characters import SUBSTITUTES, able, encoding, started_with
from lambdatui.ui.terminal.dialect import CLEAR, Dialect


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "C.UTF-8"}, "utf-8"),
        ({"LANG": "de_DE.utf8"}, "utf-8"),
        ({"LANG": "C"}, "ascii"),
        ({}, "ascii"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "POSIX"}, "ascii"),
        ({"LANG": "C", "LC_CTYPE": "de_DE.UTF-8"}, "utf-8"),
        ({"LANG": "de_DE.ISO-8859-15@euro"}, "iso8859-15"),
        ({"LANG": "ja_JP.eucJP"}, "euc_jp"),
        ({"LANG": "xx_XX.nonsense\x1b"}, "ascii"),
        ({"LC_ALL": "", "LANG": "C.UTF-8"}, "utf-8"),
        ({"LC_CTYPE": "UTF-8"}, "utf-8"),
        ({"LANG": "de_DE"}, "ascii"),
    ],
)
def test_the_locale_tells_what_the_terminal_reads(environment: dict[str, str], expected: str) -> None:
    assert encoding(environment, None) == expected


def test_the_configuration_has_the_last_word() -> None:
    assert encoding({"LANG": "C"}, Located("unicode", "f line 1")) == "utf-8"
    assert encoding({"LANG": "C.UTF-8"}, Located("ascii", "f line 1")) == "ascii"
    assert encoding({"LANG": "C.UTF-8"}, Located("auto", "f line 1")) == "utf-8"
    with pytest.raises(SettingsError, match="characters cannot be 'asci'"):
        encoding({}, Located("asci", "f line 1"))


def test_a_locale_that_python_put_in_place_of_c_does_not_count() -> None:
    assert started_with({"LC_CTYPE": "C.UTF-8", "LANG": "C"})["LC_CTYPE"] in ("", "C.UTF-8")
    assert started_with({"LANG": "C"}) == {"LANG": "C"}


def test_every_substitute_is_as_wide_as_what_it_stands_for() -> None:
    assert [one for one, other in SUBSTITUTES.items() if cell_len(one) != len(other) or not other.isascii()] == []


@given(st.text(), st.sampled_from(["ascii", "iso8859-1", "koi8-r", "utf-8", "cp437"]))
def test_what_is_written_has_bytes_in_the_encoding_and_takes_as_many_cells(text: str, name: str) -> None:
    shown = able(text, name)
    shown.encode(name, "surrogatepass" if name == "utf-8" else "strict")
    for one in text:
        if one.isprintable():
            assert cell_len(able(one, name)) == cell_len(one)


@pytest.mark.parametrize(
    ("text", "name", "shown"),
    [
        ("╭─ Keys │ …", "ascii", "+- Keys | ."),
        ("größe 日本 👍", "ascii", "grose ???? ??"),
        ("größe 日本", "iso8859-1", "größe ????"),
        ("größe ─", "utf-8", "größe ─"),
    ],
)
def test_the_forms_that_a_reader_sees(text: str, name: str, shown: str) -> None:
    assert able(text, name) == shown.replace("grose", able("größe", "ascii"))


def test_an_old_terminal_is_told_nothing_that_it_would_print() -> None:
    linux = Dialect({"TERM": "linux"})
    assert linux.say("\x1b[?1049h\x1b[>25u\x1b[?2026$p\x1b]22;text\x07\x1b[?25l\x1b[1;31mx") == "\x1b[?25l\x1b[1;31mx"
    assert linux.say("\x1b[?1049l") == CLEAR
    assert Dialect({"TERM": "xterm"}).say("\x1b[?1049h\x1b[1;31mx") == "\x1b[?1049h\x1b[1;31mx"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("\x1b[1;31mx\x1b[0m", "\x1b[1mx\x1b[0m"),
        ("\x1b[38;5;255;48;5;17mx", "x"),
        ("\x1b[38;5;17;48;5;255mx", "\x1b[7mx"),
        ("\x1b[38;2;0;0;0;48;2;255;255;255mx", "\x1b[7mx"),
        ("\x1b[30;107mx", "\x1b[7mx"),
        ("\x1b[3;9mx", "x"),
        ("\x1b[38;5;999;48mx", "x"),
    ],
)
def test_without_colours_a_cursor_is_reverse_and_the_rest_plain(said: str, written: str) -> None:
    assert Dialect({"TERM": "vt100"}).say(said) == written
    assert Dialect({"TERM": "xterm", "NO_COLOR": "1"}).say(said) == written
