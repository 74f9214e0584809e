"""The axis of values: its ends, its ticks, and what stands at them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from lambdatui.model.text import duration

_SECOND, _MINUTE, _HOUR, _DAY = 1000, 60_000, 3_600_000, 86_400_000
_LONG = (
    *(n * _SECOND for n in (1, 2, 5, 10, 15, 30)),
    *(n * _MINUTE for n in (1, 2, 5, 10, 15, 30)),
    *(n * _HOUR for n in (1, 2, 3, 6, 12)),
    *(n * _DAY for n in (1, 2, 5, 10, 20, 50)),
)
"""Steps of durations from a second on, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from its lowest to its highest value, which are ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def place(self, value: float, steps: int) -> int:
        """Where a value is in `steps` equal steps: 0 is the lowest; what is beyond an end is at it."""
        part = (value - self.low) / (self.high - self.low)
        return round(max(0.0, min(part, 1.0)) * (steps - 1))


def scale(low: float, high: float, unit: str = "", most: int = 4) -> Scale:
    """The tightest axis over `low` (at most 0) to `high` with steps of 1, 2, 2.5 or 5 and at most `most` of them.

    Durations have steps that clocks have. `most` is at least 1; below 0 there may be one step more.
    """
    if high <= low:
        high = low + 1
    for step in _steps(high - low, unit):
        first, last = math.floor(low / step), math.ceil(high / step - 1e-9)
        if last - first <= max(1, most) + (low < 0):
            return Scale(first * step, last * step, tuple(n * step for n in range(first, last + 1)))
    raise AssertionError("steps grow without an end")


def _steps(span: float, unit: str) -> Iterator[float]:
    exponent = math.floor(math.log10(span)) - 2
    if unit == "":
        exponent = max(exponent, 0)  # there is no half of an invocation
    while True:
        for factor in (1, 2, 2.5, 5):
            step = factor * 10**exponent if exponent >= 0 else factor / 10**-exponent
            if unit == "" and step != int(step):
                continue
            if unit == "ms" and step >= _SECOND:
                yield from _LONG
                exponent = 10
            else:
                yield step
        exponent += 1


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
    return f"{'-' if value < 0 else ''}{amount:.3g}{unit}" if amount < 999.5 else f"{value / 1e9:.0f}G"


def _time(value: float) -> str:
    if value == 0:
        return "0"
    for unit, length in (("d", _DAY), ("h", _HOUR), ("m", _MINUTE), ("s", _SECOND)):
        if abs(value) >= length:
            return f"{value / length:.3g} {unit}"
    return f"{value:.3g} ms"
