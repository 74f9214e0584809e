"""JSON read without losing anything that it says: digits, order, members that are there twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import Any, TypeAlias

from lambdatui.model.json_text import legible
from lambdatui.model.text import visible


class Number(str):
    """A number as it was written."""

    __slots__ = ()


class Members(list[tuple[str, Any]]):
    """An object: names and values, in their order."""

    __slots__ = ()


Value: TypeAlias = Members | list[Any] | str | bool | None
"""What JSON can say; a `str` that is no Number is a string as it reads, with whatever it holds."""

NEAR = 500
"""Characters of other text before an object that may introduce it."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*(?P<end>"|\\?\Z)|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)
_BEGIN = re.compile(r"(?:\[\s*)*\{")
_BROKEN_ESCAPE = re.compile(r"([^\\](?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3})?\Z")


def read(text: str) -> Value:
    """What visible JSON says. Raises ValueError, also where it is nested too deeply."""
    try:
        return json.loads(  # type: ignore[no-any-return]
            legible(text), object_pairs_hook=Members, parse_int=Number, parse_float=Number, parse_constant=Number
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None


def inside(text: str) -> Members | list[Any] | None:
    """The object or list that a whole text is, if it is one and not empty."""
    if text.lstrip()[:1] not in ("{", "[") or text.rstrip()[-1:] not in ("}", "]"):
        return None
    try:
        value = read(text)
    except ValueError:
        return None
    return value if isinstance(value, list) and value else None


def told(message: str, *, cut: bool = False) -> tuple[str, Members | list[Any]] | None:
    """The object or list that a visible message is or ends with, and the text before that; None if there is none.

    Of an object in a message that was `cut` off it is what is there.
    """
    begins = _BEGIN.search(message, 0, NEAR)
    for start in (0, begins.start()) if begins else (0,):
        text = message[start:]
        if (value := inside(closed(text) if cut and text[:1] in ("{", "[") else text)) is not None:
            return message[:start], value
    return None


def closed(text: str) -> str:
    """JSON that was cut off somewhere, as far as its values are whole, with all closed that it has opened.

    A string that was cut off ends with "…". What is no JSON does not become any.
    """
    closing = ""
    good, ends = 0, ""
    named = False
    """Whether what comes is a value."""
    for match in _TOKEN.finditer(text):
        sign = match[0]
        if sign in "{[":
            closing = ("}" if sign == "{" else "]") + closing
            good, ends = match.end(), closing
        elif sign in "}]":
            closing = closing[1:]
            good, ends = match.end(), closing
        elif sign == ",":
            good, ends = match.start(), closing
        elif named and match["end"] is not None:
            good, ends = match.end(), closing if match["end"] == '"' else f'…"{closing}'
        named = sign == ":" or (sign in "[," and closing[:1] == "]")
    return _BROKEN_ESCAPE.sub(r"\1", text[:good]) + ends


def written(value: Value, limit: int | None = None) -> str:
    """A value as JSON on one line, visible; at most about `limit` characters of it."""
    pieces, length = [], 0
    for piece in _pieces(value, limit):
        pieces.append(piece)
        length += len(piece)
        if limit is not None and length > limit:
            break
    return legible(visible("".join(pieces).replace("\x7f", "\\u007f")))


def _pieces(value: Value, limit: int | None) -> Iterator[str]:
    """The parts of which it consists. Not by recursion: depth is whatever the one who writes likes."""
    if not isinstance(value, list):
        yield _scalar(value, limit)
        return
    stack = [_Open(value)]
    yield stack[-1].start
    while stack:
        inner = stack[-1]
        item = next(inner.items, None)
        if item is None:
            yield inner.end
            stack.pop()
            continue
        name, value = item
        yield inner.between()
        if name is not None:
            yield _scalar(name, limit) + ":"
        if isinstance(value, list):
            stack.append(_Open(value))
            yield stack[-1].start
        else:
            yield _scalar(value, limit)


class _Open:
    """An object or a list that is being written."""

    def __init__(self, value: Members | list[Any]) -> None:
        pairs: Iterable[tuple[str | None, Any]] = value if isinstance(value, Members) else zip(repeat(None), value)
        self.items = iter(pairs)
        self.start, self.end = "{}" if isinstance(value, Members) else "[]"
        self._begun = False

    def between(self) -> str:
        """What stands before the next item."""
        begun, self._begun = self._begun, True
        return "," if begun else ""


def _scalar(value: str | bool | None, limit: int | None) -> str:
    if isinstance(value, Number):
        return value
    return json.dumps(value[:limit] if isinstance(value, str) else value, ensure_ascii=False)
