"""Charts from what has come of the series: on one grid of time, with limits, alarms and what was before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lambdatui.model.alarms import Alarm, Watched
from lambdatui.model.chart import Chart, ChartMarker, ChartSeries, level
from lambdatui.model.metric_figures import error_rate
from lambdatui.model.metric_panels import Line, Panel, metrics_of
from lambdatui.model.metric_points import GREATEST
from lambdatui.model.metric_sight import length_words
from lambdatui.model.metrics import Frame, Metric, Need, Reading, Series, Window

Readings = Mapping[Need, Reading]
Points = tuple[float | None, ...]


class Limit(NamedTuple):
    """A line that a chart's values are held against."""

    panel: str
    """The title of the chart."""
    name: str
    value: float
    unit: str = ""


class Behind(NamedTuple):
    """What is shown behind a line: the same metric so many seconds before."""

    frame: Frame
    shift: int
    words: str
    """"yesterday"."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What charts are made from, beside their lines."""

    readings: Readings
    frame: Frame
    window: Window
    asked: float
    """When the newest of it was asked for."""
    limits: Sequence[Limit] = ()
    alarms: Sequence[Alarm] = ()
    behind: Behind | None = None

    def series(self, metric: Metric, frame: Frame | None = None) -> Series | None:
        """What has come of a metric."""
        reading = self.readings.get(Need(metric, frame or self.frame))
        return reading.series if reading is not None and reading.series.asked else None


def common_window(readings: Iterable[Reading]) -> Window | None:
    """The latest window among them: those of before move on with their next update."""
    return max((it.series.window for it in readings if it.series.asked), key=lambda it: it.end, default=None)


def placed(series: Series | None, window: Window, shift: int = 0) -> Points:
    """The points of a series at the times of a window, each `shift` seconds later than it was; None where none is."""
    if series is None:
        return (None,) * len(window.grid)
    by_time = {at + shift: value for at, value in zip(series.window.grid, series.values, strict=True)}
    return tuple(by_time.get(at) for at in window.grid)


def points_of(line: Line, now: Situation, frame: Frame | None = None, shift: int = 0) -> Points:
    """The points of a line: an error rate in percent; a count zero where it has none and something ran."""
    own = placed(now.series(line.metric, frame), now.window, shift)
    if line.ran is None:
        return own
    if now.series(line.metric, frame) is None:
        return own
    ran = placed(now.series(line.ran, frame), now.window, shift)
    both = [((0.0 if mine is None and (count or 0) > 0 else mine), count) for mine, count in zip(own, ran, strict=True)]
    if line.unit == "%":
        rates = (error_rate(mine, count) for mine, count in both)
        return tuple(None if rate is None else rate * 100 for rate in rates)
    return tuple(mine for mine, _ in both)


def chart_of(panel: Panel, now: Situation) -> Chart | None:
    """The chart of a panel; None where nothing was reported of any of its lines, now or behind."""
    lines = [ChartSeries(_name(line, now), points_of(line, now), "line", line.unit) for line in panel.lines]
    behind = [*_behind(panel.lead, now)]
    if all(one.highest is None for one in (*lines, *behind)):
        return None
    window = now.window
    late = max(0, -(-int(window.end - now.asked) // window.period)) if now.asked < window.end else 0
    return Chart(
        panel.title,
        window.start,
        window.period,
        len(window.grid),
        (*lines, *behind, *_limits(panel, now)),
        tuple(_markers(panel, now)),
        min(late, len(window.grid)),
    )


def not_given(panels: Iterable[Panel], now: Situation) -> Collection[str]:
    """Of which panels CloudWatch did not give something when it was asked last, by what is said to be lacking."""
    known = {need.metric: it for need, it in now.readings.items() if need.frame == now.frame}
    lacking = {metric for metric, it in known.items() if it.problem is not None}
    return {panel.nothing for panel in panels if not lacking.isdisjoint(metrics_of([panel]))}


def _name(line: Line, now: Situation) -> str:
    """What a line is called: also that CloudWatch gave only part of what it is made of."""
    made = (now.series(metric) for metric in line.metrics)
    return f"{line.name} (in part)" if any(it is not None and it.partial for it in made) else line.name


def _behind(line: Line, now: Situation) -> Iterator[ChartSeries]:
    if now.behind is not None:
        points = points_of(line, now, now.behind.frame, now.behind.shift)
        if any(it is not None for it in points):
            yield ChartSeries(f"{line.name} {now.behind.words}", points, "behind", line.unit)


def _limits(panel: Panel, now: Situation) -> Iterator[ChartSeries]:
    count, units = len(now.window.grid), {line.unit for line in panel.lines}
    for limit in now.limits:
        if limit.panel == panel.title and limit.unit in units:
            yield level(limit.name, limit.value, count, limit.unit)
    for line, alarm in _alarms(panel, now):
        if alarm.threshold is not None and abs(alarm.threshold) <= GREATEST and not alarm.expression:
            name, value = _threshold(line, alarm, now.window.period)
            yield level(name, value, count, line.unit)


def _threshold(line: Line, alarm: Alarm, period: int) -> tuple[str, float]:
    """An alarm's line, and what it is called. A sum of half a period is half as much."""
    name, value = f"alarm {alarm.name}", alarm.threshold or 0.0
    every = next(it.period for it in alarm.watched if _is_of(it, line.metric))
    if line.metric.statistic != "Sum" or every in (0, period):
        return name, value
    return f"{name} ({value:g} in {length_words(every)}, evenly)", value * period / every


def _markers(panel: Panel, now: Situation) -> Iterator[ChartMarker]:
    for _, alarm in _alarms(panel, now):
        if alarm.updated is not None:
            yield ChartMarker(alarm.updated.timestamp(), f"alarm {alarm.name}: {alarm.state}")


def _alarms(panel: Panel, now: Situation) -> Iterator[tuple[Line, Alarm]]:
    """The alarms on what a panel shows, each with the line that it is about."""
    for alarm in now.alarms:
        line = next((it for it in panel.lines if it.unit != "%" and _watches(alarm, it.metric)), None)
        if line is not None:
            yield line, alarm


def _watches(alarm: Alarm, metric: Metric) -> bool:
    return any(_is_of(it, metric) for it in alarm.watched)


def _is_of(watched: Watched, metric: Metric) -> bool:
    mine = metric.namespace, metric.name, metric.statistic, metric.dimensions
    return (watched.namespace, watched.metric, watched.statistic, watched.dimensions) == mine
