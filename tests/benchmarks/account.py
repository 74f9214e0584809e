"""An account of many functions with figures, over HTTP: python -m tests.benchmarks.account COUNT

Prints its URL, and ends with its standard input. `GET /journal` tells what was asked of it. Every third function has
not run lately; of the others the figures are made of their numbers, so that it can be told what is right.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.aws.exchange import Exchange
from tests.aws.fault_server import FaultServer
from tests.aws.faults import answer, status
from tests.aws.paging import Pages, named

A_PAGE = 500
"""The most that ListMetrics gives at once."""
QUOTAS = {"GetMetricData": 50, "ListMetrics": 25}
"""Requests a second ("CloudWatch service quotas", User Guide, 2026)."""


def idle(number: int) -> bool:
    """Whether a function has not run lately."""
    return number % 3 == 2


def failing(number: int) -> int:
    """How many of the hundred invocations of each minute fail."""
    return number * 7 % 97 if number % 11 == 0 else 0


def point(number: int, metric: str, statistic: str, period: int) -> float | None:
    """The value of every point of a function's metric."""
    if idle(number):
        return None
    sums = {"Invocations": 100, "Errors": failing(number), "Throttles": int(number % 50 == 0)}
    if metric in sums:
        return float(sums[metric] * period // 60)
    return {"Duration": 20.0 + number % 700, "ConcurrentExecutions": 1.0 + number % 9}.get(metric)


class Account:
    """What the server answers, and what it was asked."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.asked: list[tuple[float, str, int, int]] = []
        """When, the operation, queries, points."""

    async def list_metrics(self, exchange: Exchange) -> None:
        """A page of the functions that have a metric."""
        asked = exchange.seen.parameters
        self.asked.append((time.time(), "ListMetrics", 0, 0))
        metric, first = asked.get("MetricName", "Invocations"), int(asked.get("NextToken") or 0)
        found = [it for it in range(self.count) if point(it, metric, "Sum", 60) is not None]
        metrics = [
            {"MetricName": metric, "Dimensions": [{"Name": "FunctionName", "Value": named(it)}]}
            for it in found[first : first + A_PAGE]
        ]
        more = {"NextToken": str(first + A_PAGE)} if first + A_PAGE < len(found) else {}
        await answer({"Metrics": metrics, **more})(exchange)

    async def get_metric_data(self, exchange: Exchange) -> None:
        """All points of all that is asked for."""
        asked = exchange.seen.parameters
        queries = asked["MetricDataQueries"]
        results = [*self._results(queries, int(asked["StartTime"]), int(asked["EndTime"]))]
        points = sum(len(it["Values"]) for it in results)
        self.asked.append((time.time(), "GetMetricData", len(queries), points))
        await status(200, json.dumps({"MetricDataResults": results}))(exchange)

    def _results(self, queries: Any, start: int, end: int) -> Iterator[dict[str, Any]]:
        for query in queries:
            stat = query["MetricStat"]
            metric, period = stat["Metric"], stat["Period"]
            whom = next((it["Value"] for it in metric.get("Dimensions", ()) if it["Name"] == "FunctionName"), "")
            number = int(whom.rpartition("-")[2]) if whom else 0
            value = point(number, metric["MetricName"], stat["Stat"], period)
            times = [] if value is None else [*range(start, min(end, int(time.time())), period)][::-1]
            values = [value] * len(times)
            yield {"Id": query["Id"], "Label": "f", "StatusCode": "Complete", "Timestamps": times, "Values": values}

    async def journal(self, exchange: Exchange) -> None:
        """What was asked of CloudWatch so far: requests, queries, points, and the most in a second."""
        seconds = Counter((name, int(at)) for at, name, _, _ in self.asked)
        told = {
            name: {
                "requests": sum(it[1] == name for it in self.asked),
                "queries": sum(it[2] for it in self.asked if it[1] == name),
                "points": sum(it[3] for it in self.asked if it[1] == name),
                "most a second": max((count for (it, _), count in seconds.items() if it == name), default=0),
            }
            for name in QUOTAS
        }
        every = Counter[int]()
        for at, _, _, points in self.asked:
            every[int(at)] += points
        await answer({**told, "points a second": max(every.values(), default=0)})(exchange)


async def _serve(count: int) -> None:
    account = Account(count)
    async with FaultServer() as server:
        server.plan("lambda:ListFunctions", Pages(count))
        server.plan("cloudwatch:ListMetrics", account.list_metrics)
        server.plan("cloudwatch:GetMetricData", account.get_metric_data)
        server.plan("GET /journal", account.journal)
        print(server.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
