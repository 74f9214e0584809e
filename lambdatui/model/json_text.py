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


def visible_json(value: Any) -> Any:
    """JSON from outside with every text in it, names of members included, on one line and safe to draw."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, list):
        return [visible_json(one) for one in value]
    if isinstance(value, dict):
        return {one_line(name): visible_json(one) for name, one in value.items()}
    return value
