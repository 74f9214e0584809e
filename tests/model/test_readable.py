"""Payloads and responses as text to read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.model.invocations import SHOWN
from lambdatui.model.readable import DUMPED, failure, hex_dump, is_binary, readable
from lambdatui.model.text import visible


@given(st.binary(max_size=200))
def test_whatever_the_bytes_are_their_text_is_safe_to_draw(payload: bytes) -> None:
    for text in (readable(payload), readable(payload, as_it_came=True)):
        assert visible(text) == text


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_what_is_utf_8_is_no_binary(text: str) -> None:
    assert not is_binary(text.encode())


@pytest.mark.parametrize("payload", [b"\x89PNG\r\n\x1a\n", b"\xff", b"a\0b", b"caf\xe9"])
def test_what_is_no_text_is_binary(payload: bytes) -> None:
    assert is_binary(payload)


def test_a_character_that_is_cut_where_the_shown_part_ends_makes_no_binary_of_a_text() -> None:
    text = ("a" + "é" * SHOWN).encode()
    assert not is_binary(text)
    assert readable(text) == "a" + "é" * ((SHOWN - 1) // 2)


def test_of_what_is_no_text_no_more_is_made_readable_than_its_dump_shows() -> None:
    assert len(readable(b"\xff" * SHOWN)) == 4 * DUMPED
    assert len(readable(b"\xff" * SHOWN, as_it_came=True)) == 4 * DUMPED


def test_json_is_indented_unless_it_is_wanted_as_it_came() -> None:
    assert readable(b'{"n":1.10}') == '{\n  "n": 1.10\n}'
    assert readable(b'{"n":1.10}', as_it_came=True) == '{"n":1.10}'


def test_the_error_object_of_a_runtime_is_told() -> None:
    payload = (
        b'{"errorType": "KeyError", "errorMessage": "\'id\'", "stackTrace": ["  File a\\n    x()\\n", "  File b"]}'
    )
    assert failure(payload) == ("KeyError", "'id'", ("  File a\n    x()", "  File b"))
    assert failure(b'{"errorType": "E", "trace": ["E: no", "    at a.js:1"]}').stack_trace == ("E: no", "    at a.js:1")


@pytest.mark.parametrize("payload", [b"", b"[1]", b"null", b'"x"', b"{", b"\xff", b"[" * 100_000, b"{}" + b" " * SHOWN])
def test_what_is_no_error_object_says_nothing(payload: bytes) -> None:
    assert failure(payload) == ("", "", ())


@given(st.binary(max_size=2 * DUMPED), st.sampled_from([8, 16]))
def test_a_hex_dump_holds_every_byte_that_it_shows(payload: bytes, columns: int) -> None:
    lines = list(hex_dump(payload, columns))
    middle = 8 + columns * 5 // 2 - 1
    assert bytes.fromhex("".join(line[8:middle] for line in lines)) == payload[:DUMPED]
    assert [int(line[:6], 16) for line in lines] == list(range(0, min(len(payload), DUMPED), columns))
    assert {len(line) for line in lines[:-1]} <= {middle + 2 + columns}
    assert all(line.isascii() and line.isprintable() for line in lines)


def test_an_error_is_told_though_a_number_beside_it_is_longer_than_python_takes() -> None:
    assert failure(b'{"errorType": "KeyError", "n": ' + b"9" * 5000 + b"}").error_type == "KeyError"
