"""What a term of a log query may become."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from lambdatui.model.log_levels import Level
from lambdatui.model.query import Completion
from lambdatui.model.text import one_line

_LAST = re.compile(r"\S*$")
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
MOST = 60
"""Names of fields that are offered."""


def complete(source: str, at: int, messages: Iterable[str]) -> Completion:
    """What the term that ends at a place may become: levels, and the fields that these messages have."""
    found = _LAST.search(source, 0, at)
    start = at if found is None else found.start()
    term = source[start:at]
    sign, word = ("!", term[1:]) if term.startswith("!") else ("", term)
    levels = [f"level:{level.name.lower()}" for level in Level if level > Level.NONE]
    options = [*levels[::-1], *(f"{name}:" for name in fields(messages))]
    fitting = [sign + option for option in options if option.startswith((word, word.lower()))]
    return Completion(start, at, [option for option in fitting if option != term])


def fields(messages: Iterable[str]) -> list[str]:
    """The names of the fields of JSON messages, in the order in which they come."""
    names: dict[str, None] = {}
    for message in messages:
        if message.startswith("{") and len(message) < 16_000 and len(names) < MOST:
            try:
                _collect(json.loads(message), "", names)
            except (ValueError, RecursionError):
                continue
    return [*names][:MOST]


def _collect(value: object, prefix: str, names: dict[str, None]) -> None:
    if isinstance(value, dict):
        for name, member in value.items():
            if _NAME.fullmatch(name) and len(name) < 60 and prefix.count(".") < 3:
                whole = one_line(prefix + name)
                if isinstance(member, dict):
                    _collect(member, f"{whole}.", names)
                elif whole != "level":
                    names[whole] = None
