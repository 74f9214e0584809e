"""The language of metric math: what an expression says, as a tree.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

DEEPEST = 40
"""How deep an expression may be nested."""


class BadExpression(Exception):
    """What is wrong with an expression, as a sentence without its subject."""


@dataclass(frozen=True)
class Number:
    value: float


@dataclass(frozen=True)
class String:
    value: str


@dataclass(frozen=True)
class Name:
    """The Id of a query, or a keyword (REPEAT, LINEAR)."""

    value: str


@dataclass(frozen=True)
class Negative:
    of: Node


@dataclass(frozen=True)
class Binary:
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Array:
    """[m1, m2]"""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple[Node, ...]


Node: TypeAlias = Number | String | Name | Negative | Binary | Array | Call

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
      | (?P<name>[A-Za-z][A-Za-z0-9_]*)
      | '(?P<single>[^']*)' | "(?P<double>[^"]*)"
      | (?P<sign>\|\||&&|==|!=|<=|>=|[-+*/^<>()\[\],])
    )\s*""",
    re.VERBOSE,
)

_BINDING = {
    **dict.fromkeys(("OR", "||"), 1),
    **dict.fromkeys(("AND", "&&"), 2),
    **dict.fromkeys(("==", "!="), 3),
    **dict.fromkeys(("<", "<=", ">", ">="), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/"), 6),
    "^": 8,
}
"""How tightly an operator binds. A minus sign before its operand binds with 7."""

_SAME = {"||": "OR", "&&": "AND"}


def parsed(text: str) -> Node:
    """The tree of an expression. Raises BadExpression."""
    return _Parser(list(_tokens(text))).whole()


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it. A long sum is a deep tree: nothing here calls itself for it."""
    ahead = [node]
    while ahead:
        yield (node := ahead.pop())
        ahead += reversed(_below(node))


def _below(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Array):
        return node.items
    if isinstance(node, Binary):
        return (node.left, node.right)
    return (node.of,) if isinstance(node, Negative) else ()


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """The kind of each token, and its text."""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise BadExpression(f"has something unknown at position {at + 1}: {text[at : at + 10]}")
        kind = found.lastgroup or ""
        yield ("string" if kind in ("single", "double") else kind, found[kind])
        at = found.end()


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self._deep = 0

    def whole(self) -> Node:
        node = self._operation(0)
        if self._at < len(self._tokens):
            raise BadExpression(f"cannot go on with {self._tokens[self._at][1]}")
        return node

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take(self, sign: str) -> bool:
        if self._peek() == ("sign", sign):
            self._at += 1
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise BadExpression(f"lacks a {sign}")

    def _operation(self, least: int) -> Node:
        self._deep += 1
        if self._deep > DEEPEST:
            raise BadExpression("is nested too deeply")
        left = self._operand()
        while True:
            kind, text = self._peek()
            operator = text.upper() if kind == "name" else text if kind == "sign" else ""
            binding = _BINDING.get(operator, 0)
            if binding <= least:
                break
            self._at += 1
            # Powers are taken from the right.
            right = self._operation(binding - 1 if operator == "^" else binding)
            left = Binary(_SAME.get(operator, operator), left, right)
        self._deep -= 1
        return left

    def _operand(self) -> Node:
        kind, text = self._peek()
        self._at += 1
        if kind == "number":
            return Number(float(text))
        if kind == "string":
            return String(text)
        if kind == "name":
            return Call(text.upper(), self._until(")")) if self._take("(") else Name(text)
        if text == "-":
            return Negative(self._operation(7))
        if text == "+":
            return self._operation(7)
        if text == "[":
            return Array(self._until("]"))
        if text == "(":
            node = self._operation(0)
            self._expect(")")
            return node
        raise BadExpression(f"has no operand before {text}" if text else "ends too early")

    def _until(self, sign: str) -> tuple[Node, ...]:
        items: list[Node] = []
        if self._take(sign):
            return ()
        while True:
            items.append(self._operation(0))
            if self._take(sign):
                return tuple(items)
            self._expect(",")
