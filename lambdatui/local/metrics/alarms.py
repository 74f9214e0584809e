"""Alarms: MiniStack keeps them and does what they are set to do; whether they are to, is found out here.

MiniStack looks at its own metrics, and has none. It is asked for its alarms and told their states through CloudWatch's
API, as any client would. Alarms on a metric are evaluated; those on an expression MiniStack keeps without it.
"""

from __future__ import annotations

import json
import math
import operator
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

from lambdatui.local import inward
from lambdatui.local.control_plane import Application
from lambdatui.local.metric_store import MetricStore
from lambdatui.local.metrics import statistics
from lambdatui.local.metrics.identity import MetricId
from lambdatui.local.metrics.pace import Pace
from lambdatui.local.metrics.plan import dimensions_of
from lambdatui.local.metrics.series import Window, line
from lambdatui.local.places import Place

_BREACHING: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
"""The comparisons with a fixed threshold. The others are for bands around expected values."""


async def evaluate(behind: Application, store: MetricStore, now: float) -> None:
    """Tell MiniStack, `behind`, the states that its alarms have come to. To be called once a minute, as AWS does it.

    `now` is in seconds since the epoch. Only whole minutes that are over are looked at.
    """
    pace = Pace()
    for place in store.places():
        async for alarm in _alarms(behind, place):
            try:
                state, reason = await _state(alarm, store, place, now, pace)
            except (KeyError, TypeError, ValueError, OverflowError):
                continue  # MiniStack checks little of what it is given to keep
            if state != alarm["StateValue"]:
                change = {"AlarmName": alarm["AlarmName"], "StateValue": state, "StateReason": reason}
                await _asked(behind, place, "SetAlarmState", change)
            await pace.rest()


async def _alarms(behind: Application, place: Place) -> AsyncIterator[Mapping[str, Any]]:
    """The alarms of a place that can be evaluated."""
    request: dict[str, Any] = {"MaxRecords": 100, "AlarmTypes": ["MetricAlarm"]}
    while True:
        answer = await _asked(behind, place, "DescribeAlarms", request)
        for alarm in answer.get("MetricAlarms", []):
            if alarm.get("MetricName") and alarm.get("ComparisonOperator") in _BREACHING:
                yield alarm
        if not answer.get("NextToken"):
            return
        request["NextToken"] = answer["NextToken"]


async def _state(alarm: Mapping[str, Any], store: MetricStore, place: Place, now: float, pace: Pace) -> tuple[str, str]:
    """The state that an alarm has come to, and why."""
    threshold, comparison = float(alarm["Threshold"]), alarm["ComparisonOperator"]
    values = await _values(alarm, store, place, now, pace)
    known = [value for value in values if not math.isnan(value)]
    missing = len(values) - len(known)
    treated = alarm.get("TreatMissingData") or "missing"
    breaching = sum(_BREACHING[comparison](value, threshold) for value in known)
    breaching += missing if treated == "breaching" else 0
    if breaching >= (alarm.get("DatapointsToAlarm") or len(values)):
        return "ALARM", _reason(known, breaching, len(values), comparison, threshold)
    if missing and treated == "ignore":
        return alarm["StateValue"], ""
    if not known and treated == "missing":
        return "INSUFFICIENT_DATA", f"Insufficient Data: {missing} datapoints were unknown."
    return "OK", _reason(known, breaching, len(values), comparison, threshold)


async def _values(
    alarm: Mapping[str, Any], store: MetricStore, place: Place, now: float, pace: Pace
) -> Sequence[float]:
    """The values of the alarm's last periods, the oldest first; NaN where there is none."""
    name = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
    statistic = statistics.named(name) or statistics.SIMPLE["Average"]
    period = max(int(alarm["Period"]) // 60, 1) * 60
    end = int(now // 60) * 60
    window = Window.of(end - period * max(int(alarm["EvaluationPeriods"]), 1), end, now)
    metric = MetricId(place, alarm.get("Namespace") or "", alarm["MetricName"], dimensions_of(alarm))
    found = await line(store, metric, window, period, statistic, pace, alarm.get("Unit") or None)
    return [found.points.get(at, math.nan) for at in window.grid(period)]


def _reason(known: Sequence[float], breaching: int, of: int, comparison: str, threshold: float) -> str:
    values = ", ".join(map(str, reversed(known)))
    return (
        f"Threshold Crossed: {breaching} out of the last {of} datapoints [{values}] "
        f"breached the threshold ({comparison} {threshold})."
    )


async def _asked(behind: Application, place: Place, operation: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """MiniStack's answer to an operation in AWS JSON 1.0; an empty one if it refuses."""
    headers = {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": f"GraniteServiceVersion20100801.{operation}",
    }
    scope = inward.request("POST", "/", headers, signed=(place, "monitoring"))
    answer = await inward.ask(behind, scope, json.dumps(request).encode())
    parsed: Mapping[str, Any] = json.loads(answer.body) if answer.status == 200 else {}
    return parsed
