"""JSON read and written: all of it, as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lambdatui.model.json_value import Members, Number, closed, inside, read, told, written
from lambdatui.model.text import visible

TEXT = st.text(st.characters(exclude_characters="\x7f"), max_size=12)  # ␡ does not say that it was DEL
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def test_numbers_keep_their_digits_and_objects_their_double_members() -> None:
    text = '{"a":1.10,"a":1e400,"b":[-0,NaN],"":{}}'
    value = read(text)
    assert isinstance(value, Members)
    assert value[:2] == [("a", "1.10"), ("a", "1e400")]
    assert isinstance(value[0][1], Number)
    assert written(value) == text
    assert read("9" * 5000) == "9" * 5000


@settings(max_examples=1000)
@given(JSON, st.booleans(), st.sampled_from([None, 2]))
@example("\x9b\U000e0041\u202e", False, None)
def test_what_was_read_is_written_and_safe(value: Any, escaped: bool, indent: int | None) -> None:
    text = visible(json.dumps(value, ensure_ascii=escaped, indent=indent))
    found = written(read(text))
    assert json.loads(found) == value
    assert visible(found) == found


@given(JSON, st.integers(0, 200))
def test_a_beginning_is_about_as_long_as_was_asked_for(value: Any, limit: int) -> None:
    whole, some = written(read(visible(json.dumps(value)))), written(read(visible(json.dumps(value))), limit)
    assert len(whole) <= limit or len(some) <= limit + 200
    if not isinstance(value, str):
        assert len(some) >= min(limit, len(whole)) or "\\u" in whole


def test_depth_is_no_danger() -> None:
    deep = "[" * 900 + "]" * 900
    assert written(read(deep)) == deep
    for text in ("[" * 100_000, "[" * 100_000 + "]" * 100_000):
        with pytest.raises(ValueError, match="deep"):
            read(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [('{"a":1}', [("a", "1")]), (" [1] ", ["1"]), ("{}", None), ("[]", None), ('"a"', None), ("{a}", None), ("", None)],
)
def test_an_object_or_a_list_may_be_inside_a_text(text: str, expected: object) -> None:
    assert inside(text) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('{"a":1}', ("", [("a", "1")])),
        (' {"a":1}\n', ("", [("a", "1")])),
        ("[1, 2]", ("", ["1", "2"])),
        ('Received event: {"a":1}', ("Received event: ", [("a", "1")])),
        ('Events: [{"a":1}]', ("Events: ", [[("a", "1")]])),
        ('[ERROR] {"a":1}', ("[ERROR] ", [("a", "1")])),
        ("[ERROR] no stock", None),
        ("placed [1]", None),
        ('{"a":1} and more', None),
        ("", None),
    ],
)
def test_a_message_may_end_with_an_object(message: str, expected: object) -> None:
    assert told(message) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": [1, {"b": "hello wor', '{"a": [1, {"b": "hello wor…"}]}'),
        ('{"a":"x\\', '{"a":"x…"}'),
        ('{"a":"x\\\\', '{"a":"x\\\\…"}'),
        ('{"a":"x\\\\\\u00', '{"a":"x\\\\…"}'),
        ('{"a":1,"b', '{"a":1}'),
        ('{"a":1,"b":', '{"a":1}'),
        ('{"a":1,"b":tr', '{"a":1}'),
        ('{"a":"},["', '{"a":"},["}'),
        ('["x","y', '["x","y…"]'),
        ('[[1],{"x":{', '[[1],{"x":{}}]'),
        ('{"a":1}', '{"a":1}'),
    ],
)
def test_what_was_cut_off_is_closed(text: str, expected: str) -> None:
    assert closed(text) == expected
    json.loads(expected)


@settings(max_examples=1000)
@given(JSON.filter(lambda it: isinstance(it, list | dict)), st.data(), st.booleans())
def test_wherever_it_was_cut_off_what_is_there_can_be_read(value: Any, data: st.DataObject, escaped: bool) -> None:
    text = json.dumps(value, ensure_ascii=escaped)
    at = data.draw(st.integers(1, len(text)))
    found = closed(text[:at])
    json.loads(found)
    kept = found.partition("…")[0].rstrip("]}")
    assert text.startswith(kept)
    message = visible("Event: " + text[:at])
    shown = told(message, cut=True)
    assert shown is None or shown[0].startswith("Event: ")
