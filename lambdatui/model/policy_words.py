"""What stands in a policy, as text: one or several, and JSON where text should be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any


def texts(value: Any) -> tuple[str, ...]:
    """One text or several as several; what is no text as it is written."""
    if value is None:
        return ()
    return tuple(it if isinstance(it, str) else written(it) for it in (value if isinstance(value, list) else [value]))


def written(value: Any) -> str:
    """A text as it is, all else as JSON; "…" of what is nested deeper than Python goes."""
    try:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "…"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence, each once: "a, b and c"; "nothing" if there are none."""
    first = list(dict.fromkeys(names))
    return first[0] if len(first) == 1 else f"{', '.join(first[:-1])} and {first[-1]}" if first else "nothing"
