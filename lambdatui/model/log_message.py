"""The text of a log record as a reader wants it on one line: what was said first, what goes with it behind."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from lambdatui.model.json_text import legible
from lambdatui.model.log_chunk import Record
from lambdatui.model.log_levels import LOOKED_AT, Level, states_level
from lambdatui.model.sgr import Span, Style, Styled, cut, joined, styled

LETTERS = {
    Level.NONE: " ", Level.PLATFORM: "·", Level.TRACE: "T", Level.DEBUG: "D", Level.INFO: "I", Level.WARN: "W",
    Level.ERROR: "E", Level.FATAL: "F",
}  # fmt: skip
"""What stands for each level where there is room for one letter."""

SAID = ("message", "msg", "event", "@m")
"""What the member is called that says what happened, in small letters; the first of these that is there counts."""
TIMES = frozenset({"timestamp", "time", "@timestamp", "ts", "@t"})
"""What the member is called that says when."""

NEAR = 500
"""Characters before an object that may introduce it."""

GAP = Styled("  ")
MUTED = Style(dim=True)

_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
# The layouts that Lambda gives to the console of Node.js and to Python's logging.
_HEAD = re.compile(
    rf"(?:{_TIME}\t(?P<id>{_ID}|undefined)\t(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)"
    rf"|\[(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)\]\t{_TIME}\t(?P<ident>{_ID}))\t"
)
_REQUEST = re.compile(rf"RequestId: ({_ID})\b|\"\w*request_?id\"\s*:\s*\"({_ID})\"|{_TIME}\s({_ID})\s", re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_STRING = r'"(?:[^"\\\x00-\x1f]+|\\.)*+"'
_NAMED = re.compile(rf"[ \t\n\r]*({_STRING})[ \t\n\r]*:[ \t\n\r]*")
_AFTER = re.compile(r"[ \t\n\r]*(,|\}\Z)")
_INK = re.compile(rf"{_STRING}|[^ \t\n\r\"]+")
"""What of JSON is not white space."""
# Python refuses to read integers of more than some thousand digits, as integers.
_JSON = json.JSONDecoder(parse_int=float)


def shown(record: Record) -> Styled:
    """The text to draw, safe as the message is; newlines in it are rows.

    An object (JSON) is one line: what it says, and then, muted, its other members without those that a line shows
    anyway, time and level. All that is left reads as it was written: numbers, escapes, members that are there twice.
    The heads of Lambda's own layouts for Node.js and Python go the same way: of them the request id is left, behind.
    Other text is as it is. What is longer than `LOOKED_AT` is not looked into.
    """
    message = record.message.rstrip("\n")
    text = cut(Styled(record.message, record.spans), 0, len(message))
    if not record.note and len(message) <= LOOKED_AT:
        head = _HEAD.match(message)
        text = _folded(text) if head is None else _without_head(text, head)
    if record.hidden:
        text = joined([text, Styled("\n"), _muted(f"… and {record.hidden:,} more characters")])
    return text


def request_id(message: str) -> str:
    """The id of the request that a message says it belongs to; empty if it does not."""
    found = _REQUEST.search(message, 0, LOOKED_AT)
    return next(filter(None, found.groups()), "") if found else ""


def _without_head(text: Styled, head: re.Match[str]) -> Styled:
    said = _folded(cut(text, head.end(), len(text.text)))
    return joined([said, GAP, _muted(head["id"] or head["ident"])])


def _folded(text: Styled) -> Styled:
    """The text with the object at its end, if there is one, on one line."""
    start = text.text.find("{", 0, NEAR)
    end = len(text.text.rstrip())
    if start < 0 or not text.text.endswith("}", 0, end):
        return text
    value = cut(text, start, end)
    if (json_text := legible(value.text)) != value.text:
        value = Styled(json_text)
    try:
        members = list(_members(value.text))
    except (ValueError, RecursionError):
        return text
    if text.text[:start].strip():
        return joined([cut(text, 0, start), _compact(value)])
    return _told(value, members)


class _Member(NamedTuple):
    """One of an object, and where in the text it starts, its value starts, and it ends."""

    name: str
    value: Any
    start: int
    value_at: int
    end: int


def _members(text: str) -> Iterator[_Member]:
    """The members of the object that the text is. Raises ValueError, RecursionError."""
    at = 1
    if not text[1:-1].strip():
        return
    while True:
        if (named := _NAMED.match(text, at)) is None:
            raise ValueError(f"no name at {at}")
        name = json.loads(named[1]) if "\\" in named[1] else named[1][1:-1]
        value, end = _JSON.raw_decode(text, named.end())
        yield _Member(name, value, named.start(1), named.end(), end)
        if (after := _AFTER.match(text, end)) is None:
            raise ValueError(f"no end at {end}")
        if after[1] == "}":
            return
        at = after.end()


def _told(text: Styled, members: Sequence[_Member]) -> Styled:
    """An object: what it says, and the rest of it."""
    if (said := _what_it_says(members)) is None:
        return _compact(text)
    others = [it for it in members if it is not said and not _is_moment(it) and not _is_level(text, it)]
    value = cut(text, said.value_at, said.end)
    first = _folded(styled(said.value.rstrip("\n"))) if isinstance(said.value, str) else _compact(value)
    if not others:
        return first
    if said.name == "type" and [it.name for it in others] == ["record"]:
        rest = text.text[others[0].value_at : others[0].end]
    else:
        rest = "{" + ",".join(text.text[it.start : it.end] for it in others) + "}"
    return joined([first, GAP, _muted(_compact(Styled(rest)).text)])


def _what_it_says(members: Sequence[_Member]) -> _Member | None:
    for name in SAID:
        for member in members:
            if member.name.lower() == name and member.value not in (None, "", [], {}):
                return member
    kind = next((it for it in members if it.name == "type"), None)
    return kind if kind is not None and str(kind.value).startswith("platform.") else None


def _is_moment(member: _Member) -> bool:
    """Whether it is a date with a time, or a number of seconds or less since 1970: "time" may be that of a booking."""
    value = member.value
    if member.name.lower() not in TIMES or isinstance(value, bool):
        return False
    return value >= 1e9 if isinstance(value, float) else isinstance(value, str) and bool(_MOMENT.match(value))


def _is_level(text: Styled, member: _Member) -> bool:
    return states_level(text.text[member.start : member.end])


def _compact(text: Styled) -> Styled:
    """JSON without the white space outside its strings."""
    if not text.spans:
        return Styled("".join(_INK.findall(text.text)))
    return joined([cut(text, *match.span()) for match in _INK.finditer(text.text)])


def _muted(text: str) -> Styled:
    return Styled(text, (Span(0, len(text), MUTED),) if text else ())
