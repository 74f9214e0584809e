"""The axis of values: its ends, its ticks, and what stands at them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import count, takewhile
from typing import NamedTuple

from lambdatui.model.text import duration

_SECOND, _MINUTE, _HOUR, _DAY = 1000, 60_000, 3_600_000, 86_400_000
_LEAST = 1e-9
"""What is less than this is drawn as 0."""
_LONG = (
    *(n * _SECOND for n in (1, 2, 5, 10, 15, 30)),
    *(n * _MINUTE for n in (1, 2, 5, 10, 15, 30)),
    *(n * _HOUR for n in (1, 2, 3, 6, 12)),
    *(n * _DAY for n in (1, 2, 5, 10, 20, 50)),
)
"""Steps of durations from a second on, in milliseconds."""


class Scale(NamedTuple):
    """An axis from its lowest to its highest value, which are ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def placing(self, steps: int) -> Callable[[float], int]:
        """What tells where a value between the ends is in so many equal steps: 0 is the lowest."""
        low, factor = self.low, (steps - 1) / (self.high - self.low)
        return lambda value: int((value - low) * factor + 0.5)


def scale(low: float, high: float, unit: str = "", most: int = 4) -> Scale:
    """The tightest axis over `low` (at most 0) to `high` with steps of 1, 2, 2.5 or 5 and at most `most` of them.

    Durations have steps that clocks have. `most` is at least 1; below 0 there may be one step more.
    """
    if high - low < _LEAST:
        high = low + 1
    for step in _steps(high - low, unit):
        first = math.floor(low / step)
        last = max(first + 1, math.ceil(high / step - _LEAST))
        if last - first <= max(1, most) + (low < 0):
            return Scale(first * step, last * step, tuple(n * step for n in range(first, last + 1)))
    raise AssertionError("steps grow without an end")


def _steps(span: float, unit: str) -> Iterator[float]:
    """Steps from smaller ones than are needed up; there is no half of an invocation."""
    if unit != "ms":
        yield from (step for step in _decimal(span) if unit or step == int(step))
    yield from takewhile(lambda step: step < _SECOND, _decimal(min(span, _SECOND)))
    yield from _LONG
    yield from (_DAY * step for step in _decimal(span / _DAY))


def _decimal(span: float) -> Iterator[float]:
    for exponent in count(math.floor(math.log10(span)) - 2):
        for factor in (1, 2, 2.5, 5):
            yield factor * 10.0**exponent if exponent >= 0 else factor / 10.0**-exponent


def tick(value: float, unit: str = "") -> str:
    """What stands at a tick: 1.2k, 350 ms, 5 %."""
    if unit == "ms":
        return _time(value)
    return f"{_short(value)} {unit}".rstrip() if value else "0"


def figure(value: float | None, unit: str = "") -> str:
    """A value in a legend: 1,234, 12.3k, 350 ms, 0.25 %; a dash for none."""
    if value is None:
        return "–"
    if unit == "ms":
        return duration(value) if abs(value) < _DAY else _time(value)
    number = f"{round(value):,}" if 1000 <= abs(value) < 10_000 else _short(value)
    return f"{number} {unit}".rstrip()


def _short(value: float) -> str:
    amount = abs(value)
    for unit in ("", "k", "M", "G"):
        if amount < 999.5 or unit == "G":
            break
        amount /= 1000
    if amount < 999.5:
        return f"{'-' if value < 0 else ''}{amount:.3g}{unit}"
    return f"{value / 1e9:.0f}G" if amount < 1e6 else f"{value:.3g}"


def _time(value: float) -> str:
    if value == 0:
        return "0"
    for unit, length in (("d", _DAY), ("h", _HOUR), ("m", _MINUTE), ("s", _SECOND)):
        if abs(value) >= length:
            return f"{value / length:.3g} {unit}"
    return f"{value:.3g} ms"
