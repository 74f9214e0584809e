"""What differs between two JSON values, and whether one is what was expected."""

from __future__ import annotations

import json
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lambdatui.model.expectation import sentence, unmet
from lambdatui.model.json_diff import Difference, described, differences
from lambdatui.model.json_numbers import same_number
from lambdatui.model.json_value import Members, Number, Value, read
from lambdatui.model.text import one_line

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.5, 1.0, 1e30]) | st.text("ab1", max_size=2),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text("abc", max_size=1), inner, max_size=4),
    max_leaves=20,
)


def found(before: str, after: str) -> list[str]:
    return [described(it) for it in differences(read(before), read(after))]


def missed(expected: str, got: str) -> list[tuple[str, str]]:
    return [(it.path, it.kind) for it in unmet(read(expected), read(got))]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1", "1.0"), ("10", "1e1"), ("0", "-0.000e9"), ("0.1", "100E-3"), ('{"a":1,"b":[{}]}', '{"b":[{ }],"a":1.00}'),
        ('"\\u0061"', '"a"'), ("1e400", "10e399"), ("[" * 300 + "]" * 300, "[" * 300 + "]" * 300),
        ('{"a":1,"a":2}', '{"a":1.0,"a":2}'), ("NaN", "NaN"), ("1e" + "9" * 50, "1e" + "9" * 50),
    ],
)  # fmt: skip
def test_what_says_the_same_does_not_differ(before: str, after: str) -> None:
    assert found(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ('{"total":5}', '{"total":7}', ["$.total: 5 → 7"]),
        ('{"total":5}', '{"total":"5"}', ['$.total: 5 → "5"']),
        ("true", "1", ["$: true → 1"]),
        ("null", "false", ["$: null → false"]),
        ("{}", "[]", ["$: {} → []"]),
        ('{"a":{}}', '{"b":null}', ["$.a: removed {}", "$.b: added null"]),
        ('{"a b":1,"":2,"é":3}', "{}", ['$["a b"]: removed 1', '$[""]: removed 2', '$["é"]: removed 3']),
        ('{"a":1,"a":2}', '{"a":1,"a":3,"a":4}', ["$.a#2: 2 → 3", "$.a#3: added 4"]),
        ("[1,2,3]", "[1,9,2,3]", ["$[1]: added 9"]),
        ("[1,2,3]", "[2,3]", ["$[0]: removed 1"]),
        ("[1,2,3]", "[1,5,3]", ["$[1]: 2 → 5"]),
        ("[]", "[[]]", ["$[0]: added []"]),
        ('[{"id":1,"x":[1.0]},{"id":2}]', '[{"id":0},{"x":[1],"id":1},{"id":2}]', ['$[0]: added {"id":0}']),
        ('{"l":[{"p":1},{"p":2}]}', '{"l":[{"p":1},{"p":3}]}', ["$.l[1].p: 2 → 3"]),
    ],
)
def test_differences_are_told_by_their_place(before: str, after: str, expected: list[str]) -> None:
    assert found(before, after) == expected


def test_long_texts_are_shown_where_they_differ() -> None:
    same = "x" * 1000
    (line,) = found(f'"{same}1"', f'"{same}2"')
    assert line == '$: "…xxxxxxxxxx1" → "…xxxxxxxxxx2"'
    (line,) = found(f'"{same}"', f'"{same}more"')
    assert line.endswith('xxxxmore"')
    (line,) = found('"' + "a" * 1000 + '"', '"' + "b" * 1000 + '"')
    assert len(line) < 100


def test_names_and_values_of_anything_are_safe_to_draw() -> None:
    lines = found(json.dumps({"\x1b[2J": "\u202e\n"}), json.dumps({"\x1b[2J": "\x9b" * 500, "\n": {"\x07": "\x07"}}))
    assert len(lines) == 2
    assert [one_line(it) for it in lines] == lines


def test_no_more_are_told_than_were_asked_for() -> None:
    before, after = read(json.dumps(list(range(5000)))), read(json.dumps([0] * 5000))
    assert len(differences(before, after)) == 1000
    assert len(differences(before, after, 3)) == 3
    assert differences(before, after, 0) == []


def test_a_long_list_with_one_item_more_has_one_difference() -> None:
    items = [{"id": it, "name": f"item {it}"} for it in range(20_000)]
    more = [*items[:7000], {"id": -1}, *items[7000:]]
    assert [it[:2] for it in differences(read(json.dumps(items)), read(json.dumps(more)))] == [("$[7000]", "added")]


def plain(value: Value) -> Any:
    """A value as Python has it."""
    if isinstance(value, Number):
        return float(value)
    if isinstance(value, Members):
        return {name: plain(it) for name, it in value}
    return list(map(plain, value)) if isinstance(value, list) else value


def same(one: Any, other: Any) -> bool:
    """Whether two of Python's values are the same, also where Python takes True for 1."""
    return json.dumps(floats(one), sort_keys=True) == json.dumps(floats(other), sort_keys=True)


def floats(value: Any) -> Any:
    if isinstance(value, list):
        return [floats(it) for it in value]
    if isinstance(value, dict):
        return {name: floats(it) for name, it in value.items()}
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


@settings(max_examples=500)
@given(JSON, JSON)
@example([1], [True])
@example({"a": "1"}, {"a": 1})
def test_there_is_a_difference_exactly_where_values_are_not_the_same(before: Any, after: Any) -> None:
    changes = differences(read(json.dumps(before)), read(json.dumps(after)))
    assert (changes == []) == same(before, after)
    for it in changes:
        assert (it.kind == "added") <= (it.before is None)
        assert (it.kind == "removed") <= (it.after is None)
        if it.kind == "changed":
            assert not same(plain(it.before), plain(it.after))


def applied(before: Any, changes: list[Difference]) -> Any:
    """What becomes of the leaves of `before`: a multiset of what was taken away and what came."""
    taken = sorted(json.dumps(floats(plain(it.before)), sort_keys=True) for it in changes if it.kind != "added")
    came = sorted(json.dumps(floats(plain(it.after)), sort_keys=True) for it in changes if it.kind != "removed")
    return taken, came


@settings(max_examples=300)
@given(JSON, JSON)
def test_the_other_way_round_is_told_the_other_way_round_for_objects(before: Any, after: Any) -> None:
    one, other = {"a": before}, {"b": after}
    there = differences(read(json.dumps(one)), read(json.dumps(other)))
    back = differences(read(json.dumps(other)), read(json.dumps(one)))
    assert applied(one, there) == tuple(reversed(applied(other, back)))
    assert {it.path for it in there} == {it.path for it in back} == {"$.a", "$.b"}


@settings(max_examples=300)
@given(st.lists(JSON, max_size=8), st.lists(JSON, max_size=8))
def test_of_flat_lists_what_is_kept_taken_and_added_makes_the_other_one(before: list[Any], after: list[Any]) -> None:
    changes = differences(read(json.dumps(before)), read(json.dumps(after)))
    removed = sum(it.kind == "removed" and it.path.count("[") == 1 and "." not in it.path for it in changes)
    added = sum(it.kind == "added" and it.path.count("[") == 1 and "." not in it.path for it in changes)
    assert len(before) - removed + added == len(after)


DIGITS = st.text("0123456789", min_size=1, max_size=6)
NUMBERS = st.builds(
    lambda sign, whole, fraction, exponent: f"{sign}{whole}{fraction}{exponent}",
    st.sampled_from(["", "-"]), DIGITS, st.just("") | DIGITS.map(lambda it: "." + it),
    st.just("") | st.builds("{}{}".format, st.sampled_from(["e", "E", "e+", "E-"]), st.integers(0, 12)),
)  # fmt: skip


@settings(max_examples=500)
@given(NUMBERS, NUMBERS)
def test_numbers_are_equal_as_decimals_are(one: str, other: str) -> None:
    assert same_number(one, other) == (Decimal(one) == Decimal(other))
    with localcontext() as context:
        context.prec = 60
        assert same_number(one, str(Decimal(one) + 0))


def test_numbers_of_any_length_are_compared_without_being_reckoned_out() -> None:
    assert same_number("1e999999999999", "10e999999999998")
    assert not same_number("1e999999999999", "1e999999999998")
    assert not same_number("1e" + "9" * 100_000, "1e" + "9" * 99_999)
    assert same_number("1" * 1_000_000 + ".0", "1" * 1_000_000)
    assert not same_number("NaN", "Infinity")


@pytest.mark.parametrize("depth", [1, 400])
def test_deep_values_are_compared_to_their_end(depth: int) -> None:
    before, after = ('{"a":[' * depth + it + "]}" * depth for it in "12")
    (only,) = differences(read(before), read(after))
    assert only.path == "$" + ".a[0]" * depth
    assert (only.before, only.after) == ("1", "2")


@pytest.mark.parametrize(
    ("expected", "got", "parts"),
    [
        ('{"ok":true}', '{"ok":true,"more":1}', []),
        ('{"l":[{"id":1}]}', '{"l":[{"id":1.0,"x":2}]}', []),
        ("{}", '{"a":1}', []),
        ("null", "null", []),
        ('{"ok":true}', '{"ok":"true"}', [("$.ok", "changed")]),
        ('{"ok":true}', "{}", [("$.ok", "removed")]),
        ("{}", "[]", [("$", "changed")]),
        ("[]", "[1]", [("$[0]", "added")]),
        ("[1,2,3]", "[2,3]", [("$[0]", "changed"), ("$[1]", "changed"), ("$[2]", "removed")]),
        ('[{"a":{"b":1}}]', '[{"a":{"b":2}}]', [("$[0].a.b", "changed")]),
    ],
)
def test_what_is_named_must_match_and_more_may_be_there(expected: str, got: str, parts: list[tuple[str, str]]) -> None:
    assert missed(expected, got) == parts


def test_what_was_not_met_is_told_by_both_sides() -> None:
    expected, got = read('{"a":5,"b":null,"c":[]}'), read('{"a":7,"c":["x"]}')
    assert [sentence(it) for it in unmet(expected, got)] == [
        "$.a: expected 5, got 7",
        "$.b: expected null, got nothing",
        '$.c[0]: expected nothing, got "x"',
    ]


@settings(max_examples=200)
@given(JSON, st.dictionaries(st.text("xyz", min_size=1, max_size=2), JSON, max_size=3))
def test_a_value_is_what_is_expected_of_it_also_with_members_that_nobody_named(
    value: Any, more: dict[str, Any]
) -> None:
    assert unmet(read(json.dumps(value)), read(json.dumps(value))) == []
    wrapped = {"a": value}
    assert unmet(read(json.dumps(wrapped)), read(json.dumps(more | wrapped))) == []
    assert len(unmet(read(json.dumps([1] * 90)), read(json.dumps([2] * 90)))) == 50
