"""What a field is compared with: a string with wildcards, a number, a regular expression."""

from __future__ import annotations

import operator
import re
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from lambdatui.local.logs.filter_pattern.errors import PatternError, bad_characters

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)

# The page lists what a regular expression may hold; the space stands in its examples.
_REGEX = re.compile(r"(?:[A-Za-z0-9:_#=@/;,\- ^$?\[\]{}|*+.]|\\(?:[dDsSwW]|x[0-9A-Fa-f]{2}|[^A-Za-z0-9]))*")

ORDER: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def unquoted(text: str) -> str:
    """What stands between quotation marks, where a backslash precedes a quotation mark or a backslash."""
    return _ESCAPE.sub(r"\1", text[1:-1])


def number(text: str) -> float | None:
    """The number that a text is, if it is one: an int where it can be, so that long ids compare exactly."""
    if _NUMBER.fullmatch(text) is None:
        return None
    try:
        return int(text)
    except ValueError:
        return float(text)


def regex(text: str) -> re.Pattern[str]:
    """A regular expression of a pattern. Raises PatternError for what AWS's do not have, parentheses above all."""
    accepted = _REGEX.match(text)
    length = accepted.end() if accepted else 0
    if not text or length < len(text):
        raise bad_characters(text[length : length + 1]) if text else PatternError()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of sets within sets, which neither has
            return re.compile(text, re.ASCII)
    except re.error as problem:
        raise PatternError from problem


def matching(text: str) -> Callable[[str], bool]:
    """Whether a string is `text`, in which an asterisk at the start or the end stands for anything."""
    core = text.strip("*")
    if not core:
        return (lambda value: True) if text else (lambda value: not value)
    if text.startswith("*") and text.endswith("*"):
        return lambda value: core in value
    if text.startswith("*"):
        return lambda value: value.endswith(core)
    if text.endswith("*"):
        return lambda value: value.startswith(core)
    return lambda value: value == core


def comparison(relation: str, operand: str) -> Callable[[Any], bool]:
    """The test of a value, a str or a number, that `relation` and `operand` make, as they stand in the pattern.

    A number compares as one with a number, and as it is written with a string. Anything else, and a string where the
    order of numbers is asked for, matches nothing: not `!=` either. Raises PatternError.
    """
    if relation in ORDER:
        return _ordered(ORDER[relation], operand)
    equal = _equal(operand)
    if relation == "=":
        return lambda value: _is_value(value) and equal(value)
    return lambda value: _is_value(value) and not equal(value)


def _equal(operand: str) -> Callable[[Any], bool]:
    if operand.startswith("%"):
        search = regex(operand[1:-1]).search
        return lambda value: search(str(value)) is not None
    wanted = number(operand)
    fits = matching(unquoted(operand) if operand.startswith('"') else operand)
    if wanted is None:
        return lambda value: fits(str(value))
    return lambda value: fits(value) if isinstance(value, str) else value == wanted


def _ordered(compare: Callable[[float, float], bool], operand: str) -> Callable[[Any], bool]:
    limit = number(operand)
    if limit is None:
        raise PatternError
    return lambda value: _is_value(value) and not isinstance(value, str) and compare(value, limit)


def _is_value(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)
