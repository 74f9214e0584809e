"""What CloudWatch has of functions: which metric, over which stretch of time, and the points that came.

Times are seconds since 1970, as CloudWatch aligns them: a point stands for the period that begins at its time. A point
that is not there is None and not zero: CloudWatch has none where nothing was reported.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from lambdatui.model.errors import AwsError

NAMESPACE = "AWS/Lambda"

Dimensions = tuple[tuple[str, str], ...]
"""Names and values, sorted."""


class Metric(NamedTuple):
    """One statistic of one metric. Without dimensions it is that of all functions together."""

    name: str
    statistic: str
    """As GetMetricData takes it: Sum, Maximum, Average, p95."""
    dimensions: Dimensions = ()
    namespace: str = NAMESPACE

    @property
    def percentile(self) -> bool:
        """Whether those of several periods or functions cannot be put together."""
        return self.statistic.startswith("p")


class Window(NamedTuple):
    """From `start` up to `end`, which is not in it, in periods; all in seconds."""

    start: int
    end: int
    period: int

    @property
    def grid(self) -> range:
        """The times of its points."""
        return range(self.start, self.end, self.period)


class Frame(NamedTuple):
    """A stretch of time as it is wanted; one without an end moves with the time."""

    length: int
    """Seconds."""
    period: int
    """Seconds between points. Equal to `length`, it is one figure for all of it."""
    step: int = 0
    """What the end is rounded up to, seconds; 0: the period."""
    end: int | None = None
    """None: now, the period under way included."""
    before: int = 0
    """How many stretches of the same length before it are wanted as well, to compare with."""

    def at(self, now: float) -> Window:
        """The window that it is at a time."""
        step = self.step or self.period
        end = (int(now) // step + 1) * step if self.end is None else -(-self.end // step) * step
        points = -(-self.length // self.period) * (1 + self.before)
        return Window(end - points * self.period, end, self.period)


class Need(NamedTuple):
    """What a pane or a row wants to know."""

    metric: Metric
    frame: Frame


class Range(StrEnum):
    """The stretches of time that the whole program can be set to."""

    QUARTER = "15m"
    HOUR = "1h"
    THREE_HOURS = "3h"
    DAY = "24h"
    WEEK = "7d"

    @property
    def seconds(self) -> int:
        """Its length."""
        return _SECONDS[self]

    @property
    def base(self) -> int:
        """The period (s) that all rows and panes share, so that one series serves them all."""
        return _BASE[self]


_SECONDS = {Range.QUARTER: 900, Range.HOUR: 3600, Range.THREE_HOURS: 10800, Range.DAY: 86400, Range.WEEK: 604800}
_BASE = {Range.QUARTER: 60, Range.HOUR: 60, Range.THREE_HOURS: 120, Range.DAY: 900, Range.WEEK: 3600}

PERIODS = (60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
"""Seconds between points that are chosen from: all divide a day, so their points begin at even times."""

KEPT = ((15 * 86400, 60), (63 * 86400, 300), (455 * 86400, 3600))
"""Up to which age (s) CloudWatch has points of which period (s): "Metrics retention" in its User Guide, 2026."""


def least_period(age: float) -> int:
    """The shortest period (s) of which there is something after so many seconds; the longest kept for what is gone."""
    return next((period for limit, period in KEPT if age <= limit), KEPT[-1][1])


def fitting_period(length: int, columns: int, age: float = 0) -> int:
    """The period (s) with about one point for each column. `age`: how long ago (s) the stretch begins, if longer."""
    least = max(least_period(max(age, length)), length / max(columns, 1))
    return next((period for period in PERIODS if period >= least), PERIODS[-1])


@cache
def points(over: Range, *, before: int = 0) -> Frame:
    """A series that rows and panes share."""
    return Frame(over.seconds, over.base, before=before)


@cache
def figure(over: Range, *, before: int = 0) -> Frame:
    """One figure for all of it, which a percentile has to be: those of periods cannot be put together."""
    return Frame(over.seconds, over.seconds, over.base, before=before)


def chart(length: int, columns: int, now: float, end: int | None = None) -> Frame:
    """A series for a chart of so many columns."""
    return Frame(length, fitting_period(length, columns, now - (now if end is None else end) + length), end=end)


def of_function(name: str, metric: str, statistic: str, qualifier: str = "", executed: str = "") -> Metric:
    """A metric of a function, of a version or alias of it, or of what an alias executed of a version."""
    if not qualifier:
        return Metric(metric, statistic, (("FunctionName", name),))
    resource = (("FunctionName", name), ("Resource", f"{name}:{qualifier}"))
    return Metric(metric, statistic, ((("ExecutedVersion", executed), *resource) if executed else resource))


def of_each(names: Iterable[str], like: Iterable[Need]) -> Iterator[Need]:
    """What is needed of one function, of each of many. One by one it would take several times as long."""
    kinds = [(it.metric.name, it.metric.statistic, it.frame) for it in like]
    return (Need(of_function(name, metric, how), frame) for name in names for metric, how, frame in kinds)


@dataclass(frozen=True, slots=True)
class Series:
    """The points of a window. `raw` has NaN where there is none."""

    window: Window
    raw: Sequence[float]
    asked: float = 0.0
    """When the latest of it was asked for; 0: never."""
    partial: bool = False
    """CloudWatch said that there is more than it gave."""

    @property
    def values(self) -> list[float | None]:
        """A value or None for each time of the window."""
        return [None if math.isnan(value) else value for value in self.raw]

    @property
    def incomplete(self) -> int:
        """How many points at the end stand for periods that were not over when they were asked for."""
        over = int(max(0.0, self.window.end - self.asked) // self.window.period)
        return min(len(self.raw), over + bool(max(0.0, self.window.end - self.asked) % self.window.period))

    @property
    def empty(self) -> bool:
        """Whether there is no point at all."""
        return all(map(math.isnan, self.raw))

    def last(self, length: int) -> Series:
        """The last so many seconds of it."""
        return self._from(max(0, len(self.raw) - length // self.window.period), len(self.raw))

    def earlier(self, length: int) -> Series:
        """As many seconds before those."""
        count = length // self.window.period
        return self._from(max(0, len(self.raw) - 2 * count), max(0, len(self.raw) - count))

    def _from(self, first: int, end: int) -> Series:
        start, _, period = self.window
        part = Window(start + first * period, start + end * period, period)
        return Series(part, self.raw[first:end], self.asked, self.partial)


def nothing(window: Window) -> Series:
    """A series of which nothing is known yet."""
    return Series(window, array("d", [math.nan]) * len(window.grid))


class Reading(NamedTuple):
    """What is known of a need: the points that came so far, and why there are no newer ones."""

    series: Series
    problem: AwsError | None = None
    notes: tuple[str, ...] = ()
    """What CloudWatch says of it, in sentences."""
