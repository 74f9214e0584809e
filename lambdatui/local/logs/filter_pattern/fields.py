"""Patterns about JSON messages: `{ $.level = "ERROR" && ($.took > 5 || $.user IS NULL) }`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeAlias

from lambdatui.local.logs.filter_pattern.errors import PatternError
from lambdatui.local.logs.filter_pattern.expressions import Test, Tokens, expression
from lambdatui.local.logs.filter_pattern.values import ORDER, comparison

_Step: TypeAlias = str | int | None
"""A property, an element, or any of them."""

_STEP = re.compile(r"\[(?P<index>\d+)\]|\['(?P<quoted>[^']*)'\]|(?P<any>\[\*\]|\*)|(?P<name>[\w-]+)")
_MISSING: Final = object()
_IS = {"NULL": None, "TRUE": True, "FALSE": False}


def parsed(text: str) -> Callable[[str], bool]:
    """The matcher of what stands between the braces. Raises PatternError."""
    tokens = Tokens(text)
    test = expression(tokens, _condition)
    if not tokens.over:
        raise PatternError

    def matches(message: str) -> bool:
        if not message.lstrip().startswith(("{", "[")):
            return False
        try:
            document = json.loads(message)
        except (ValueError, RecursionError):
            return False
        return test(document)

    return matches


def _condition(tokens: Tokens) -> Test:
    found = _selected(tokens.take(kind="selector"))
    if tokens.next_is("IS"):
        tokens.take("IS")
        wanted = _IS[tokens.take(*_IS)]
        return lambda document: any(value is wanted for value in found(document))
    if tokens.next_is("NOT"):
        tokens.take("NOT")
        tokens.take("EXISTS")
        return lambda document: not any(True for _ in found(document))
    holds = comparison(tokens.take("=", "!=", *ORDER), tokens.take(kind="operand"))
    return lambda document: any(map(holds, found(document)))


def _selected(selector: str) -> Callable[[Any], Sequence[Any]]:
    """What gives the values that a selector points to: none, one, or with a wildcard several."""
    steps = [_step(found) for found in _STEP.finditer(selector)]
    wild = steps.count(None)
    if wild > 1:
        raise PatternError  # the page: one wildcard in a selector
    if wild:
        return lambda document: list(_all(document, steps))

    def only(document: Any) -> Sequence[Any]:
        for step in steps:
            document = _get(document, step)
        return () if document is _MISSING else (document,)

    return only


def _step(found: re.Match[str]) -> _Step:
    if found["any"]:
        return None
    if found["index"]:
        return int(found["index"])
    return found["name"] or found["quoted"] or ""


def _get(value: Any, step: _Step) -> Any:
    if isinstance(step, str):
        return value.get(step, _MISSING) if isinstance(value, dict) else _MISSING
    if isinstance(value, list) and step is not None and step < len(value):
        return value[step]
    return _MISSING


def _all(value: Any, steps: Sequence[_Step]) -> Iterator[Any]:
    for index, step in enumerate(steps):
        if step is None:
            inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
            for item in inner:
                yield from _all(item, steps[index + 1 :])
            return
        value = _get(value, step)
        if value is _MISSING:
            return
    yield value
