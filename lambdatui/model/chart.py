"""What a chart shows: series over equal periods, what they are compared with, and what happened meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Role = Literal["line", "limit", "behind"]
"""A measured series; what it must not reach (a timeout, a quota); or one of another time, for comparison."""

Points = Sequence[float | None]

FAR = 3.0
"""A limit at more than so many times the highest value is told in words: drawn, it would press the values flat."""


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """One value a period, oldest first; None where there is none, which is not 0."""

    name: str
    points: Points
    role: Role = "line"
    unit: str = ""
    """"" for counts, "ms", "%", or any other, which follows the number."""

    def at(self, index: int) -> float | None:
        """The value of a period, or None."""
        return self.points[index] if 0 <= index < len(self.points) else None

    def last(self, end: int) -> tuple[float, int] | None:
        """The last value before the period `end`, and how many periods without any there were after it."""
        for index in range(min(end, len(self.points)) - 1, -1, -1):
            if (value := self.points[index]) is not None:
                return value, min(end, len(self.points)) - 1 - index
        return None

    @property
    def highest(self) -> float | None:
        """The highest value."""
        return max((point for point in self.points if point is not None), default=None)

    @property
    def lowest(self) -> float | None:
        """The lowest value."""
        return min((point for point in self.points if point is not None), default=None)

    def runs(self) -> Iterator[list[tuple[int, float]]]:
        """What a line may connect: runs of values without a gap, each with the number of its period."""
        run: list[tuple[int, float]] = []
        for index, point in enumerate(self.points):
            if point is not None:
                run.append((index, point))
            elif run:
                yield run
                run = []
        if run:
            yield run


@dataclass(frozen=True, slots=True)
class ChartMarker:
    """Something that happened: an alarm, a deployment."""

    at: float
    """Seconds since 1970."""
    text: str
    sign: str = "!"
    """One character of ASCII."""


@dataclass(frozen=True, slots=True)
class Chart:
    """All that one chart shows. Raises ValueError if a series has not one point a period, or there are three units."""

    title: str
    start: int
    """Of the first period, in seconds since 1970."""
    period: int
    """Seconds."""
    count: int
    """Periods."""
    series: tuple[ChartSeries, ...] = ()
    markers: tuple[ChartMarker, ...] = ()
    incomplete: int = 0
    """How many of the last periods are not over, or may still get data."""

    def __post_init__(self) -> None:
        if self.count < 1 or self.period < 1:
            raise ValueError("a chart has at least one period of at least one second")
        for series in self.series:
            if len(series.points) != self.count:
                raise ValueError(f"{series.name}: {len(series.points)} points for {self.count} periods")
        if len(self.units) > 2:
            raise ValueError("a chart has two axes, so at most two units")

    @property
    def end(self) -> int:
        """Of the last period, in seconds since 1970."""
        return self.start + self.period * self.count

    @property
    def complete(self) -> int:
        """How many periods are over."""
        return max(0, self.count - self.incomplete)

    @property
    def units(self) -> tuple[str, ...]:
        """The units of the axes, left and right."""
        return tuple(dict.fromkeys(series.unit for series in self.series))

    def by_role(self, role: Role) -> list[ChartSeries]:
        """The series of a role."""
        return [series for series in self.series if series.role == role]

    def span(self, unit: str) -> tuple[float, float]:
        """The lowest and highest value that an axis has to show, 0 among them."""
        drawn = [series for series in self.series if series.unit == unit]
        measured = [series for series in drawn if series.role != "limit"]
        high = self._span(measured)[1]
        limits = [series for series in drawn if series.role == "limit" and not self._far(series, high)]
        return self._span([*measured, *limits])

    def far(self, series: ChartSeries) -> bool:
        """Whether a limit is so far above the values that it is not drawn."""
        if series.role != "limit":
            return False
        measured = [other for other in self.series if other.unit == series.unit and other.role != "limit"]
        return self._far(series, self._span(measured)[1])

    def index(self, moment: float) -> int:
        """The number of the period that a moment (seconds since 1970) is in, or of the nearest."""
        return max(0, min(int((moment - self.start) // self.period), self.count - 1))

    def marked(self, index: int) -> list[ChartMarker]:
        """What happened in a period."""
        return [marker for marker in self.markers if self.holds(marker) and self.index(marker.at) == index]

    def holds(self, marker: ChartMarker) -> bool:
        """Whether it happened in the time that is shown."""
        return self.start <= marker.at < self.end

    @staticmethod
    def _far(series: ChartSeries, high: float) -> bool:
        lowest = series.lowest
        return lowest is not None and high > 0 and lowest > FAR * high

    @staticmethod
    def _span(series: Sequence[ChartSeries]) -> tuple[float, float]:
        lows = [value for one in series if (value := one.lowest) is not None]
        highs = [value for one in series if (value := one.highest) is not None]
        return min(lows, default=0.0) if min(lows, default=0.0) < 0 else 0.0, max(highs, default=0.0)


def level(name: str, value: float, count: int, unit: str = "") -> ChartSeries:
    """A limit that was the same in all periods."""
    return ChartSeries(name, (value,) * count, "limit", unit)
