"""Event files say what people wrote, and keep it when something else in them changes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lambdatui.model.json_value import read
from lambdatui.model.saved_events import SavedEvent, Variable
from lambdatui.storage.event_files import LARGEST, parsed
from lambdatui.storage.event_text import TextFault
from lambdatui.storage.event_writing import changed_content, new_content

BY_HAND = """\
# Orders, as the shop sends them.
description: An order of two items   # for the review

payload:
  # the id is checked by the shop
  order_id: {{order_id}}
  price: 1.10      # with tax

  items: [a,
    b]
# what follows is for the test
qualifier: '7'
variables: {order_id: A-1, customer: , count: 12}
expect:
  status: 200
"""


def event(text: str, name: str = "x") -> SavedEvent:
    return parsed(name, text.encode(), yaml=True).event


def changed(by_hand: str, **what: Any) -> str:
    was = parsed("x", by_hand.encode(), yaml=True)
    after = replace(was.event, **what)
    content = changed_content(was, after, by_hand.encode())
    again = parsed("x", content, yaml=True).event
    assert replace(again, digest="", language="") == replace(after, digest="", language="")
    return content.decode()


def test_what_a_person_wrote_is_read() -> None:
    found = event(BY_HAND)
    assert found.description == "An order of two items"
    assert found.qualifier == "7"
    assert found.variables == (Variable("order_id", "A-1"), Variable("customer", None), Variable("count", "12"))
    assert found.has_expect
    assert found.expect == read('{"status": 200}')
    assert found.language == "yaml"
    assert found.text == (
        "# the id is checked by the shop\norder_id: {{order_id}}\nprice: 1.10      # with tax\n\nitems: [a,\n  b]"
    )


@pytest.mark.parametrize(
    ("text", "payload", "language"),
    [
        ("", "", "json"),
        ("a: 1\n", "a: 1", "yaml"),
        ("# c\n- 1\n# d\n", "# c\n- 1\n# d", "yaml"),
        ('{"a": 1.10, "a": 1e400}\n', '{"a": 1.10, "a": 1e400}', "json"),
        ("payload:\n", "", "json"),
        ("payload: 1\n", "1", "json"),
        ("payload: null\n", "null", "json"),
        ("payload: hi\n", "hi", "yaml"),
        ('payload: {"a":  1}  # c\n', '{"a":  1}', "json"),
        ("payload:\n  a: |\n    b\nqualifier: x\n", "a: |\n  b", "yaml"),
        ('payload: |\n  {"a": 1}\n', '{"a": 1}', "json"),
        ("payload: |\n  hello\n", '"hello\\n"', "json"),
        ('payload: "{\\"a\\": 1}"\n', '"{\\"a\\": 1}"', "json"),
        ("payload: &a {b: 1}\nexpect: *a\n", "&a {b: 1}", "yaml"),
        ("description: &a hello\npayload: [*a]\n", '[\n  "hello"\n]', "json"),
        ('{"payload": {"a": 1}, "description": "x"}', '{"a": 1}', "json"),
        ("payload: 1\nsource: aws.s3\n", "payload: 1\nsource: aws.s3", "yaml"),
        ("payload:\r\n  a: 1\r\n  b: 2\r\nqualifier: x\r\n", "a: 1\nb: 2", "yaml"),
        ("payload:\n# far left\n    a: 1\n    b: 2\n", "# far left\na: 1\nb: 2", "yaml"),
    ],
)
def test_a_payload_is_the_text_that_stands_there(text: str, payload: str, language: str) -> None:
    found = event(text)
    assert (found.text, found.language) == (payload, language)


def test_a_byte_order_mark_is_no_part_of_a_payload() -> None:
    assert parsed("x", b'\xef\xbb\xbf{"a": 1}\r\n', yaml=False).event.text == '{"a": 1}'


def test_what_cannot_be_seen_is_escaped_and_says_the_same() -> None:
    raw = '{"a": "\u202e\x7f\x9b\u200b\ue000"}'
    text = parsed("x", raw.encode(), yaml=False).event.text
    assert "\u202e" not in text
    assert "\x7f" not in text
    assert json.loads(text) == json.loads(raw)
    quoted = "a: '\u202eb'\n"
    assert json.loads(event(quoted).text) == {"a": "\u202eb"}


@pytest.mark.parametrize(
    ("data", "yaml", "problem"),
    [
        (b'{"a": 1,}', False, "line 1, column 9"),
        (b'{\n "a": tru}', False, "line 2, column 7"),
        (b'\xff{"a": 1}', True, "line 1, column 1: not UTF-8"),
        (b"a: 1\nb: [", True, "line 2, column 5"),
        (b"payload: 1\npayload: 2", True, "line 2, column 1: payload is there twice"),
        (b"payload: 1\ndesciption: x", True, "line 2, column 1: desciption is not known beside a payload."),
        (b"payload: 1\ninvocation_type: Evnt", True, "line 2, column 18: invocation_type is one of RequestResponse"),
        (b"payload: 1\nclient_context: [1]", True, "line 2, column 17: client_context: "),
        (b"payload: 1\nvariables: {uuid: 1}", True, "line 2, column 13: {{uuid}} has a meaning already"),
        (b"payload: 1\nvariables: {a: 1, a: 2}", True, "line 2, column 19: the variable a is there twice"),
        (b"payload: 1\nvariables: {a: [1]}", True, "line 2, column 16: the default of a is a text"),
        (b"payload: 1\nqualifier: [1]", True, "line 2, column 12: qualifier is a text"),
        (b"payload: !!binary aGk=", True, "line 1, column 10: JSON has nothing for !!binary"),
        (b"[" + b" " * LARGEST + b"]", False, "more than 6"),
    ],
)  # fmt: skip
def test_a_broken_file_is_told_with_line_and_column(data: bytes, yaml: bool, problem: str) -> None:
    with pytest.raises(TextFault) as fault:
        parsed("x", data, yaml=yaml)
    assert str(fault.value).startswith(problem)


def test_only_what_is_different_changes_in_a_file_that_a_person_wrote() -> None:
    assert changed(BY_HAND) == BY_HAND
    assert changed(BY_HAND, qualifier="live") == BY_HAND.replace("'7'", "live")
    assert changed(BY_HAND, description="Another, with: signs") == BY_HAND.replace(
        "An order of two items   #", '"Another, with: signs"   #'
    )
    assert changed(BY_HAND, has_expect=False, expect=None) == BY_HAND.replace("expect:\n  status: 200\n", "")
    assert changed(BY_HAND, kind="Event") == BY_HAND + "invocation_type: Event\n"
    text = event(BY_HAND).text
    assert changed(BY_HAND, text=text.replace("1.10", "2.50")) == BY_HAND.replace("1.10", "2.50")
    assert changed(BY_HAND, text=text.replace("with", "without")) == BY_HAND.replace("with tax", "without tax")
    assert changed(BY_HAND, text='{"a": 1}') == BY_HAND.replace(
        BY_HAND[BY_HAND.index("payload:") : BY_HAND.index("# what follows")], 'payload: {"a": 1}\n'
    )


def test_a_file_of_another_system_keeps_its_ends_of_lines() -> None:
    by_hand = "\ufeff" + BY_HAND.replace("\n", "\r\n")
    assert changed(by_hand, kind="Event") == by_hand + "invocation_type: Event\r\n"
    text = event(by_hand).text
    assert changed(by_hand, text=text.replace("1.10", "2.50")) == by_hand.replace("1.10", "2.50")


def test_a_payload_alone_gets_a_mapping_around_it_with_its_first_option() -> None:
    assert changed("# c\na: 1 # d\n", qualifier="live") == "payload:\n  # c\n  a: 1 # d\nqualifier: live\n"


def test_a_mapping_in_braces_stays_one() -> None:
    by_hand = '{payload: {"n": 1.10}, # at noon\n description: "one, two", "variables": {a: b},}\n'
    assert changed(by_hand, qualifier="live") == by_hand.replace("{a: b}", '{a: b}, qualifier: "live"')
    assert changed(by_hand, text='{"n": 2}') == by_hand.replace("1.10", "2")
    assert changed(by_hand, description="a, {b}") == by_hand.replace("one, two", "a, {b}")
    assert changed(by_hand, description="") == by_hand.replace(', # at noon\n description: "one, two"', "")
    assert changed(by_hand, variables=(Variable("c", None),)) == by_hand.replace("{a: b}", '{"c": null}')
    assert changed('{"payload": 1}', has_expect=True, expect=None) == '{"payload": 1, expect: null}'


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
LAYOUTS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {"indent": 3}, {"indent": "\t"}, {"separators": (",", ":")}, {"ensure_ascii": False}]
)
ENDS = st.sampled_from(["", "\n", "\n\n", " ", "\n\t\n"])


@st.composite
def payloads(draw: st.DrawFn) -> str:
    text = draw(ENDS) + json.dumps(draw(JSON), **draw(LAYOUTS)) + draw(ENDS)
    was = parsed("x", (text + "\n").encode("utf-8", "replace"), yaml=False).event
    return was.text


WORDS = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=30).filter(
    lambda text: "{{" not in text
)


@given(payloads(), WORDS, st.sampled_from(["", "7", "$LATEST", "live", "no"]), st.sampled_from(["", "Event"]), JSON)
def test_any_event_is_read_again_as_it_was_written(
    text: str, description: str, qualifier: str, kind: str, expect: Any
) -> None:
    was = SavedEvent(
        "x",
        text,
        description=description,
        qualifier=qualifier,
        kind=kind,
        variables=(Variable("a", description), Variable("b", None)),
        expect=read(json.dumps(expect)),
        has_expect=True,
    )
    assert replace(event(new_content(was).decode()), digest="") == was


COMMENTS = st.sampled_from(["", "# note\n", "\n", "# note\n\n"])


@given(payloads(), payloads(), COMMENTS, COMMENTS, COMMENTS, st.sampled_from(["", "  # why"]))
def test_a_comment_survives_any_change_of_a_payload_that_is_not_around_it(
    old: str, new: str, above: str, between: str, below: str, beside: str
) -> None:
    assume(new.strip() and old.strip())
    member = new_content(SavedEvent("x", old)).decode()
    text = f"{above}description: x{beside}\n{between}{member}{below}qualifier: live\n"
    assume(not old.endswith("\n"))  # else they would be to begin with
    after = changed(text, text=new)
    assert after.startswith(f"{above}description: x{beside}\n{between}payload:")
    if new.endswith("\n"):
        below = below.lstrip("\n")  # empty lines would be taken for the payload's own
    assert after.endswith(f"{below}qualifier: live\n")
