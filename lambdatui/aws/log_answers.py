"""Answers of FilterLogEvents read without the SDK's parser, which takes a shape for each member of 10,000 events.

That holds up the event loop for 80 ms a page. Here the events are read as JSON, in slices.
"""

from __future__ import annotations

import json
from json.decoder import WHITESPACE, scanstring  # type: ignore[attr-defined]  # the stubs have only what is documented
from typing import Any

from lambdatui.aws.slices import Slices

SHAPE = "FilterLogEventsResponse"
"""The SDK's name of what the answer is."""

_TOGETHER = 100
"""Events that are read without a look at the clock."""

_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


class UnusualError(Exception):
    """The answer is none, or not written as AWS does: the SDK's parser is to say what it is."""


async def read_events(body: bytes) -> dict[str, Any]:
    """The members of an answer. Raises UnusualError."""
    members = await read_members(body, "events", together=_TOGETHER)
    events, token = members.get("events"), members.get("nextToken")
    well = isinstance(events, list) and all(event is None or isinstance(event, dict) for event in events)
    if not well or not isinstance(token, str | None):
        raise UnusualError
    return {"events": events, **({"nextToken": token} if token else {})}


async def read_members(body: bytes, long: str, *, together: int) -> dict[str, Any]:
    """The members of the object that a body is, its list called `long` in slices, so many items without a look at the
    clock. Raises UnusualError."""
    try:
        return await _members(body.decode(), long, together)
    except (ValueError, StopIteration, IndexError, RecursionError, RuntimeError) as problem:
        raise UnusualError from problem


async def _members(text: str, long: str, together: int) -> dict[str, Any]:
    members: dict[str, Any] = {}
    at = _expect(text, 0, "{")
    while True:
        name, at = scanstring(text, _expect(text, at, '"'), True)
        at = _space(text, _expect(text, at, ":"))
        if name == long and text[at] == "[":
            members[name], at = await _array(text, at + 1, together)
        else:
            members[name], at = _scan(text, at)
        at = _space(text, at)
        if text[at] == "}" and _space(text, at + 1) == len(text):
            return members
        at = _expect(text, at, ",")


async def _array(text: str, at: int, together: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    slices = Slices()
    at = _space(text, at)
    while text[at] != "]":
        value, at = _scan(text, at)
        found.append(value)
        if text[at] != ",":
            at = _space(text, at)
        if text[at] == ",":
            at += 1
            if text[at] in " \t\r\n":
                at = _space(text, at)
            if text[at] == "]":
                raise ValueError("a comma at the end")
        elif text[at] != "]":
            raise ValueError("no comma")
        if len(found) % together == 0:
            await slices.turn()
    return found, at + 1


def _space(text: str, at: int) -> int:
    """The place after white space."""
    return WHITESPACE.match(text, at).end()  # type: ignore[no-any-return]


def _expect(text: str, at: int, what: str) -> int:
    """The place after a character that has to be there, and white space before it."""
    at = _space(text, at)
    if text[at] != what:
        raise ValueError(f"no {what}")
    return at + 1
