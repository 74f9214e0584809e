"""Payloads checked before they are sent, and JSON indented without changing what it says."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.model.invocations import Outcome, check_payload
from lambdatui.model.json_text import indented
from lambdatui.model.limits import SYNCHRONOUS_PAYLOAD
from lambdatui.model.sgr import Styled

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)
LAYOUTS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {"indent": 3}, {"indent": "\t"}, {"separators": (",", ":")}, {"separators": (" ,\r\n", "\t: ")}]
)


@given(VALUES, LAYOUTS, st.booleans())
def test_any_json_value_in_any_layout_is_a_payload(value: Any, layout: dict[str, Any], ascii_only: bool) -> None:
    assert check_payload(json.dumps(value, ensure_ascii=ascii_only, **layout)) is None


@pytest.mark.parametrize("text", ["", " ", "\r\n\t "])
def test_nothing_is_a_payload(text: str) -> None:
    assert check_payload(text) is None


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("{", 1, 2),
        ('{\n  "a": 1\n  "b": 2\n}', 3, 3),
        ("[1, 2", 1, 6),
        ("'a'", 1, 1),
        ("{}\n\n  x", 3, 3),
        ('"é日👍" x', 1, 7),
        ('"a\nb"', 1, 3),
        ("\ufeff{}", 1, 1),
        ("\u00a0", 1, 1),
        ("01", 1, 2),
        ("\ud800", 1, 1),
        ('{\n"a": "x\udc00"}', 2, 8),
    ],
)
def test_a_fault_is_said_with_its_line_and_column(text: str, line: int, column: int) -> None:
    fault = check_payload(text)
    assert fault is not None
    assert (fault.line, fault.column) == (line, column)
    assert str(fault).startswith(f"line {line}, column {column}: ")


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}'])
def test_numbers_that_only_python_takes_for_json_are_refused(text: str) -> None:
    fault = check_payload(text)
    assert fault is not None
    assert "is not JSON" in str(fault)


@pytest.mark.parametrize(
    "text",
    ["1e400", "-1e400", "9" * 5000, "[" * 400 + "]" * 400, '{"a":1,"a":2}', '"\\ud800"'],
    ids=lambda text: text[:9],
)
def test_what_json_allows_is_a_payload_whatever_python_makes_of_it(text: str) -> None:
    assert check_payload(text) is None


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000], ids=["lists", "objects", "whole"]
)
def test_nesting_without_end_is_a_fault_and_no_crash(text: str) -> None:
    assert check_payload(text) is not None
    assert indented(text) == text


def test_the_limit_of_lambda_is_checked_in_bytes() -> None:
    fits = '"' + "é" * ((SYNCHRONOUS_PAYLOAD - 2) // 2) + '"'
    assert len(fits.encode()) == SYNCHRONOUS_PAYLOAD
    assert check_payload(fits) is None
    fault = check_payload(fits + " ")
    assert fault is not None
    assert str(fault) == "6.3 MB is over the limit of 6 MB for a synchronous invocation"


@given(st.text())
def test_any_text_is_a_payload_exactly_when_strict_json_reads_it(text: str) -> None:
    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        json.loads(text, parse_constant=refuse)
    except ValueError:
        assert (check_payload(text) is None) is (text.strip(" \t\r\n") == "")
    else:
        assert check_payload(text) is None


@given(VALUES, LAYOUTS, st.booleans())
def test_indenting_changes_white_space_only(value: Any, layout: dict[str, Any], ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, **layout)
    assert json.loads(indented(text)) == value
    assert indented(text) == json.dumps(value, ensure_ascii=ascii_only, indent=2)
    assert indented(indented(text)) == indented(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"n":1.10,"n":2,"big":1e400}', '{\n  "n": 1.10,\n  "n": 2,\n  "big": 1e400\n}'),
        ("[[],{}, [ ] ]", "[\n  [],\n  {},\n  []\n]"),
        ('{"a":"{[,:\\"]}"}', '{\n  "a": "{[,:\\"]}"\n}'),
        ('"\\u001b\\/"', '"\\u001b\\/"'),
        ("12345678901234567890.00", "12345678901234567890.00"),
        ("[NaN]", "[\n  NaN\n]"),
        (" null ", "null"),
    ],
)
def test_digits_escapes_and_double_keys_are_kept(text: str, shown: str) -> None:
    assert indented(text) == shown


@pytest.mark.parametrize("text", ["", "{", "plain words", "{'a': 1}", "[1,]", "\ufeff{}"])
def test_what_is_no_json_stays_as_it_is(text: str) -> None:
    assert indented(text) == text


def test_a_response_made_to_be_indented_to_gigabytes_stays_as_it_is() -> None:
    text = "[" * 400 + ",".join(["1"] * 200_000) + "]" * 400
    tracemalloc.start()
    assert indented(text) == text
    assert tracemalloc.get_traced_memory()[1] < 200_000_000
    tracemalloc.stop()


def test_an_outcome_succeeded_when_neither_aws_nor_the_function_says_otherwise() -> None:
    assert Outcome(200, "", "1", "r", "", Styled("")).succeeded
    assert not Outcome(200, "Unhandled", "1", "r", "", Styled("")).succeeded
    assert not Outcome(500, "", "1", "r", "", Styled("")).succeeded
