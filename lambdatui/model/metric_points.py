"""`Points`: what has come of one series by and by, on its grid, in eight bytes a point."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence

from lambdatui.model.metrics import Series, Window

MOST = 600
"""Points of one series that are kept, unless more are wanted; a chart has some hundred."""

GREATEST = 2.0**360
"""CloudWatch takes no value beyond this, either way (API_MetricDatum): it is none, and no sum is endless."""

_NONE = array("d", [math.nan])


class Points:
    """The points of a metric with one period. New ones replace old ones at their time; none is invented."""

    def __init__(self, window: Window) -> None:
        self.period = window.period
        self.start = window.start
        """Seconds since 1970 of the first place."""
        self._values = _NONE * len(window.grid)
        self.changes = 0
        """How often a point has become another, or there has come to be a place."""

    @property
    def end(self) -> int:
        """Seconds since 1970 after the last place."""
        return self.start + len(self._values) * self.period

    def __len__(self) -> int:
        return len(self._values)

    def cover(self, window: Window) -> None:
        """Have places for a window on the same grid. Where it does not touch what there is, that is forgotten."""
        if window.start < self.start or window.end > self.end:
            self.changes += 1
        if window.start > self.end or window.end < self.start:
            self.start, self._values = window.start, _NONE * len(window.grid)
            return
        if (more := (self.start - window.start) // self.period) > 0:
            self.start, self._values = window.start, _NONE * more + self._values
        if (more := (window.end - self.end) // self.period) > 0:
            self._values.extend(_NONE * more)
        if (less := len(self._values) - max(MOST, len(window.grid))) > 0 and window.end == self.end:
            self.start += less * self.period
            del self._values[:less]

    def put(self, times: Sequence[float], values: Iterable[float]) -> int:
        """Take points in; how many were not on the grid, outside of what is covered, or no numbers."""
        lost = 0
        start, period, end, mine = self.start, self.period, self.end, self._values
        for at, value in zip(times, values, strict=False):
            if start <= at < end and not (at - start) % period and -GREATEST <= value <= GREATEST:
                place = int(at - start) // period
                if mine[place] != value:
                    mine[place] = value
                    self.changes += 1
            else:
                lost += 1
        return lost

    def within(self, window: Window, asked: float, *, partial: bool = False) -> Series:
        """The series of a window on the same grid."""
        first, end = (window.start - self.start) // self.period, (window.end - self.start) // self.period
        count = len(self._values)
        before, after = min(max(0, -first), end - first), min(max(0, end - count), end - first)
        raw = _NONE * before + self._values[max(0, first) : max(0, end)] + _NONE * after
        return Series(window, raw, asked, partial)
