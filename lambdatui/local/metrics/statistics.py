"""The statistics of CloudWatch, by the names that its API gives them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from lambdatui.local.metrics.rollup import Rollup, Weighted

_Compute: TypeAlias = Callable[[Rollup], float | None]


@dataclass(frozen=True)
class Statistic:
    """A way to make one figure of the values of a period. It gives None where CloudWatch has no figure."""

    name: str
    of: _Compute
    spread: bool = False
    """Whether it needs to know how the values are spread."""


SIMPLE: Mapping[str, Statistic] = {
    name: Statistic(name, of)
    for name, of in {
        "SampleCount": lambda rollup: rollup.count,
        "Average": lambda rollup: rollup.total / rollup.count,
        "Sum": lambda rollup: rollup.total,
        "Minimum": lambda rollup: rollup.low,
        "Maximum": lambda rollup: rollup.high,
    }.items()
}
"""The statistics that GetMetricStatistics calls Statistics."""

_PERCENT = r"(?:100(?:\.0{1,10})?|\d{1,2}(?:\.\d{1,10})?)"
_NUMBER = r"-?\d+(?:\.\d+)?"
_SHORT = re.compile(rf"(p|tm|wm|tc|ts)({_PERCENT})")
_PERCENTS = re.compile(rf"(TM|WM|TC|TS)\((?:({_PERCENT})%)?:(?:({_PERCENT})%)?\)")
_VALUES = re.compile(rf"(TM|WM|TC|TS|PR)\(({_NUMBER})?:({_NUMBER})?\)")


def named(name: str) -> Statistic | None:
    """Sum, p99.9, tm90, TM(5%:95%), TC(0.1:0.5), PR(:300), IQM …; None if there is no such statistic."""
    if name in SIMPLE:
        return SIMPLE[name]
    if name == "IQM":
        return _trimmed(name, "TM", 25.0, 75.0)
    if found := _SHORT.fullmatch(name):
        percent = float(found[2])
        if found[1] == "p":
            return Statistic(name, _where_none_is_negative(lambda rollup: rollup.percentile(percent)), spread=True)
        return _trimmed(name, found[1].upper(), 0.0, percent)
    if found := _PERCENTS.fullmatch(name):
        return _trimmed(name, found[1], float(found[2] or 0.0), float(found[3] or 100.0)) if _bounded(found) else None
    if (found := _VALUES.fullmatch(name)) and _bounded(found):
        low = -math.inf if found[2] is None else float(found[2])
        high = math.inf if found[3] is None else float(found[3])
        return _between(name, found[1], low, high)
    return None


def _bounded(found: re.Match[str]) -> bool:
    return bool(found[2] or found[3])


def _where_none_is_negative(compute: _Compute) -> _Compute:
    # CloudWatch has no percentiles of metrics with negative values (User Guide, "Percentiles").
    return lambda rollup: compute(rollup) if rollup.low >= 0.0 else None


def _trimmed(name: str, kind: str, low: float, high: float) -> Statistic:
    """Of the values between two percentiles, the lower not included."""

    def of(rollup: Rollup) -> float | None:
        values = rollup.spread()
        if values is None:
            return None
        kept = list(_ranked(values, low / 100 * rollup.count, high / 100 * rollup.count))
        return _figure(kind, kept, rollup.count, below=low / 100 * rollup.count)

    return Statistic(name, _where_none_is_negative(of), spread=True)


def _between(name: str, kind: str, low: float, high: float) -> Statistic:
    """Of the values between two, the lower not included."""

    def of(rollup: Rollup) -> float | None:
        values = rollup.spread()
        if values is None:
            return None
        kept = [value for value in values if low < value.value <= high]
        return _figure(kind, kept, rollup.count, below=sum(times for value, times in values if value <= low))

    return Statistic(name, _where_none_is_negative(of), spread=True)


def _ranked(values: Iterable[Weighted], first: float, last: float) -> Iterable[Weighted]:
    """The values from one rank to another of all in ascending order; those at the edges in part."""
    upto = 0.0
    for value, times in values:
        begin, upto = upto, upto + times
        kept = min(upto, last) - max(begin, first)
        if kept > 0.0:
            yield Weighted(value, kept)


def _figure(kind: str, kept: list[Weighted], count: float, *, below: float) -> float | None:
    inside = sum(times for _, times in kept)
    total = sum(value * times for value, times in kept)
    if kind == "TC":
        return inside
    if kind == "TS":
        return total
    if kind == "PR":
        return 100.0 * inside / count
    if not inside:
        return None
    if kind == "WM":  # what was cut off counts as the value where it was cut
        return (total + below * kept[0].value + (count - inside - below) * kept[-1].value) / count
    return total / inside
