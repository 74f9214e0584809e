"""What the members of AWS's answers become: text that is safe to draw, numbers that can be reckoned with, moments.

The door through which all text of an answer enters the model. What is not of the form that it should be is missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lambdatui.model.text import one_line

if TYPE_CHECKING:
    from lambdatui.model.configuration import Trouble

LONGEST = 20_000
"""Characters of one value that are kept: Lambda allows some 4 kB, and a megabyte takes a second to draw."""

BEYOND = 2**63
"""No number of Lambda's is as large, and arithmetic on one that is (to words, to a float) may fail."""


def bounded(value: str) -> str:
    """A value as it is, or as much of it as is kept."""
    return value if len(value) <= LONGEST else value[:LONGEST] + "…"


def line(value: str) -> str:
    """A value on one line, safe to draw."""
    return one_line(bounded(value))


def member(source: Mapping[str, Any], *path: str) -> Any:
    """What is at `path`, or None."""
    value: Any = source
    for name in path:
        value = (value or {}).get(name)
    return value


def text(source: Mapping[str, Any], *path: str) -> str:
    """The one-line text at `path`, or empty."""
    value = member(source, *path)
    return "" if value is None else line(str(value))


def texts(source: Mapping[str, Any], *path: str) -> tuple[str, ...]:
    """The one-line texts of the list at `path`, or none."""
    return tuple(line(str(entry)) for entry in member(source, *path) or ())


def number(source: Mapping[str, Any], *path: str) -> int | None:
    """The whole number at `path`."""
    value = member(source, *path)
    return value if isinstance(value, int) and abs(value) < BEYOND else None


def decimal(source: Mapping[str, Any], *path: str) -> float | None:
    """The number at `path`, whole or not; none that is endless."""
    value = member(source, *path)
    known = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
    return float(value) if known else None


def flag(source: Mapping[str, Any], *path: str) -> bool | None:
    """The truth value at `path`."""
    value = member(source, *path)
    return value if isinstance(value, bool) else None


def when(source: Mapping[str, Any], *path: str) -> datetime | None:
    """The moment at `path`: a timestamp of the service model, or a text that is one."""
    value = member(source, *path)
    return value if isinstance(value, datetime) else moment(str(value))


def moment(written: str) -> datetime | None:
    """The time that Lambda writes as 2026-11-23T13:12:20.123+0000, or None for what is not one."""
    try:
        parsed = datetime.fromisoformat(written)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else None


def trouble(source: Mapping[str, Any], *path: str) -> Trouble | None:
    """The error at `path` that stands in place of a value."""
    from lambdatui.model.configuration import Trouble  # no list has one, and the first is waited for

    code, message = text(source, *path, "ErrorCode"), text(source, *path, "Message")
    return Trouble(code or "Error", message) if code or message else None


class Known:
    """The members of a shape that have their own place in the model; of structures, and of those in lists, by path."""

    def __init__(self, *paths: str) -> None:
        self.paths = frozenset(paths)
        self._branches = frozenset(path[:at] for path in paths for at, letter in enumerate(path) if letter == ".")

    def others(self, answer: Mapping[str, Any]) -> Mapping[str, str]:
        """What is not known, by its path, with the values of several list entries together.

        So a field that AWS adds tomorrow, however deep, is shown.
        """
        found: dict[str, list[str]] = {}
        for path, value in self._rest(answer):
            found.setdefault(path, []).append(value)
        return {path: ", ".join(values) for path, values in found.items()}

    def _rest(self, value: Any, path: str = "") -> Iterator[tuple[str, str]]:
        if path in self.paths or value is None:
            return
        if isinstance(value, Mapping):
            for name, one in value.items():
                yield from self._rest(one, f"{path}.{name}" if path else name)
        elif isinstance(value, list) and path in self._branches:
            for one in value:
                yield from self._rest(one, path)
        else:
            yield line(path), line(", ".join(map(str, value)) if isinstance(value, list) else str(value))
