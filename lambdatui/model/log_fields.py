"""The fields of a log line: members of JSON in it, what a platform line reports, names and values in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from lambdatui.model.log_levels import LOOKED_AT, PLATFORM

NESTED = ("message", "msg", "log", "body", "record", "detail")
"""Members in whose object, or JSON in a string, a field is looked for that the line's own object has not."""

ELEMENTS = 100
"""Elements of a list that are looked at."""

_DECODER = json.JSONDecoder()
_NUMBER = re.compile(r"\s*([-+]?\d{1,300}(?:\.\d{1,300})?(?:[eE][-+]?\d{1,3})?)\s*[A-Za-z%]{0,3}\s*")


def values(message: str, name: str) -> Iterator[Any]:
    """What a line says of a field, as JSON has it or as text; nothing where it has no such field.

    The name may be a path with dots, and in small letters it stands for any case. In a REPORT line it is a word or
    several without the spaces between them: maxMemoryUsed.
    """
    if PLATFORM.match(message) and not message.startswith("{"):
        yield from _reported(message, name)
        return
    found = [*_members(message, name)]
    yield from found or _paired(message, name)


def _members(message: str, name: str) -> Iterator[Any]:
    """What the first JSON object in the message has."""
    brace = message.find("{")
    whole = _parsed(message, brace) if brace >= 0 else None
    if whole is None:
        return
    path = name.split(".")
    found = [*_at(whole, path)]
    yield from found
    if not found:
        for key, value in whole.items():
            if key.lower() in NESTED:
                yield from _at(value, path)


def _parsed(text: str, start: int) -> dict[str, Any] | None:
    try:
        value, _ = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _at(value: Any, path: Sequence[str]) -> Iterator[Any]:
    """What is at the end of a path; a key may have dots itself, and a string may be JSON."""
    if not path:
        yield value
    elif isinstance(value, dict):
        for length in range(1, len(path) + 1):
            for member in _named(value, ".".join(path[:length])):
                yield from _at(member, path[length:])
    elif isinstance(value, list):
        if path[0].isdecimal():
            yield from (found for one in value[int(path[0][:9]) :][:1] for found in _at(one, path[1:]))
        else:
            yield from (found for one in islice(value, ELEMENTS) for found in _at(one, path))
    elif isinstance(value, str) and value.startswith("{"):
        yield from _at(_parsed(value, 0), path)


def _named(members: dict[str, Any], name: str) -> Iterator[Any]:
    if name in members:
        yield members[name]
    elif name == name.lower():
        yield from (value for key, value in members.items() if key.lower() == name)


def _reported(message: str, name: str) -> Iterator[str]:
    _, _, fields = message.partition(" ")  # REPORT, INIT_REPORT …
    for field in fields.split("\t"):
        key, sign, value = field.partition(": ")
        if sign and "".join(key.split()).lower() == name.lower():
            yield value


def _paired(message: str, name: str) -> Iterator[str]:
    """name=value, name: "value", { name: value }."""
    for match in pair(name).finditer(message, 0, LOOKED_AT):
        yield next(filter(None, match.groups()), "")


@lru_cache(64)
def pair(name: str) -> re.Pattern[str]:
    """A name and its value as they stand in a text."""
    return re.compile(
        rf"(?<![\w.-])(?:{re.escape(name)}|{re.escape(name.rpartition('.')[2])})\\?[\"']?\s{{0,9}}[:=]\s{{0,9}}"
        rf"(?:\\?\"([^\"\\]*)|'([^']*)|([^\s,;\"')\]}}]+))",
        re.IGNORECASE if name == name.lower() else 0,
    )


def text(value: Any) -> str:
    """A value as text, strings without quotes."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def number(value: Any) -> float | None:
    """A value as a number, where it is one or a text that is, a unit of up to three letters or % apart; else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        found = _NUMBER.fullmatch(value)
        return float(found[1]) if found else None
    return value if isinstance(value, int | float) else None
