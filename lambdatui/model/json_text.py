"""JSON as text: indented for reading without changing what it says, and made safe."""

from __future__ import annotations

import json
import re
from typing import Any

from lambdatui.model.text import one_line

LARGEST = 48_000_000
"""Characters of white space at most. Indentation grows with depth: 6 MB of `[[[…1,1,1…]]]` would become gigabytes; the
longest list that a response can hold, seven levels down, stays below this."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')


def indented(text: str) -> str:
    """`text` indented by two spaces where it is JSON and that needs no more than `LARGEST`, else as it is.

    Only white space changes: numbers keep their digits (1.10, 1e400), strings their escapes, objects their double keys.
    """
    try:
        json.loads(text, parse_int=float)
    except (ValueError, RecursionError):
        return text
    parts: list[str] = []
    depth, length, previous = 0, 0, ""
    for match in _TOKEN.finditer(text):
        piece = match[0]
        if piece in "]}":
            depth -= 1
            breaks = previous not in "[{"
        else:
            breaks = previous != "" and previous in "[{,"
        if breaks:
            parts.append("\n" + "  " * depth)
            length += 1 + 2 * depth
            if length > LARGEST:
                return text
        parts.append(": " if piece == ":" else piece)
        if piece in "[{":
            depth += 1
        previous = piece
    return "".join(parts)


# A backslash, and what visible() puts behind it that JSON does not know.
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|U([0-9a-f]{8})|.)", re.DOTALL)


def legible(text: str) -> str:
    """JSON that went through `visible()` as JSON again: what that writes as \\x9b is \\u009b here."""
    return _ESCAPE.sub(_in_json, text) if "\\x" in text or "\\U" in text else text


def _in_json(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return json.dumps(chr(int(code, 16)))[1:-1] if code and int(code, 16) < 0x110000 else match[0]


def visible_json(value: Any) -> Any:
    """JSON from outside with every text in it, names of members included, on one line and safe to draw."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, list):
        return [visible_json(one) for one in value]
    if isinstance(value, dict):
        return {one_line(name): visible_json(one) for name, one in value.items()}
    return value
