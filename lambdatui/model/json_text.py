"""JSON as text: indented for reading without changing what it says."""

from __future__ import annotations

import json
import re

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')


def indented(text: str) -> str:
    """`text` indented by two spaces where it is JSON, else as it is.

    Only white space changes: numbers keep their digits (1.10, 1e400), strings their escapes, objects their double keys.
    """
    try:
        json.loads(text, parse_int=float)
    except (ValueError, RecursionError):
        return text
    parts: list[str] = []
    depth, previous = 0, ""
    for match in _TOKEN.finditer(text):
        piece = match[0]
        if piece in "]}":
            depth -= 1
            if previous not in "[{":
                parts.append("\n" + "  " * depth)
        elif previous and previous in "[{,":
            parts.append("\n" + "  " * depth)
        parts.append(": " if piece == ":" else piece)
        if piece in "[{":
            depth += 1
        previous = piece
    return "".join(parts)
