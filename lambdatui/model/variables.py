"""Variables in a payload: what stands for what, and the text with all of them filled in.

`{{uuid}}` (another one at each place), `{{now}}` (ISO 8601, UTC, milliseconds), `{{now_ms}}`, `{{random:1..9}}` (both
ends count), `{{env:NAME}}` of the environment, and `{{name}}` where the event declares `name`. White space inside the
braces is allowed. Anything else in braces is no variable and is sent as it is written: payloads are full of other
people's templates. So is a variable's text that must be sent itself, when one of its braces is written \\u007b.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

BUILT_IN = ("uuid", "now", "now_ms", "random", "env")
"""Names that an event cannot give to a variable of its own."""
LONGEST_NAME = 64
_NAME = rf"[A-Za-z_][A-Za-z0-9_.-]{{0,{LONGEST_NAME - 1}}}"
_NAMED = re.compile(_NAME)
_DIGITS = r"-?[0-9]{1,18}"
_REFERENCE = re.compile(
    rf"\{{\{{[ \t]*(?:(?P<name>{_NAME})|random:(?P<low>{_DIGITS})\.\.(?P<high>{_DIGITS})"
    r"|env:(?P<env>[A-Za-z_][A-Za-z0-9_]{0,254}))[ \t]*\}\}"
)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


class VariableError(ValueError):
    """A variable that has no value: a sentence that names it."""


class Reference(NamedTuple):
    """A place in a text that stands for a value."""

    start: int
    end: int
    kind: str
    """One of `BUILT_IN`, or "own"."""
    name: str
    """Of an environment variable or of one of the event's own, else empty."""
    low: int = 0
    high: int = 0
    """Of a random number, both included."""


@dataclass(frozen=True, slots=True)
class Values:
    """Where values come from. The model has no clock and no chance of its own."""

    uuid: Callable[[], str]
    now_ms: int
    """Milliseconds since 1970."""
    random: Callable[[int, int], int]
    """An integer between two, both included."""
    environ: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)


class Filled(NamedTuple):
    """A payload with its values, once to send and once to keep."""

    text: str
    kept: str
    """The same values, but for `{{env:NAME}}`, which stays: no secret of the environment reaches a file by this."""


def check_variable(name: str) -> str:
    """Why a variable cannot be called so, or ""."""
    if name in BUILT_IN:
        return f"{{{{{name}}}}} has a meaning already"
    if not _NAMED.fullmatch(name):
        return f"a variable's name has letters of English, digits, _, - and ., and at most {LONGEST_NAME} of them"
    return ""


def references(text: str, declared: Collection[str] = ()) -> list[Reference]:
    """The variables in a text, in their order; of plain names those that are built in or declared."""
    return [found for match in _REFERENCE.finditer(text) if (found := _reference(match, declared)) is not None]


def _reference(match: re.Match[str], declared: Collection[str]) -> Reference | None:
    name = match["name"]
    if match["env"]:
        return Reference(match.start(), match.end(), "env", match["env"])
    if name is None:
        return Reference(match.start(), match.end(), "random", "", int(match["low"]), int(match["high"]))
    if name in ("uuid", "now", "now_ms"):
        return Reference(match.start(), match.end(), name, "")
    return Reference(match.start(), match.end(), "own", name) if name in declared else None


def simple_spans(text: str) -> list[tuple[int, int]]:
    """Where something stands that is written as a variable is, whether it is one or not."""
    return [match.span() for match in _REFERENCE.finditer(text)]


def unknown(text: str, declared: Collection[str] = ()) -> list[str]:
    """Names in `{{name}}` that are neither built in nor declared, once each: they are sent as they are written."""
    named = (match["name"] for match in _REFERENCE.finditer(text) if _reference(match, declared) is None)
    return list(dict.fromkeys(name for name in named if name))


def environment_names(text: str) -> list[str]:
    """Names of the environment variables that a text wants, once each."""
    return list(dict.fromkeys(it.name for it in references(text) if it.kind == "env"))


def own_names(text: str, declared: Collection[str]) -> list[str]:
    """Names of the event's own variables that a text uses, once each, in their order in the text."""
    return list(dict.fromkeys(it.name for it in references(text, declared) if it.kind == "own"))


def masked(text: str, declared: Collection[str] = ()) -> str:
    """The text with digits where variables are, as long as it was: a fault that is found in it is at its true place.

    Digits are right inside a string as well as in place of a value.
    """
    parts, end = [], 0
    for it in references(text, declared):
        parts += [text[end : it.start], "1" * (it.end - it.start)]
        end = it.end
    return "".join([*parts, text[end:]]) if parts else text


def filled(text: str, values: Values, declared: Collection[str] = ()) -> Filled:
    """JSON text with its variables' values. Text without any is given back as it is, to the last byte.

    Inside a string a value is escaped as JSON has it. In place of a value it stays what it is where it is JSON (12,
    true, a list), else it becomes a string. `{{uuid}}` and `{{now}}` are always strings. Raises VariableError.
    """
    found = references(text, declared)
    if not found:
        return Filled(text, text)
    strings = _STRING.finditer(text)
    string = next(strings, None)
    parts, kept, end = [], [], 0
    for it in found:
        while string is not None and string.end() <= it.start:
            string = next(strings, None)
        value = _value(it, values)
        piece = _escaped(value) if string is not None and string.start() < it.start else _bare(it, value)
        between = text[end : it.start]
        parts += [between, piece]
        kept += [between, text[it.start : it.end] if it.kind == "env" else piece]
        end = it.end
    return Filled("".join([*parts, text[end:]]), "".join([*kept, text[end:]]))


def _value(it: Reference, values: Values) -> str:
    if it.kind == "random":
        if it.low > it.high:
            raise VariableError(f"{{{{random:{it.low}..{it.high}}}}} has no number in it: the lower one comes first.")
        return str(values.random(it.low, it.high))
    if it.kind in ("env", "own"):
        value = (values.environ if it.kind == "env" else values.own).get(it.name)
        if value is None:
            raise VariableError(
                f"The environment variable {it.name} is not set." if it.kind == "env" else f"{it.name} has no value."
            )
        return value
    if it.kind == "uuid":
        return values.uuid()
    return iso(values.now_ms) if it.kind == "now" else str(values.now_ms)


def iso(milliseconds: int) -> str:
    """A moment (ms since 1970) as ISO 8601 in UTC, to the millisecond: 2026-11-25T22:30:00.123Z."""
    from datetime import UTC, datetime, timedelta

    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"


def _escaped(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1].encode("utf-8", "replace").decode()


def _bare(it: Reference, value: str) -> str:
    if it.kind in ("uuid", "now") or not _is_json(value):
        return f'"{_escaped(value)}"'
    return value


def _is_json(text: str) -> bool:
    def refused(name: str) -> None:
        raise ValueError(name)

    try:
        json.loads(text, parse_int=float, parse_constant=refused)
    except (ValueError, RecursionError):
        return False
    return True
