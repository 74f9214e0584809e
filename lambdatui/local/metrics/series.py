"""Points over time, and how they are read from the store: aligned as CloudWatch aligns them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from lambdatui.local.metric_store import KEPT, MetricStore
from lambdatui.local.metrics.identity import MetricId
from lambdatui.local.metrics.pace import Pace
from lambdatui.local.metrics.rollup import Rollup, unpack
from lambdatui.local.metrics.statistics import Statistic

FINE = (1, 5, 10, 20, 30)
"""Periods below a minute, in seconds, that the API takes. There is a point for each minute with them here."""


@dataclass(frozen=True)
class Window:
    """A time range in seconds since the epoch: from `start`, a whole minute, up to `end`, which is not in it."""

    start: int
    end: float
    now: float

    @classmethod
    def of(cls, start: float, end: float, now: float) -> Window:
        """The time range that is meant by a request. Its start is rounded down, the more the longer it is ago.

        API_GetMetricData, StartTime: to a minute up to 15 days, to 5 minutes up to 63 days, to an hour beyond. Its end
        is not: the minute under way is given as well, which CloudWatch, late as its data are, has seldom got.
        """
        age = now - start
        step = 60 if age <= KEPT else 300 if age <= 63 * 86400 else 3600
        return cls(int(start // step) * step, end, now)

    def grid(self, period: int) -> range:
        """The timestamps that points may have. Periods are counted from the start, wherever in an hour that is.

        None are so long ago, or so far ahead, that there can be no data.
        """
        step = max(period, 60)
        gone = max(0, int((self.now - KEPT - 3600 - self.start) // step)) * step
        return range(self.start + gone, int(min(-(-self.end // 1), self.now + 86400)), step)


@dataclass
class Line:
    """A time series: values by the start of their period, in ascending order. What has no value has no point."""

    points: dict[int, float]
    period: int
    label: str = ""
    metric: MetricId | None = None
    statistic: str = ""


async def rollups(
    store: MetricStore,
    metric: MetricId,
    window: Window,
    period: int,
    pace: Pace,
    *,
    spread: bool,
    unit: str | None = None,
) -> dict[str, dict[int, Rollup]]:
    """All values of a metric by unit and by the start of their period."""
    step = max(period, 60)
    found: defaultdict[str, dict[int, Rollup]] = defaultdict(dict)
    for chunk in store.chunks(metric, window.start, window.end):
        if unit is None or chunk.unit == unit:
            for at, rollup in _inside(window, chunk.hour, chunk.packed, spread=spread):
                begin = at - (at - window.start) % step
                into = found[chunk.unit].setdefault(begin, rollup)
                if into is not rollup:
                    into.merge(rollup)
        await pace.rest()
    return found


def _inside(window: Window, hour: int, packed: bytes, *, spread: bool) -> Iterator[tuple[int, Rollup]]:
    for minute, rollup in unpack(packed, spread=spread):
        at = hour * 3600 + minute * 60
        if window.start <= at < window.end:
            yield at, rollup


async def line(
    store: MetricStore,
    metric: MetricId,
    window: Window,
    period: int,
    statistic: Statistic,
    pace: Pace,
    unit: str | None,
) -> Line:
    """A statistic of a metric, values of all units together if none is asked for."""
    by_unit = await rollups(store, metric, window, period, pace, spread=statistic.spread, unit=unit)
    whole: dict[int, Rollup] = {}
    for found in by_unit.values():
        for at, rollup in found.items():
            into = whole.setdefault(at, rollup)
            if into is not rollup:
                into.merge(rollup)
    points = {}
    for at in sorted(whole):
        value = statistic.of(whole[at])
        if value is not None:
            points[at] = value
        if statistic.spread:
            await pace.rest()
    return Line(points, period, metric.name, metric, statistic.name)
