"""Patterns about messages with spaces between their fields: `[ip, user, ..., status = 4* && status != 404, bytes]`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lambdatui.local.logs.filter_pattern.errors import PatternError
from lambdatui.local.logs.filter_pattern.expressions import Test, Tokens, expression
from lambdatui.local.logs.filter_pattern.values import ORDER, comparison, number

_ANY_NUMBER_OF = "..."

# What stands between brackets or quotation marks is one field.
_FIELD = re.compile(r'\[([^\]]*)\]|"([^"]*)"|(\S+)')


def parsed(text: str) -> Callable[[str], bool]:
    """The matcher of what stands between the brackets. Raises PatternError."""
    if not text.strip():
        raise PatternError
    tokens = Tokens(text)
    names: list[str] = []
    tests: list[Test] = []
    while True:
        _column(tokens, names, tests)
        if tokens.over:
            break
        tokens.take(",")
    if names.count(_ANY_NUMBER_OF) > 1:
        raise PatternError

    def matches(message: str) -> bool:
        values = _values(message, names)
        return values is not None and all(test(values) for test in tests)

    return matches


def _column(tokens: Tokens, names: list[str], tests: list[Test]) -> None:
    """Read one column: its name, or `...`, or nothing, and the conditions on it."""
    if tokens.over or tokens.next_is(","):
        names.append("")
        return
    if tokens.next_is(_ANY_NUMBER_OF):
        names.append(tokens.take(_ANY_NUMBER_OF))
        return
    column = len(names)
    seen: list[str] = []

    def condition(tokens: Tokens) -> Test:
        name = tokens.take(kind="operand")
        if not re.fullmatch(r"[\w-]+", name):
            raise PatternError
        seen.append(name)
        if not tokens.next_is("=", "!=", *ORDER):
            return lambda values: True
        relation = tokens.take("=", "!=", *ORDER)
        return _compared(column, relation, tokens.take(kind="operand"))

    tests.append(expression(tokens, condition))
    if len(set(seen)) > 1:
        raise PatternError
    names.append(seen[0])


def _compared(column: int, relation: str, operand: str) -> Test:
    holds = comparison(relation, operand)
    if relation not in ORDER and number(operand) is None:
        return lambda values: holds(values[column])

    def numeric(values: Sequence[str]) -> bool:
        value = number(values[column])
        return holds(values[column] if value is None else value)

    return numeric


def _values(message: str, names: Sequence[str]) -> Sequence[str] | None:
    """The fields of a message in the places of their names, None if there are too few.

    The dots stand for any number, nothing included. Without them the last name gets all that is left, as in the page's
    `[w1=ERROR, w2]`.
    """
    found = list(_FIELD.finditer(message))
    fields = [field[1] or field[2] or field[3] or "" for field in found]
    if _ANY_NUMBER_OF in names:
        before = names.index(_ANY_NUMBER_OF)
        after = len(names) - before - 1
        if len(fields) < before + after:
            return None
        return [*fields[:before], "", *fields[len(fields) - after :]]
    if len(fields) > len(names):
        return [*fields[: len(names) - 1], message[found[len(names) - 1].start() :].rstrip()]
    return fields if len(fields) == len(names) else None
