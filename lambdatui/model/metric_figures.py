"""Figures from series: sums, peaks, rates, changes. Only what CloudWatch's points really say.

Sums and counts add up over periods and functions, maxima have a maximum, and percentiles have neither: they are asked
for over the whole stretch of time. None stands for "not known", and is never zero.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lambdatui.model.metrics import Series

Combine = Callable[[Iterable[float]], float]


def total(series: Series) -> float | None:
    """The sum of a series of sums; None where there is no point."""
    return _over(series.raw, math.fsum)


def peak(series: Series) -> float | None:
    """The greatest of a series of maxima; None where there is no point."""
    return _over(series.raw, max)


def latest(series: Series) -> float | None:
    """The last point there is, that of the period under way included."""
    return next((value for value in reversed(series.raw) if not math.isnan(value)), None)


LATELY = 300
"""Seconds within which a point came that is of now: CloudWatch has them a minute or two after the time they are of."""


def lately(series: Series) -> float | None:
    """The newest point of a period that is over, if that is not long ago."""
    over = len(series.raw) - series.incomplete
    recent = series.raw[max(0, over - -(-LATELY // series.window.period)) : over]
    return next((value for value in reversed(recent) if not math.isnan(value)), None)


def _over(raw: Sequence[float], combine: Combine) -> float | None:
    known = [value for value in raw if not math.isnan(value)]
    return combine(known) if known else None


def zeroed(series: Series, invocations: Series) -> Series:
    """Errors or throttles: zero where nothing was reported and there were invocations, for then there were none.

    Both are of the same window. A gap in both stays one.
    """
    if series.window != invocations.window:
        return series
    raw = array("d", series.raw)
    for place, (mine, ran) in enumerate(zip(series.raw, invocations.raw, strict=True)):
        if math.isnan(mine) and ran > 0:
            raw[place] = 0.0
    return replace(series, raw=raw)


def counted(series: Series, invocations: Series) -> float | None:
    """The sum of errors or throttles: zero without a point of its own if there were invocations."""
    own = total(series)
    return 0.0 if own is None and (total(invocations) or 0) > 0 else own


def error_rate(errors: float | None, invocations: float | None) -> float | None:
    """Which part of the invocations failed, 0 to 1. None where none ran, or where it is not known."""
    return min(1.0, (errors or 0.0) / invocations) if invocations is not None and invocations > 0 else None


NOISE = 10
"""Percent of change that nothing is said of: the period under way, of which some is still to come, is up to 7% of a
quarter of an hour."""


class Change(NamedTuple):
    """How a figure is to the one of the time before."""

    now: float | None
    before: float | None

    @property
    def words(self) -> str:
        """▲ 3×, ▲ 12%, ▼ 40%, ▲ new; empty where it stayed, or where one of the two is not known."""
        now, before = self.now, self.before
        if now is None or before is None or now == before:
            return ""
        if before == 0:
            return "▲ new"
        ratio = now / before
        if ratio >= 1.95:
            return f"▲ {ratio:.1f}×" if ratio < 2.95 and round(ratio, 1) != 2 else f"▲ {_short(ratio)}×"
        percent = abs(ratio - 1) * 100
        return "" if percent < NOISE else f"{'▲' if ratio > 1 else '▼'} {percent:.0f}%"

    @property
    def factor(self) -> float | None:
        """How many times what it was: 1 is as before, infinite what is new; None where one of the two is not known."""
        now, before = self.now, self.before
        if now is None or before is None:
            return None
        if before == 0:
            return 1.0 if now == 0 else math.inf
        return now / before

    @property
    def order(self) -> float:
        """What changes are ordered by, the greatest growth last."""
        now, before = self.now or 0.0, self.before or 0.0
        return now - before


def _short(ratio: float) -> str:
    """In four letters at most: 3, 999, 10k, 1M, and what is more than 999M as that."""
    for size, unit in ((1, ""), (1e3, "k"), (1e6, "M")):
        if round(ratio / size) < 1000:
            return f"{ratio / size:.0f}{unit}"
    return "999M"


class Total(NamedTuple):
    """A sum over rows, with what it leaves out."""

    value: float
    counted: int
    left_out: int
    """Rows of which there is no figure: not asked for yet, or refused."""


def summed(figures: Iterable[float | None]) -> Total:
    """The sum of the figures that there are."""
    known, left_out = [], 0
    for figure in figures:
        if figure is None:
            left_out += 1
        else:
            known.append(figure)
    return Total(math.fsum(known), len(known), left_out)


def since(series: Series) -> int | None:
    """Since when (s since 1970) there is something other than zero without a period of zero in between.

    A gap does not end it: nothing was reported then.
    """
    found = None
    for at, value in zip(reversed(series.window.grid), reversed(series.raw), strict=True):
        if value > 0:
            found = at
        elif value == 0 and found is not None:
            break
    return found


def percent(rate: float | None, *, whole_from: float = 100) -> str:
    """A rate in words: 0%, 0.4%, 12.5%; a dash where there is none. What is neither zero nor all is not shown as such.

    From `whole_from` percent on it is told without a tenth.
    """
    if rate is None:
        return "–"
    part = rate * 100
    if part == 0:
        return "0%"
    if part < 0.05:
        return "<0.1%"
    if part == 100:
        return "100%"
    if part >= whole_from - 0.05 and whole_from < 100:
        return f"{min(part, 99):.0f}%"
    return f"{min(part, 99.9):.1f}".removesuffix(".0") + "%"
