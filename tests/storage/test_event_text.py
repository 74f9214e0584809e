"""YAML says in JSON what it says in YAML, or is told to have no JSON, with line and column."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.storage.event_text import LARGEST, TextFault, as_json

# PyYAML writes other lines' ends as they are, and reads them as spaces. What JSON writes as a number is one (0E0),
# though YAML 1.1 takes it for a text and PyYAML writes it without quotes.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x85\u2028\u2029"), max_size=20).filter(
    lambda text: not re.fullmatch(r"-?[0-9.]+[eE][-+]?[0-9]+", text)
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=15,
)


@given(VALUES, st.booleans())
def test_what_safe_load_reads_is_what_is_sent(value: Any, flow: bool) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True, sort_keys=False)
    assert json.loads(as_json(text)) == yaml.safe_load(text) == value


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a: 1.10", '{"a": 1.10}'),
        ("a: 1e3", '{"a": 1e3}'),
        ("a: 1e400", '{"a": 1e400}'),
        ("a: !!str 1e3", '{"a": "1e3"}'),
        ("a: '12'", '{"a": "12"}'),
        ("a: 12\na: 13", '{"a": 12, "a": 13}'),
        ("a: 0x1F", '{"a": 31}'),
        ("a: 1_000", '{"a": 1000}'),
        ("a: 2026-11-25", '{"a": "2026-11-25"}'),
        ("a: 2026-11-25 10:00:00", '{"a": "2026-11-25 10:00:00"}'),
        ("on: yes", '{"on": true}'),
        ("1: ~\nnull: x", '{"1": null, "null": "x"}'),
        ("a: &x {b: 1}\nc: *x", '{"a": {"b": 1}, "c": {"b": 1}}'),
        ("a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}", '{"a": {"b": 1, "c": 2}, "d": {"c": 2, "b": 3}}'),
        ('"\\ud83d\\ude00"', '"😀"'),
        ("{}", "{}"),
        ("[]", "[]"),
        ("# nothing", ""),
        ("", ""),
    ],
)
def test_numbers_dates_and_members_stay_what_they_are(text: str, made: str) -> None:
    assert as_json(text) == made


@pytest.mark.parametrize(
    ("text", "line", "column", "word"),
    [
        ("a: 1\nb: !!binary aGk=", 2, 4, "!!binary"),
        ("a: .inf", 1, 4, ".inf"),
        ("a: .nan", 1, 4, ".nan"),
        ("a: !Ref x", 1, 4, "!Ref"),
        ("a: !!set {x, y}", 1, 4, "!!set"),
        ("- !!python/object/apply:os.system [id]", 1, 3, "python"),
        ("? [a]\n: 1", 1, 3, "text"),
        ("a: [1\nb: 2", 2, 2, "expected"),
        ("a:\n\t- 1", 2, 1, "token"),
        ("a: *b", 1, 4, "alias"),
        ("a: 1\n---\nb: 2", 2, 1, "document"),
        ("a: \x01", 1, 4, "control"),
        ("a: {<<: 3}", 1, 9, "merged"),
    ],
)
def test_what_has_no_json_is_told_with_its_place(text: str, line: int, column: int, word: str) -> None:
    with pytest.raises(TextFault) as fault:
        as_json(text)
    assert (fault.value.line, fault.value.column) == (line, column)
    assert word in fault.value.message


def bomb(first: str, each: str) -> str:
    return f"a0: &a0 {first}\n" + "".join(
        f"a{number}: &a{number} {each.replace('X', f'*a{number - 1}')}\n" for number in range(1, 10)
    )


@pytest.mark.parametrize(
    "text",
    [
        bomb("[x, x, x, x, x, x, x, x, x]", "[X, X, X, X, X, X, X, X, X]"),
        bomb("{k: v}", "{<<: [X, X, X, X, X, X, X, X, X]}"),
        "a: &a [*a]",
        "a: &a {<<: *a}",
        "[" * 5000,
        "{a: " * 3000,
    ],
    ids=["aliases", "merges", "a list in itself", "a mapping merged with itself", "lists", "mappings"],
)
def test_what_would_become_endless_is_refused(text: str) -> None:
    with pytest.raises(TextFault):
        as_json(text)


def test_as_much_as_can_be_sent_is_converted() -> None:
    line = "x" * 1_000_000
    assert len(as_json("\n".join(f"- {line}" for _ in range(6)))) < LARGEST


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a: {{own}}", '{"a": {{own}}}'),
        ("a: '{{own}}'", '{"a": "{{own}}"}'),
        ("a: x-{{own}}-{{uuid}}", '{"a": "x-{{own}}-{{uuid}}"}'),
        ("- {{ now_ms }}\n- {{random:1..9}}", "[{{ now_ms }}, {{random:1..9}}]"),
        ("{{own}}: 1", '{"{{own}}": 1}'),
        ("a: {{other}}", '{"a": "{{other}}"}'),
        ("a: |\n  x {{uuid}}\n  y", '{"a": "x {{uuid}}\\ny\\n"}'),
        ("# {{uuid}}\na: 1", '{"a": 1}'),
        ("a: \U000f0000 {{uuid}} \U000f0001", '{"a": "\U000f0000 {{uuid}} \U000f0001"}'),
    ],
)
def test_variables_are_still_there_after_it(text: str, made: str) -> None:
    assert as_json(text, {"own"}) == made


def test_a_fault_behind_variables_is_at_its_true_place() -> None:
    with pytest.raises(TextFault) as fault:
        as_json("a: {{uuid}}\nb: [{{uuid}}, }")
    assert (fault.value.line, fault.value.column) == (2, 15)
