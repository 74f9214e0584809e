"""Variables stand for values, and everything else in braces stays as it is written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.model.invocations import check_payload
from lambdatui.model.variables import (
    Values,
    VariableError,
    check_variable,
    environment_names,
    filled,
    iso,
    masked,
    own_names,
    references,
    unknown,
)


def values(**own: str) -> Values:
    numbers = iter(range(1, 99))
    return Values(
        uuid=lambda: f"uuid-{next(numbers)}",
        now_ms=1_700_000_000_123,
        random=lambda low, high: low + high,
        environ={"STAGE": 'pro"d', "PORT": "8080"},
        own=own,
    )


def sent(text: str, **own: str) -> str:
    return filled(text, values(**own), set(own)).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"{{uuid}} {{uuid}}"', '"uuid-1 uuid-2"'),
        ("{{uuid}}", '"uuid-1"'),
        ('["{{now}}", {{now}}]', '["2023-11-14T22:13:20.123Z", "2023-11-14T22:13:20.123Z"]'),
        ('{"a": {{now_ms}}, "b": "{{ now_ms }}"}', '{"a": 1700000000123, "b": "1700000000123"}'),
        ("{{random:1..9}}", "10"),
        ("{{random:-5..5}}", "0"),
        ('"{{env:STAGE}}"', '"pro\\"d"'),
        ('[{{env:STAGE}},{{env:PORT}},"{{env:PORT}}"]', '["pro\\"d",8080,"8080"]'),
    ],
)
def test_what_is_built_in_has_its_value_inside_a_string_and_in_place_of_one(text: str, expected: str) -> None:
    assert sent(text) == expected
    json.loads(expected)


@pytest.mark.parametrize(
    ("value", "bare"),
    [
        ("12", "12"),
        ("true", "true"),
        ("[1, 2]", "[1, 2]"),
        ("A-1", '"A-1"'),
        ('"', '"\\""'),
        ("", '""'),
        ("NaN", '"NaN"'),
    ],
)
def test_a_value_of_ones_own_stays_json_where_it_is_json_and_is_a_string_else(value: str, bare: str) -> None:
    assert sent("[{{id}}]", id=value) == f"[{bare}]"
    assert json.loads(sent('["{{id}}"]', id=value)) == [value]


@pytest.mark.parametrize(
    "text",
    ['"{{id}}"', '"{{#each items}}{{this}}{{/each}}"', '"{{random:1..}}"', '"{{env:}}"', '"{{}}"', '"{ {uuid} }"',
     '"{{uuid"', '"{{UUID}}"', '"{{random}}"'],
)  # fmt: skip
def test_what_is_no_variable_is_sent_as_it_is_written(text: str) -> None:
    assert sent(text, other="x") == text
    assert references(text, {"other"}) == []


def test_names_that_nobody_declared_are_told_once_each() -> None:
    text = '"{{a}} {{b}} {{a}} {{uuid}} {{own}} {{env:X}}"'
    assert unknown(text, {"own"}) == ["a", "b"]
    assert own_names(text, {"own", "not used"}) == ["own"]
    assert environment_names(text) == ["X"]


def test_a_variable_without_a_value_is_named() -> None:
    with pytest.raises(VariableError, match="NOT_THERE is not set"):
        sent('"{{env:NOT_THERE}}"')
    with pytest.raises(VariableError, match="customer has no value"):
        filled("{{customer}}", values(), {"customer"})
    with pytest.raises(VariableError, match=r"random:9\.\.1"):
        sent("{{random:9..1}}")


def test_what_is_kept_has_the_same_values_but_nothing_of_the_environment() -> None:
    done = filled('{"id": "{{uuid}}", "key": "{{env:STAGE}}", "n": {{env:PORT}}}', values())
    assert done.text == '{"id": "uuid-1", "key": "pro\\"d", "n": 8080}'
    assert done.kept == '{"id": "uuid-1", "key": "{{env:STAGE}}", "n": {{env:PORT}}}'


def test_a_fault_is_at_its_true_place_behind_variables() -> None:
    text = '{"a": {{uuid}}, "b": "{{own}}",\n "c": {{own}} x}'
    fault = check_payload(masked(text, {"own"}))
    assert fault is not None
    assert (fault.line, fault.column) == (2, text.split("\n")[1].index("x") + 1)


TEXTS = st.lists(
    st.sampled_from(["{{uuid}}", "{{own}}", "{{other}}", "{{env:STAGE}}", "{", "}", "{{", '"', "\\", "1", "a", "\n"])
).map("".join)


@given(TEXTS)
def test_a_text_is_masked_to_its_own_length_and_only_where_variables_are(text: str) -> None:
    found = references(text, {"own"})
    hidden = masked(text, {"own"})
    assert len(hidden) == len(text)
    inside = {place for it in found for place in range(it.start, it.end)}
    assert all(place in inside or hidden[place] == text[place] for place in range(len(text)))


@given(st.text(), st.text())
def test_any_value_inside_a_string_is_read_as_itself(before: str, value: str) -> None:
    template = json.dumps({"a": before.replace("{", "")})[:-2] + '{{own}}"}'
    safe = value.encode("utf-8", "replace").decode()
    assert json.loads(sent(template, own=safe))["a"] == before.replace("{", "") + safe


@given(st.text())
def test_any_value_in_place_of_one_is_json(value: str) -> None:
    json.loads(sent('{"a": {{own}}}', own=value))


@pytest.mark.parametrize("name", ["uuid", "env", "1a", "", "a b", "a" * 65, "ä"])
def test_a_name_that_could_not_be_used_is_refused(name: str) -> None:
    assert check_variable(name)
    assert check_variable("order_id") == ""


@given(st.integers(0, 253_402_300_799_999))
def test_a_moment_is_iso_8601_in_utc_to_the_millisecond(milliseconds: int) -> None:
    from datetime import datetime

    assert round(datetime.fromisoformat(iso(milliseconds)).timestamp() * 1000) == milliseconds
