"""Metric math: what an expression comes to."""

from __future__ import annotations

from collections.abc import Mapping

from lambdatui.local.metrics.expression import (
    Array,
    BadExpression,
    Binary,
    Call,
    Name,
    Negative,
    Node,
    Number,
    String,
    walk,
)
from lambdatui.local.metrics.functions import FUNCTIONS, Value, Work, operate
from lambdatui.local.metrics.series import Line

_KEYWORDS = ("REPEAT", "LINEAR")


def names(node: Node) -> set[str]:
    """The Ids of the queries that an expression names; METRICS() may want more."""
    return {below.value for below in walk(node) if isinstance(below, Name) and below.value not in _KEYWORDS}


def wants_metrics(node: Node) -> bool:
    """Whether it takes all metrics of the request."""
    return any(isinstance(below, Call) and below.function == "METRICS" for below in walk(node))


def searches(node: Node) -> list[Call]:
    """The searches in it. Raises BadExpression for one without term and statistic."""
    found = [below for below in walk(node) if isinstance(below, Call) and below.function == "SEARCH"]
    for call in found:
        kinds = [type(argument) for argument in call.arguments]
        if kinds not in ([String, String], [String, String, Number]):
            raise BadExpression("has a SEARCH without a search term and a statistic, each in quotation marks")
    return found


def unsupported(node: Node) -> str | None:
    """A function in it that there is none of here."""
    for below in walk(node):
        if isinstance(below, Call) and below.function not in FUNCTIONS and below.function not in ("METRICS", "SEARCH"):
            return below.function
    return None


class Evaluation:
    """An expression's surroundings: the other queries' results, and what its searches found."""

    def __init__(
        self, work: Work, results: Mapping[str, Value], metrics: Mapping[str, Line], found: Mapping[Call, Value]
    ) -> None:
        """`results` of the queries it names, and `metrics` of those for metrics, by Id."""
        self._work = work
        self._results = results
        self._metrics = metrics
        self._found = found

    async def value(self, node: Node) -> Value:
        """Raises BadExpression."""
        if isinstance(node, Number):
            return node.value
        if isinstance(node, String):
            return node.value
        if isinstance(node, Name):
            return node.value if node.value in _KEYWORDS else self._results[node.value]
        if isinstance(node, Negative):
            return await operate("*", await self.value(node.of), -1.0, self._work.pace)
        if isinstance(node, Array):
            return await self._array(node)
        if isinstance(node, Binary):
            return await self._chain(node)
        return await self._call(node)

    async def _chain(self, node: Node) -> Value:
        """A sum of 400 series is a tree 400 deep, to the left."""
        chain = []
        while isinstance(node, Binary):
            chain.append(node)
            node = node.left
        value = await self.value(node)
        for link in reversed(chain):
            value = await operate(link.operator, value, await self.value(link.right), self._work.pace)
        return value

    async def _array(self, node: Array) -> Value:
        lines: list[Line] = []
        for item in node.items:
            value = await self.value(item)
            if isinstance(value, float | str):
                raise BadExpression("has something other than time series in an array")
            lines += value if isinstance(value, list) else [value]
        return lines

    async def _call(self, node: Call) -> Value:
        if node.function == "SEARCH":
            return self._found[node]
        if node.function == "METRICS":
            return self._matching(node)
        function, least, most = FUNCTIONS[node.function]
        if not least <= len(node.arguments) <= most:
            raise BadExpression(f"has {node.function} with {len(node.arguments)} arguments")
        return await function([await self.value(argument) for argument in node.arguments], self._work)

    def _matching(self, node: Call) -> Value:
        if len(node.arguments) > 1 or not all(isinstance(argument, String) for argument in node.arguments):
            raise BadExpression("has METRICS with something other than one string")
        part = "".join(argument.value for argument in node.arguments if isinstance(argument, String))
        return [line for name, line in self._metrics.items() if part in name]
