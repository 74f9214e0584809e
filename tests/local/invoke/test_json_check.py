"""What Lambda takes for JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.local.invoke.json_check import problem_with

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_all_json_is_taken(value: Any) -> None:
    assert problem_with(json.dumps(value).encode()) is None


@pytest.mark.parametrize(
    "body", [b'{"n":1.10,"n":2,"big":1e400}', b"1" * 10_000, b" [1]\n", b"-0.0", b'"\\ud800"', '"é"'.encode()]
)
def test_numbers_of_any_size_duplicate_keys_and_lone_surrogates_are_json(body: bytes) -> None:
    assert problem_with(body) is None


@pytest.mark.parametrize(
    ("body", "start"),
    [
        (b"hello", "Unrecognized token 'hello': was expecting (JSON String, Number, Array, Object or token 'null',"),
        (b"[1, NaN]", "Unrecognized token 'NaN'"),
        (b"-Infinity", "Unrecognized token '-Infinity'"),
        (b'{"a": }', "Unexpected character ('}' (code 125)): expected a valid value"),
        (b"{} x", "Unrecognized token 'x'"),
        (b"[1, 2", "Unexpected end-of-input"),
        (b"  ", "Unexpected end-of-input"),
        (b'"a\nb"', "Illegal unquoted character ((CTRL-CHAR, code 10))"),
        (b"\xff\xfe", "Invalid UTF-8 start byte 0xff"),
        (b"[" * 100_000, "Document nesting depth"),
    ],
)
def test_what_is_no_json_is_told_in_the_words_of_the_services_parser(body: bytes, start: str) -> None:
    assert (problem_with(body) or "").startswith(start)


@given(st.binary(max_size=200))
def test_any_bytes_are_either_json_or_have_a_problem(body: bytes) -> None:
    problem = problem_with(body)
    if problem is None:
        json.loads(body.decode())
