"""GetMetricStatistics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambdatui.local.metric_store import MetricStore
from lambdatui.local.metrics import faults, statistics
from lambdatui.local.metrics.identity import MetricId
from lambdatui.local.metrics.pace import Pace
from lambdatui.local.metrics.plan import dimensions_of, wrong_period, wrong_range
from lambdatui.local.metrics.replies import Reply
from lambdatui.local.metrics.series import Window, rollups
from lambdatui.local.metrics.statistics import Statistic
from lambdatui.local.places import Place

MOST = 1440
"""Datapoints that a request may ask for."""


async def answer(store: MetricStore, place: Place, request: Mapping[str, Any], now: float, pace: Pace) -> Reply:
    """The reply to a checked request: a datapoint for each period with values, and each unit of them. Raises Fault."""
    asked = _asked(request)
    period = request["Period"]
    requested = -(-(request["EndTime"] - request["StartTime"]) // period)
    if requested > MOST:
        raise faults.invalid_combination(
            f"You have requested up to {requested:.0f} datapoints, which exceeds the limit of {MOST}. "
            "You may reduce the datapoints requested by increasing Period, or decreasing the time range."
        )
    window = Window.of(request["StartTime"], request["EndTime"], now)
    metric = MetricId(place, request["Namespace"], request["MetricName"], dimensions_of(request))
    spread = any(statistic.spread for statistic in asked)
    found = await rollups(store, metric, window, period, pace, spread=spread, unit=request.get("Unit"))
    points = []
    for unit, by_time in found.items():
        for at in sorted(by_time):
            values = {statistic.name: statistic.of(by_time[at]) for statistic in asked}
            known = {name: value for name, value in values.items() if value is not None}
            if known:
                shown = {"ExtendedStatistics": known} if "ExtendedStatistics" in request else known
                points.append({"Timestamp": at, **shown, "Unit": unit})
            await pace.rest()
    return Reply(points, {"Label": metric.name})


def _asked(request: Mapping[str, Any]) -> list[Statistic]:
    problems = [*wrong_range(request), *wrong_period(request["Period"], "Period")]
    simple, extended = request.get("Statistics", []), request.get("ExtendedStatistics", [])
    if simple and extended:
        raise faults.invalid_combination(
            "The parameters Statistics and ExtendedStatistics are mutually exclusive and you have specified both."
        )
    if not simple and not extended:
        raise faults.invalid_combination("Must specify either Statistics or ExtendedStatistics.")
    asked = []
    for number, name in enumerate(extended, 1):
        statistic = statistics.named(name)
        if statistic is None or name in statistics.SIMPLE:
            problems.append(f"The value {name} for parameter ExtendedStatistics.member.{number} is not supported.")
        else:
            asked.append(statistic)
    if problems:
        raise faults.invalid_value(*problems)
    return asked or [statistics.SIMPLE[name] for name in dict.fromkeys(simple)]
