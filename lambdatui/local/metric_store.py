"""Metrics rolled up by the minute, as many as 200 MB hold and no older than 15 days.

CloudWatch keeps minutes for 15 days as well, and after that larger periods, which there are none of here. What is put
with a resolution of seconds is rolled up to its minute at once.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from lambdatui.local.metrics.identity import MetricId
from lambdatui.local.metrics.rollup import Rollup, pack, taken_out
from lambdatui.local.places import Place

LIMIT = 200_000_000
"""Bytes that the store may take."""

KEPT = 15 * 86400
"""Seconds that a minute is kept."""

# What CPython takes for the objects around the data; a test holds the sum to what tracemalloc counts.
_METRIC = 450  # a Metric, its dictionary entry, the tuples of its name and dimensions
_SERIES = 280  # a Series and its open Rollup
_BUCKET = 110  # an entry of the open Rollup's dictionary
_CHUNK = 120  # an entry of an hour's dictionary


class Metric:
    """A metric that has data: its identity, and its values apart for each unit that they came with."""

    __slots__ = ("id", "latest", "number", "series")

    def __init__(self, identity: MetricId, number: int) -> None:
        self.id = identity
        self.number = number
        """Metrics are numbered as they appear, so that a list of them can be continued."""
        self.latest = 0
        """The start of the latest minute that has values, in seconds since the epoch."""
        self.series: dict[str, _Series] = {}


class _Series:
    """The values of a metric in one unit. The minute that was added to last is open, the others are packed by hour."""

    __slots__ = ("hours", "metric", "minute", "rollup", "unit")

    def __init__(self, metric: Metric, unit: str) -> None:
        self.metric = metric
        self.unit = unit
        self.minute = -1
        self.rollup = Rollup()
        self.hours = 0
        """How many hours hold something of it."""


class Chunk(NamedTuple):
    """Minutes of an hour of a metric in one unit: packed rollups, in no order (rollup.unpack)."""

    hour: int
    """Hours since the epoch."""
    unit: str
    packed: bytes


class MetricStore:
    """The metrics of all places. Every method may be called from any thread.

    When it is full it drops the oldest hour of all metrics; when one hour alone is too much, the metrics of that hour
    that appeared first. `dropped_before` tells.
    """

    def __init__(self, *, limit: int = LIMIT, clock: Callable[[], float] = time.time) -> None:
        self._limit = limit
        self._clock = clock
        self._lock = threading.Lock()
        self._metrics: dict[MetricId, Metric] = {}
        self._places: dict[Place, int] = {}
        self._hours: dict[int, dict[_Series, bytes]] = {}
        self._made = 0
        self._size = 0
        self.dropped_before = 0.0
        """Seconds since the epoch: for want of room some of what is older has been dropped. 0 if nothing has."""

    @property
    def size(self) -> int:
        """Bytes that the store takes, with the objects around the data."""
        return self._size

    def add(
        self,
        place: Place,
        namespace: str,
        name: str,
        dimensions: Mapping[str, str],
        value: float,
        *,
        at: float,
        unit: str,
        count: float = 1.0,
    ) -> None:
        """Count a value in, `count` times; `at` is in seconds since the epoch, `unit` as in API_MetricDatum.

        Takes a few µs. What is older than 15 days is dropped at once. Raises ValueError for what is no finite number.
        """
        if not (math.isfinite(value) and math.isfinite(count)):
            raise ValueError("a value of a metric is a finite number")
        identity = MetricId(place, namespace, name, tuple(sorted(dimensions.items())))
        with self._lock:
            rollup = self._opened(identity, unit, int(at // 60)) if count > 0 else None
            if rollup is not None:
                self._size += _BUCKET * rollup.add(float(value), count)
                self._make_room()

    def roll_in(
        self,
        place: Place,
        namespace: str,
        name: str,
        dimensions: Mapping[str, str],
        values: Iterable[tuple[float, float]],
        *,
        at: float,
        unit: str,
    ) -> None:
        """Count many values of one minute in, each as (value, how many times).

        Takes a fraction of the time that `add` takes for each: for history.
        Raises ValueError, with nothing counted in, for a value or number of times that is no finite number.
        """
        counted = [(float(value), float(times)) for value, times in values if times > 0]
        if not all(math.isfinite(value) and math.isfinite(times) for value, times in counted):
            raise ValueError("a value of a metric is a finite number")
        identity = MetricId(place, namespace, name, tuple(sorted(dimensions.items())))
        with self._lock:
            rollup = self._opened(identity, unit, int(at // 60)) if counted else None
            if rollup is not None:
                self._size += _BUCKET * sum(rollup.add(value, times) for value, times in counted)
                self._make_room()

    def merge(
        self,
        place: Place,
        namespace: str,
        name: str,
        dimensions: Mapping[str, str],
        rollup: Rollup,
        *,
        at: float,
        unit: str,
    ) -> None:
        """Count a rollup in, as rollup.statistic_set makes one."""
        identity = MetricId(place, namespace, name, tuple(sorted(dimensions.items())))
        with self._lock:
            opened = self._opened(identity, unit, int(at // 60))
            if opened is not None:
                self._size += _BUCKET * opened.merge(rollup)
                self._make_room()

    def metrics(self) -> list[Metric]:
        """All metrics of all places that have data, in the order of their numbers. They are to be read only."""
        with self._lock:
            return list(self._metrics.values())

    def places(self) -> list[Place]:
        """Where there are metrics."""
        with self._lock:
            return list(self._places)

    def chunks(self, identity: MetricId, start: float, end: float) -> list[Chunk]:
        """What there is of a metric in the hours that lie in a time range (seconds since the epoch), oldest first."""
        with self._lock:
            metric = self._metrics.get(identity)
            if metric is None:
                return []
            first, last = int(start // 3600), int(end // 3600)
            hours = sorted(self._hours) if last - first > len(self._hours) else range(first, last + 1)
            found = []
            for hour in hours:
                if first <= hour <= last and (held := self._hours.get(hour)):
                    found += [
                        Chunk(hour, series.unit, held[series] + self._open_part(series, hour))
                        for series in metric.series.values()
                        if series in held
                    ]
            return found

    def _open_part(self, series: _Series, hour: int) -> bytes:
        if series.minute // 60 != hour or not series.rollup.count:
            return b""
        return pack(series.minute % 60, series.rollup)

    def _opened(self, identity: MetricId, unit: str, minute: int) -> Rollup | None:
        """The rollup of this minute, to be added to; None if it is too old to be kept."""
        metric = self._metrics.get(identity)
        series = metric.series.get(unit) if metric else None
        if series is None or series.minute != minute:
            if minute * 60 < self._clock() - KEPT:
                return None
            series = series or self._begun(identity, unit)
            self._turn(series, minute)
        return series.rollup

    def _begun(self, identity: MetricId, unit: str) -> _Series:
        metric = self._metrics.get(identity)
        if metric is None:
            self._made += 1
            metric = self._metrics[identity] = Metric(identity, self._made)
            self._size += _METRIC + identity.size
            self._places[identity.place] = self._places.get(identity.place, 0) + 1
        series = metric.series[unit] = _Series(metric, unit)
        self._size += _SERIES
        return series

    def _turn(self, series: _Series, minute: int) -> None:
        """Pack the open minute of a series, and open another."""
        self._close(series)
        hour = minute // 60
        new = hour not in self._hours
        held = self._hours.setdefault(hour, {})
        if series not in held:
            held[series] = b""
            series.hours += 1
            self._size += _CHUNK
        if new:
            self._drop_the_old()
        later = minute * 60 > series.metric.latest  # then there is nothing of it to look for among what is packed
        rollup, rest = (None, b"") if later else taken_out(held[series], minute % 60)
        if rollup is not None:
            self._size += len(rest) - len(held[series]) + _BUCKET * len(rollup.buckets or ())
            held[series] = rest
        series.minute, series.rollup = minute, rollup or Rollup()
        series.metric.latest = max(series.metric.latest, minute * 60)

    def _close(self, series: _Series) -> None:
        if series.minute >= 0 and series.rollup.count:
            packed = pack(series.minute % 60, series.rollup)
            self._hours[series.minute // 60][series] += packed
            self._size += len(packed)
        self._forget_open(series)

    def _forget_open(self, series: _Series) -> None:
        self._size -= _BUCKET * len(series.rollup.buckets or ())
        series.minute, series.rollup = -1, Rollup()

    def _drop_the_old(self) -> None:
        oldest = int((self._clock() - KEPT) // 3600)
        for hour in [hour for hour in self._hours if hour < oldest]:
            self._drop(hour)

    def _make_room(self) -> None:
        while self._size > self._limit and self._hours:
            oldest = min(self._hours)
            if len(self._hours) > 1:
                self._drop(oldest)
            else:
                self._forget(oldest, next(iter(self._hours[oldest])))
            self.dropped_before = max(self.dropped_before, (oldest + 1) * 3600.0)

    def _drop(self, hour: int) -> None:
        for series in list(self._hours[hour]):
            self._forget(hour, series)

    def _forget(self, hour: int, series: _Series) -> None:
        """Drop what an hour holds of a series, and all that there is of a metric that nothing is left of."""
        held = self._hours[hour]
        self._size -= _CHUNK + len(held.pop(series))
        if not held:
            del self._hours[hour]
        if series.minute // 60 == hour:
            self._forget_open(series)
        series.hours -= 1
        if not series.hours:
            metric = series.metric
            del metric.series[series.unit]
            self._size -= _SERIES
            if not metric.series:
                self._drop_metric(metric.id)

    def _drop_metric(self, identity: MetricId) -> None:
        del self._metrics[identity]
        self._size -= _METRIC + identity.size
        self._places[identity.place] -= 1
        if not self._places[identity.place]:
            del self._places[identity.place]
