"""Search expressions: which metrics '{AWS/Lambda,FunctionName} MetricName="Errors"' finds.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lambdatui.local.metric_store import Metric
from lambdatui.local.metrics.expression import DEEPEST, BadExpression
from lambdatui.local.metrics.identity import MetricId
from lambdatui.local.metrics.pace import Pace
from lambdatui.local.places import Place

MOST = 500
"""Metrics that a search finds; the first that appeared, if there are more."""

_RECENT = 14 * 86400  # a search finds metrics with data of the last two weeks

_Test: TypeAlias = Callable[[MetricId], bool]

_SCHEMA = re.compile(r"""\s*\{\s*((?:"[^"]*"|[^{}"])*?)\s*\}\s*""")
_NAME = re.compile(r"""\s*(?:"([^"]*)"|([^,"{}]*?))\s*(?:,|$)""")
_TOKEN = re.compile(r"""\s*(?:(?P<sign>[()=])|"(?P<exact>[^"]*)"|'(?P<quoted>[^']*)'|(?P<word>[^\s()="']+))\s*""")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True)
class Search:
    """What is searched for."""

    schema: tuple[str, frozenset[str]] | None
    """A namespace, and the names of all dimensions."""
    holds: _Test

    @classmethod
    def of(cls, text: str) -> Search:
        """Raises BadExpression."""
        schema = None
        if found := _SCHEMA.match(text):
            names = [quoted or plain for quoted, plain in _NAME.findall(found[1])]
            namespace, *dimensions = [name for name in names if name] or [""]
            if not namespace:
                raise BadExpression("has a SEARCH without a namespace in its braces")
            schema = namespace, frozenset(dimensions)
            text = text[found.end() :]
        tokens = list(_tokens(text))
        if schema is None and not tokens:
            raise BadExpression("has a SEARCH for nothing")
        return cls(schema, _Parser(tokens).whole())

    async def found(self, metrics: Iterable[Metric], place: Place, now: float, pace: Pace) -> list[MetricId]:
        """Those of these that it finds in a place."""
        ids: list[MetricId] = []
        for metric in metrics:
            if metric.id.place == place and metric.latest >= now - _RECENT and self._fits(metric.id):
                ids.append(metric.id)
            await pace.rest()
        return ids[:MOST]

    def _fits(self, metric: MetricId) -> bool:
        if self.schema is not None:
            namespace, dimensions = self.schema
            if metric.namespace != namespace or {name for name, _ in metric.dimensions} != dimensions:
                return False
        return self.holds(metric)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text) and not text[at:].isspace():
        found = _TOKEN.match(text, at)
        if found is None:
            raise BadExpression(f"has a SEARCH that ends in an open quotation: {text[at:]}")
        kind = found.lastgroup or ""
        yield "exact" if kind == "quoted" else kind, found[kind]
        at = found.end()


class _Parser:
    """Terms, joined by AND (which may be left out), OR and NOT."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self._deep = 0

    def whole(self) -> _Test:
        if not self._tokens:
            return lambda metric: True
        test = self._either("")
        if self._at < len(self._tokens):
            raise BadExpression(f"has a SEARCH that cannot go on with {self._peek()[1]}")
        return test

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take(self, *wanted: tuple[str, str]) -> bool:
        if self._peek() in wanted:
            self._at += 1
            return True
        return False

    def _either(self, designator: str) -> _Test:
        tests = [self._all(designator)]
        while self._take(("word", "OR")):
            tests.append(self._all(designator))
        return lambda metric: any(test(metric) for test in tests)

    def _all(self, designator: str) -> _Test:
        tests = [self._one(designator)]
        while self._take(("word", "AND")) or self._peek() not in (("end", ""), ("sign", ")"), ("word", "OR")):
            tests.append(self._one(designator))
        return lambda metric: all(test(metric) for test in tests)

    def _one(self, designator: str) -> _Test:
        self._deep += 1
        if self._deep > DEEPEST * 5:
            raise BadExpression("has a SEARCH with too many terms")
        if self._take(("word", "NOT")):
            test = self._one(designator)
            return lambda metric: not test(metric)
        if self._take(("sign", "(")):
            test = self._either(designator)
            if not self._take(("sign", ")")):
                raise BadExpression("has a SEARCH that lacks a )")
            return test
        kind, text = self._peek()
        self._at += 1
        if kind not in ("word", "exact"):
            raise BadExpression(f"has a SEARCH that lacks a term{f' before {text}' if text else ''}")
        if not designator and self._take(("sign", "=")):
            return self._one(text)
        return _term(designator, text, exact=kind == "exact")


def _term(designator: str, text: str, *, exact: bool) -> _Test:
    """Whether a text is found: as a whole, or by its words, which begin at capitals and digits and after signs."""
    wanted = _words(text)

    def holds(metric: MetricId) -> bool:
        places = list(_places(metric, designator))
        if exact:
            return text in places
        return any(_within(wanted, _words(place)) or text.lower() == place.lower() for place in places)

    return holds


def _places(metric: MetricId, designator: str) -> Iterator[str]:
    """Where a term may be found."""
    if designator == ":aws.AccountId":
        yield from (metric.place.account, "LOCAL")
    if designator in ("", "Namespace"):
        yield metric.namespace
    if designator in ("", "MetricName"):
        yield metric.name
    for name, value in metric.dimensions:
        if not designator:
            yield name
        if designator in ("", name):
            yield value


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(text)]


def _within(wanted: list[str], words: list[str]) -> bool:
    return bool(wanted) and any(words[at : at + len(wanted)] == wanted for at in range(len(words)))
