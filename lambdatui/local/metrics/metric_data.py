"""GetMetricData."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lambdatui.local.metric_store import MetricStore
from lambdatui.local.metrics import faults, labels, metric_math
from lambdatui.local.metrics.expression import BadExpression
from lambdatui.local.metrics.functions import Value, Work
from lambdatui.local.metrics.pace import Pace
from lambdatui.local.metrics.plan import MOST_POINTS, Found, Plan, Query, in_expression, planned
from lambdatui.local.metrics.replies import Reply
from lambdatui.local.metrics.series import Line, Window, line
from lambdatui.local.places import Place

MOST_CALCULATED = 400_000
"""Datapoints that the expressions of a request may be calculated from. AWS throttles such a request."""


async def answer(store: MetricStore, place: Place, request: Mapping[str, Any], now: float, pace: Pace) -> Reply:
    """The reply to a checked request. Raises Fault."""
    plan = await planned(request, place, pace)
    cursor = _Cursor.of(request, place)
    await pace.rest()
    window = Window.of(request["StartTime"], request["EndTime"], now)
    timezone = labels.zone(request.get("LabelOptions", {}).get("Timezone", ""))
    newest_first = request.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    room = request.get("MaxDatapoints", MOST_POINTS)
    results: list[dict[str, Any]] = []
    rest: dict[str, Any] = {}
    async for at, query, found in _Results(store, plan, window, pace).after(cursor):
        points = list(found.points.items())
        if newest_first:
            points.reverse()
        if at == cursor.at and (last := cursor.last) is not None:
            points = [point for point in points if (point[0] < last if newest_first else point[0] > last)]
        if not room and points:
            rest["NextToken"] = replace(cursor, at=at, last=None).token()
            break
        page = points[:room]
        room -= len(page)
        label = found.label if query.label is None else labels.filled(query.label, found, timezone)
        results.append(
            {
                "Id": query.id,
                "Label": label,
                "Timestamps": [point[0] for point in page],
                "Values": [point[1] for point in page],
                "StatusCode": "Complete" if len(page) == len(points) else "PartialData",
            }
        )
        if len(page) < len(points):
            rest["NextToken"] = replace(cursor, at=at, last=page[-1][0]).token()
            break
    return Reply(results, {**rest, "Messages": _messages(store, window)})


def _messages(store: MetricStore, window: Window) -> list[dict[str, str]]:
    if window.start >= store.dropped_before:
        return []
    return [
        {"Code": "Dropped", "Value": "For want of room the endpoint has dropped its oldest data, which was asked for."}
    ]


@dataclass(frozen=True)
class _Cursor:
    """Where a page begins: at a result, after the point of it that was given last."""

    request: str
    """A digest: a token is for the request that it was given for."""
    at: tuple[int, int] = (0, 0)
    """Which query, and which of its time series."""
    last: int | None = None

    @classmethod
    def of(cls, request: Mapping[str, Any], place: Place) -> _Cursor:
        """The beginning, or where the request's token says. Raises Fault for what is no token of this request."""
        asked = {name: value for name, value in request.items() if name not in ("NextToken", "MaxDatapoints")}
        digest = hashlib.blake2b(json.dumps([place, asked]).encode(), digest_size=12).hexdigest()
        if "NextToken" not in request:
            return cls(digest)
        try:
            its_request, query, series, last = json.loads(base64.urlsafe_b64decode(request["NextToken"]))
            cursor = cls(its_request, (int(query), int(series)), None if last is None else int(last))
        except (binascii.Error, ValueError, TypeError):
            raise faults.invalid_token() from None
        if cursor.request != digest:
            raise faults.invalid_token()
        return cursor

    def token(self) -> str:
        return base64.urlsafe_b64encode(json.dumps([self.request, *self.at, self.last]).encode()).decode()


class _Results:
    """The results of a request, calculated one after another as they are wanted."""

    def __init__(self, store: MetricStore, plan: Plan, window: Window, pace: Pace) -> None:
        self._store = store
        self._plan = plan
        self._window = window
        self._pace = pace
        self._values: dict[str, Value] = {}
        self._calculated = 0

    async def after(self, cursor: _Cursor) -> AsyncIterator[tuple[tuple[int, int], Query, Line]]:
        """The time series that are to be returned, from the cursor's on, each with its place among all of them."""
        for number, query in enumerate(self._plan.queries.values()):
            if query.returned and number >= cursor.at[0]:
                for series, found in enumerate(await self._lines(query)):
                    if (number, series) >= cursor.at:
                        yield (number, series), query, found
            await self._pace.rest()

    async def _lines(self, query: Query) -> Sequence[Line]:
        value = await self._value(query)
        if isinstance(value, Line):
            return [value if query.stat else replace(value, label=query.id)]
        if isinstance(value, list):
            return [found if found.label else replace(found, label=query.id) for found in value]
        problem = BadExpression("comes to a single number and not to a time series")
        raise faults.validation([in_expression(query.id, problem)])

    async def _value(self, query: Query) -> Value:
        if query.node is None:
            return self._values[query.id] if query.id in self._values else await self._metric(query)
        needed = self._needed(query)
        for other in self._plan.queries.values():
            if other.stat and other.id in needed:
                await self._calculate(other)
        for name in self._plan.order:
            if name in needed:
                await self._calculate(self._plan.queries[name])
        return self._values[query.id]

    async def _calculate(self, query: Query) -> None:
        if query.id not in self._values:
            value = await (self._metric(query) if query.stat else self._evaluated(query))
            self._count(value)
            self._values[query.id] = value

    def _needed(self, query: Query) -> set[str]:
        """The Ids of all that an expression is made of, its own too."""
        needed: set[str] = set()
        ahead = {query.id}
        while ahead:
            needed |= ahead
            ahead = set().union(*(self._plan.queries[name].needs for name in ahead)) - needed
        if any(self._plan.queries[name].takes_all for name in needed):
            needed |= {other.id for other in self._plan.queries.values() if other.stat}
        return needed

    async def _metric(self, query: Query) -> Line:
        stat = query.stat
        if stat is None:
            raise TypeError(query)
        return await line(self._store, stat.metric, self._window, stat.period, stat.statistic, self._pace, stat.unit)

    async def _evaluated(self, query: Query) -> Value:
        if query.node is None:
            raise TypeError(query)
        found = {call: await self._found(asked) for call, asked in query.searches.items()}
        metrics = {name: value for name, value in self._values.items() if self._plan.queries[name].stat}
        lines = {name: value for name, value in metrics.items() if isinstance(value, Line)}
        await self._pace.rest()
        try:
            work = Work(self._window, self._pace)
            return await metric_math.Evaluation(work, self._values, lines, found).value(query.node)
        except BadExpression as problem:
            raise faults.validation([in_expression(query.id, problem)]) from None

    async def _found(self, asked: Found) -> list[Line]:
        known = self._store.metrics()
        metrics = await asked.search.found(known, self._plan.place, self._window.now, self._pace)
        lines = []
        for metric, label in zip(metrics, labels.distinguishing(metrics), strict=True):
            found = await line(self._store, metric, self._window, asked.period, asked.statistic, self._pace, None)
            lines.append(replace(found, label=label))
            self._count(found)
        return lines

    def _count(self, value: Value) -> None:
        lines = value if isinstance(value, list) else [value]
        self._calculated += sum(len(found.points) for found in lines if isinstance(found, Line))
        if self._calculated > MOST_CALCULATED:
            message = f"The expressions are to be calculated from more than {MOST_CALCULATED:,} datapoints."
            raise faults.validation([f"{message} You may increase Period, or decrease the time range."])
