"""What of a record stands on its line: nothing that was said is lost, and an object never takes two lines."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lambdatui.model.json_text import legible
from lambdatui.model.log_chunk import Record
from lambdatui.model.log_levels import LOOKED_AT, Level
from lambdatui.model.log_message import LETTERS, MUTED, request_id, shown
from lambdatui.model.sgr import Style, styled
from lambdatui.model.text import visible

ID = "8f0a2c5e-0000-4000-8000-1234567890ab"
TIME = "2026-11-23T13:12:20.123Z"


def record(message: str, *, hidden: int = 0, note: bool = False) -> Record:
    """A record with this message, made safe as the reader of logs makes it."""
    text, spans = styled(message)
    return Record((0, 0), 0, 0, "group", "stream", text, spans, hidden, late=False, note=note)


@pytest.mark.parametrize(
    ("message", "said", "muted"),
    [
        # What was said, and the rest of it; time and level are on the line anyway
        ('{"level": "error", "message": "card declined", "order": 1042}', "card declined", '{"order":1042}'),
        ('{"message":"placed","level":"INFO"}', "placed", ""),
        (f'{{"timestamp":"{TIME}","message":"placed","n":1.10,"n":1e400}}', "placed", '{"n":1.10,"n":1e400}'),
        ('{"level":30,"time":1795000000000,"pid":7,"msg":"placed"}', "placed", '{"pid":7}'),
        ('{"event": "placed", "logger": "shop", "level": "info"}', "placed", '{"logger":"shop"}'),
        ('{"msg":"b","Message":"a"}', "a", '{"msg":"b"}'),
        ('{"message":{"order": [1, 2]},"a":"\\u00e9"}', '{"order":[1,2]}', '{"a":"\\u00e9"}'),
        ('{"message":"{\\"msg\\": \\"placed\\", \\"order\\": 7}","id":"r"}', 'placed  {"order":7}', '{"id":"r"}'),
        # … but not what only has the name of a time or of a level
        ('{"message":"booked","time":"18:30","level":"gold"}', "booked", '{"time":"18:30","level":"gold"}'),
        # A trace in it makes rows
        ('{"message":"KeyError\\n  in handler\\n","service":"pay"}', "KeyError\n  in handler", '{"service":"pay"}'),
        # Other objects
        ('{\n  "a b": [1, 2],\n  "c":  "x  y\\" z"\n}\n', '{"a b":[1,2],"c":"x  y\\" z"}', ""),
        ('{"message": "", "a": 1} ', '{"message":"","a":1}', ""),
        ("{ }", "{}", ""),
        ('Received event: {\n  "message": "x"\n}', 'Received event: {"message":"x"}', ""),
        # Lambda's own
        (f'{{"time":"{TIME}","type":"platform.start","record":{{"x": "7"}}}}', "platform.start", '{"x":"7"}'),
        (f'{{"type":"platform.x","time":"{TIME}","record":1,"more":2}}', "platform.x", '{"record":1,"more":2}'),
        (f"{TIME}\t{ID}\tINFO\tplaced", "placed", ID),
        (f"{TIME}\tundefined\tWARN\tno request yet", "no request yet", "undefined"),
        (f'{TIME}\t{ID}\tINFO\t{{"msg":"placed","level":"info"}}', "placed", ID),
        (f'{TIME}\t{ID}\tERROR\tInvoke Error \t{{"stack": []}}', 'Invoke Error \t{"stack":[]}', ID),
        (f"[WARNING]\t{TIME}\t{ID}\tno stock", "no stock", ID),
        # Text is text
        ("placed {7}", "placed {7}", ""),
        ('{"a":1} x', '{"a":1} x', ""),
        ('{"a":1', '{"a":1', ""),
        (f"[GOLD]\t{TIME}\t{ID}\tplaced", f"[GOLD]\t{TIME}\t{ID}\tplaced", ""),
        ("a\n\nb\n\n", "a\n\nb", ""),
        ("", "", ""),
    ],
)  # fmt: skip
def test_a_line_says_first_what_was_said(message: str, said: str, muted: str) -> None:
    text = shown(record(message))
    assert text.text == (f"{said}  {muted}" if muted else said)
    if muted:
        start, end, style = text.spans[-1]
        assert (text.text[start:end], style) == (muted, MUTED)


def test_colours_stay_on_what_they_were_on() -> None:
    plain = shown(record("\x1b[31mred\x1b[0m and \x1b[1mbold\n\x1b[0m\n"))
    assert [(plain.text[start:end], style) for start, end, style in plain.spans] == [
        ("red", Style(foreground=1)),
        ("bold", Style(bold=True)),
    ]
    compact = shown(record('{\n  "a": \x1b[33m1\x1b[0m,\n  \x1b[34m"b c"\x1b[0m: 2\n}'))
    assert compact.text == '{"a":1,"b c":2}'
    assert [compact.text[start:end] for start, end, _ in compact.spans] == ["1", '"b c"']
    escaped = shown(record('{"message":"\\u001b[32mgreen\\u001b[0m \\u001b[2J","a":1}'))
    assert escaped.text == 'green ␛[2J  {"a":1}'
    assert [(escaped.text[start:end], style) for start, end, style in escaped.spans] == [
        ("green", Style(foreground=2)),
        ('{"a":1}', MUTED),
    ]


def test_what_was_left_out_of_a_message_is_said_below_it() -> None:
    assert shown(record("abc", hidden=12345)).text == "abc\n… and 12,345 more characters"


def test_a_note_of_ours_is_not_looked_into() -> None:
    assert shown(record('{"message": "x"}', note=True)).text == '{"message": "x"}'


def test_a_long_message_is_not_looked_into() -> None:
    message = json.dumps({"message": "x" * LOOKED_AT})
    assert shown(record(message)).text == message


@pytest.mark.parametrize(
    "message",
    ['{"a":' * 3100, '{"a":' * 2600 + "1" + "}" * 2600, "{" + '"":1,' * 3000 + '"a":1}', '{"a":"' + "\\" * 15_990,
     "{" * 15_999 + "}", '{"a":' + "9" * 10_000 + "}"],
    ids=["open", "deep", "wide", "escapes", "braces", "number"],
)  # fmt: skip
def test_messages_made_to_be_hard_to_read_are_shown_whole(message: str) -> None:
    assert shown(record(message)).text == message


TEXT = st.text(st.characters(exclude_characters="\x7f"), max_size=12)  # ␡ does not say that it was DEL
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(["message", "msg", "event", "order", "level", "time", "a b", ""])


@settings(max_examples=1000)
@given(st.dictionaries(NAMES, JSON, max_size=6), st.sampled_from([None, 0, 2]), st.booleans())
@example({"message": "a  {\n", "level": "info", "time": TIME, "order": "\x9b"}, None, False)
def test_an_object_is_one_line_that_reads_back(members: dict[str, Any], indent: int | None, escaped: bool) -> None:
    text = shown(record(json.dumps(members, indent=indent, ensure_ascii=escaped))).text
    assert visible(text) == text
    empty: list[Any] = [None, "", [], {}]
    says = next((it for it in ("message", "msg", "event") if members.get(it) not in empty), None)
    if says is None:
        first, rest = "", text
    elif isinstance(members[says], str):
        first = styled(members[says].rstrip("\n")).text
        assert text.startswith(first)
        rest = text[len(first) :]
    else:
        value, end = json.JSONDecoder().raw_decode(legible(text))
        assert value == members[says]
        first, rest = "", legible(text)[end:]
    assert "\n" not in rest
    kept = json.loads(legible(rest)) if rest else {}
    assert kept.items() <= members.items()
    assert set(members) - set(kept) <= ({says, "level", "time"} if says else set())


@settings(max_examples=1000)
@given(
    st.lists(
        st.sampled_from(
            [*'{}[]",:\\ \t\n01eax\x1b\x9b\u202e\u0301日', '"message"', '"level":"info"', "\x1b[31m", TIME, ID]
        ),
        max_size=24,
    )
)
def test_no_text_is_too_odd(pieces: list[str]) -> None:
    text, spans = shown(record("".join(pieces)))
    assert visible(text) == text
    at = 0
    for start, end, _ in spans:
        assert at <= start < end <= len(text)
        at = end


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (f"START RequestId: {ID} Version: 7", ID),
        (f"{TIME}\t{ID}\tINFO\tplaced", ID),
        (f"[INFO]\t{TIME}\t{ID}\tplaced", ID),
        (f"{TIME} {ID} Task timed out after 3.00 seconds", ID),
        (f'{{"message":"placed","requestId":"{ID}"}}', ID),
        (f'{{"message":"placed","function_request_id": "{ID}"}}', ID),
        (f'{{"type":"platform.start","record":{{"requestId":"{ID}"}}}}', ID),
        (f"order {ID} placed", ""),
        ("RequestId: none", ""),
    ],
)
def test_a_message_may_say_which_request_it_belongs_to(message: str, expected: str) -> None:
    assert request_id(message) == expected


def test_every_level_has_a_letter_of_its_own() -> None:
    assert {len(letter) for letter in LETTERS.values()} == {1}
    assert len(set(LETTERS.values())) == len(LETTERS) == len(Level)
