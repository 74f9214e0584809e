"""What a GetMetricData request asks for, once nothing is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from lambdatui.local.metrics import expression, faults, labels, metric_math, statistics
from lambdatui.local.metrics.expression import BadExpression, Call, Node, Number, String
from lambdatui.local.metrics.identity import MetricId
from lambdatui.local.metrics.pace import Pace
from lambdatui.local.metrics.search import Search
from lambdatui.local.metrics.series import FINE
from lambdatui.local.metrics.statistics import Statistic
from lambdatui.local.places import Place

MOST_QUERIES = 500
MOST_POINTS = 100_800
"""Datapoints a page: the API's most, and what it gives when it is not told."""

_ID = re.compile(r"[a-z][a-zA-Z0-9_]*")
_PERIOD = 300  # of a search that says nothing of it


@dataclass(frozen=True)
class Stat:
    """One metric, by one statistic."""

    metric: MetricId
    period: int
    statistic: Statistic
    unit: str | None


@dataclass(frozen=True)
class Found:
    """What a SEARCH asks for."""

    search: Search
    period: int
    statistic: Statistic


@dataclass(frozen=True)
class Query:
    """One of the request's queries: for a metric, or an expression."""

    id: str
    label: str | None
    returned: bool
    stat: Stat | None
    node: Node | None
    searches: Mapping[Call, Found]
    needs: frozenset[str]
    """The Ids of the queries that its expression names."""
    takes_all: bool
    """Whether it takes all metrics of the request besides."""


@dataclass(frozen=True)
class Plan:
    """The queries of a request by their Ids, in its order."""

    place: Place
    queries: Mapping[str, Query]
    order: Sequence[str]
    """The Ids of the expressions, each after those that it is made of."""


async def planned(request: Mapping[str, Any], place: Place, pace: Pace) -> Plan:
    """Raises Fault, which tells all that is wrong with the request."""
    raw = request["MetricDataQueries"]
    problems = list(_problems(request))
    queries: dict[str, Query] = {}
    for number, query in enumerate(raw, 1):
        where = f"MetricDataQueries.member.{number}"
        try:
            queries[query["Id"]] = _query(query, place, where)
        except _Problem as problem:
            problems += problem.args
        await pace.rest()
    if not problems:
        problems += _unknown(queries)
    if problems:
        raise faults.validation(problems)
    await pace.rest()
    try:
        expressions = {query.id: query.needs for query in queries.values() if query.node}
        order = tuple(name for name in TopologicalSorter(expressions).static_order() if name in expressions)
    except CycleError as problem:
        raise faults.validation([f"The expressions {', '.join(problem.args[1])} refer to each other."]) from None
    return Plan(place, queries, order)


def wrong_period(period: int, where: str) -> Iterator[str]:
    """What is wrong with a period."""
    if period not in FINE and (period % 60 or period < 60):
        yield f"The parameter {where} must be {', '.join(map(str, FINE))} or a multiple of 60."


def wrong_range(request: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a time range."""
    if request["StartTime"] == request["EndTime"]:
        yield "The parameter StartTime must not equal parameter EndTime."
    elif request["StartTime"] > request["EndTime"]:
        yield "The parameter StartTime must be less than the parameter EndTime."


def _problems(request: Mapping[str, Any]) -> Iterator[str]:
    queries = request["MetricDataQueries"]
    if not queries:
        yield "The parameter MetricDataQueries is required."
    if len(queries) > MOST_QUERIES:
        yield f"The collection MetricDataQueries must not have a size greater than {MOST_QUERIES}."
    yield from wrong_range(request)
    if not 1 <= request.get("MaxDatapoints", MOST_POINTS) <= MOST_POINTS:
        yield f"The parameter MaxDatapoints must be from 1 to {MOST_POINTS}."
    timezone = request.get("LabelOptions", {}).get("Timezone")
    if timezone is not None and labels.zone(timezone) is None:
        yield f"The value {timezone} for parameter LabelOptions.Timezone must be like +0130."
    ids = [query["Id"] for query in queries]
    if len(set(ids)) < len(ids):
        yield "The values for parameter Id in MetricDataQueries are not unique."


class _Problem(Exception):
    """What is wrong with a query: args are sentences."""


def _query(raw: Mapping[str, Any], place: Place, where: str) -> Query:
    problems = []
    if not _ID.fullmatch(raw["Id"]):
        problems.append(f"The value {raw['Id']} for parameter {where}.Id does not match the pattern {_ID.pattern}.")
    if ("MetricStat" in raw) == ("Expression" in raw):
        problems.append(f"Exactly one of the parameters {where}.MetricStat and {where}.Expression must be specified.")
    if raw.get("AccountId", place.account) != place.account:
        problems.append(f"The value {raw['AccountId']} for parameter {where}.AccountId is not a linked account.")
    if "Period" in raw:
        problems += wrong_period(raw["Period"], f"{where}.Period")
    if problems:
        raise _Problem(*problems)
    stat = _stat(raw["MetricStat"], place, f"{where}.MetricStat") if "MetricStat" in raw else None
    node = None if stat else _node(raw)
    period = raw.get("Period", _PERIOD)
    searches = {} if node is None else _searches(raw, node, period)
    return Query(
        raw["Id"],
        raw.get("Label"),
        raw.get("ReturnData", True),
        stat,
        node,
        searches,
        frozenset(metric_math.names(node) if node else ()),
        metric_math.wants_metrics(node) if node else False,
    )


def _stat(raw: Mapping[str, Any], place: Place, where: str) -> Stat:
    metric = raw["Metric"]
    problems = [
        f"The parameter {where}.Metric.{name} is required."
        for name in ("Namespace", "MetricName")
        if name not in metric
    ]
    problems += wrong_period(raw["Period"], f"{where}.Period")
    statistic = statistics.named(raw["Stat"])
    if statistic is None:
        problems.append(f"The value {raw['Stat']} for parameter {where}.Stat is not a valid statistic.")
    if problems or statistic is None:
        raise _Problem(*problems)
    dimensions = dimensions_of(metric)
    return Stat(
        MetricId(place, metric["Namespace"], metric["MetricName"], dimensions),
        raw["Period"],
        statistic,
        raw.get("Unit"),
    )


def dimensions_of(raw: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The dimensions of a metric, as the store knows them."""
    return tuple(sorted({dimension["Name"]: dimension["Value"] for dimension in raw.get("Dimensions", [])}.items()))


def _node(raw: Mapping[str, Any]) -> Node:
    text = raw["Expression"]
    if re.match(r"\s*SELECT\b", text, re.IGNORECASE):
        raise _bad(raw["Id"], BadExpression("is a Metrics Insights query, and there are none here"))
    try:
        node = expression.parsed(text)
    except BadExpression as problem:
        raise _bad(raw["Id"], problem) from None
    if function := metric_math.unsupported(node):
        raise _bad(raw["Id"], BadExpression(f"has the function {function}, which there is none of here"))
    return node


def _searches(raw: Mapping[str, Any], node: Node, period: int) -> dict[Call, Found]:
    try:
        return {call: _search(call, period) for call in metric_math.searches(node)}
    except BadExpression as problem:
        raise _bad(raw["Id"], problem) from None


def _search(call: Call, period: int) -> Found:
    text, name, *rest = call.arguments
    for argument in rest:
        period = int(argument.value) if isinstance(argument, Number) else period
    if any(wrong_period(period, "")):
        raise BadExpression(f"has a SEARCH with a period of {period}")
    statistic = statistics.named(name.value) if isinstance(name, String) else None
    if statistic is None or not isinstance(text, String):
        raise BadExpression("has a SEARCH with something that is not a valid statistic")
    return Found(Search.of(text.value), period, statistic)


def _bad(name: str, problem: BadExpression) -> _Problem:
    return _Problem(in_expression(name, problem))


def in_expression(name: str, problem: BadExpression) -> str:
    """A sentence that says which expression has the problem."""
    return f"Error in expression '{name}': it {problem}."


def _unknown(queries: Mapping[str, Query]) -> Iterator[str]:
    for query in queries.values():
        for name in sorted(query.needs - queries.keys()):
            yield in_expression(query.id, BadExpression(f"names {name}, and no query has that Id"))
