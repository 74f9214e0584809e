"""CloudWatch as a script wants it: GetMetricData over HTTP, in the time of the event loop.

Points become visible when the script says so, late ones late. Answers are paged, partial, refused, throttled or broken.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.aws.exchange import Exchange, Reply
from tests.aws.fault_server import FaultServer
from tests.aws.faults import answer

START = 1_800_000_000
"""Seconds since 1970 at the loop's time 0; a whole hour, and a whole day but for 8 of them."""

Key = tuple[str, tuple[tuple[str, str], ...]]
"""A metric's name, and its dimensions in the order of their names."""


def now() -> float:
    """Seconds since 1970 in the time of the loop."""
    return START + asyncio.get_running_loop().time()


@dataclass
class Asked:
    """One request of GetMetricData, without those that are for a further page of it."""

    at: float
    start: int
    end: int
    metrics: list[tuple[str, str, str, int]]
    """Function, metric, statistic, period."""


@dataclass
class CloudWatch:
    """The service, and what it has been asked."""

    asked: list[Asked] = field(default_factory=list)
    page: int = 100_000
    """Points of a page at most."""
    status: Callable[[str, str], str] = lambda function, metric: "Complete"
    """The status of a result, by function and metric."""
    faults: list[Reply | None] = field(default_factory=list)
    """What is answered to the next requests in place of what there is; None: what there is."""
    messages: list[dict[str, str]] = field(default_factory=list)

    by_clock: bool = False
    """Whether periods begin at even times, as some emulators have it."""

    def __post_init__(self) -> None:
        self._points: defaultdict[Key, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))

    def clear(self) -> None:
        """Be the service of an account in which nothing was ever called."""
        self._points.clear()

    def on(self, server: FaultServer) -> None:
        """Answer for the server."""
        server.plan("cloudwatch:GetMetricData", self.get_metric_data)

    def put(self, function: str, metric: str, at: float, *values: float) -> None:
        """Have values of a function's metric from now on, at a minute."""
        dimensions = (("FunctionName", function),) if function else ()
        self._points[metric, dimensions][int(at // 60) * 60] += values

    async def get_metric_data(self, exchange: Exchange) -> None:
        """Answer one GetMetricData."""
        asked = exchange.seen.parameters
        begin, end = int(asked["StartTime"]), int(asked["EndTime"])
        if not asked.get("NextToken"):
            named = [self._named(query) for query in asked["MetricDataQueries"]]
            self.asked.append(Asked(now(), begin, end, named))
        if self.faults and (fault := self.faults.pop(0)) is not None:
            await fault(exchange)
            return
        results = [self._result(query, begin, end) for query in asked["MetricDataQueries"]]
        await answer(self._paged(results, int(asked.get("NextToken") or 0)))(exchange)

    def _named(self, query: Any) -> tuple[str, str, str, int]:
        stat = query["MetricStat"]
        dimensions = {it["Name"]: it["Value"] for it in stat["Metric"].get("Dimensions", [])}
        return dimensions.get("FunctionName", ""), stat["Metric"]["MetricName"], stat["Stat"], stat["Period"]

    def _result(self, query: Any, begin: int, end: int) -> dict[str, Any]:
        function, metric, statistic, period = self._named(query)
        stat = query["MetricStat"]
        key = metric, tuple((it["Name"], it["Value"]) for it in stat["Metric"].get("Dimensions", []))
        found: defaultdict[int, list[float]] = defaultdict(list)
        for at, values in self._points.get(key, {}).items():
            if begin <= at < end:
                found[at - (at - (0 if self.by_clock else begin)) % period] += values
        points = [(at, self._of(statistic, found[at])) for at in sorted(found, reverse=True)]
        status = self.status(function, metric)
        points = points if status in ("Complete", "PartialData") else []
        return {"Id": query["Id"], "Label": metric, "StatusCode": status, "points": points}

    def _of(self, statistic: str, values: list[float]) -> float:
        if statistic == "Sum":
            return float(sum(values))
        if statistic == "Maximum":
            return max(values)
        ordered = sorted(values)  # p95: the nearest rank
        return ordered[min(len(ordered) - 1, int(len(ordered) * float(statistic[1:]) / 100))]

    def _paged(self, results: list[dict[str, Any]], first: int) -> dict[str, Any]:
        """A page that begins with the point of that number. What goes on on the next page is PartialData so far."""
        room, passed, given = self.page, 0, []
        token = ""
        for result in results:
            points = result.pop("points")
            skipped = max(0, min(len(points), first - passed))
            part = points[skipped : skipped + room]
            room -= len(part)
            if skipped + len(part) < len(points):
                token = token or str(passed + skipped + len(part))
            status = result["StatusCode"] if skipped + len(part) == len(points) else "PartialData"
            times, values = [at for at, _ in part], [value for _, value in part]
            given.append({**result, "StatusCode": status, "Timestamps": times, "Values": values})
            passed += len(points)
        page = {"MetricDataResults": given, "Messages": self.messages}
        return {**page, "NextToken": token} if token else page
