"""What was counted in a stretch of time, compared with the one before."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, isnan
from typing import NamedTuple

from lambdatui.model.metric_figures import Change
from lambdatui.model.metrics import Range, Series


class Sums(NamedTuple):
    """What was counted in a window and in the one before, and of it in the periods that are still under way."""

    now: float
    before: float
    under_way: float
    like_it: float
    """In the last as many periods of the window before."""
    empty: bool


def sums(series: Series, over: Range) -> Sums:
    """Of a series that has both windows."""
    count = over.seconds // series.window.period
    now, before, late = series.raw[-count:], series.raw[-2 * count : -count], series.incomplete
    ends = (_sum(now[-late:]), _sum(before[-late:])) if late else (0.0, 0.0)
    both = _sum(now), _sum(before)
    return Sums(*both, *ends, empty=not any(both) and series.empty)


def change_of(what: Sums, ran: Sums) -> Change:
    """A count, and that of the window before, of the periods that are over in this one and their like in the other.

    Where one of the two has none, what is under way counts as well: what has just begun is told at once. Nothing
    reported is nothing that happened, in windows of which something is known (`ran`).
    """
    if what.empty and ran.empty:
        return Change(None, None)
    change = Change(what.now - what.under_way, what.before - what.like_it)
    return change if change.now and change.before else Change(what.now, what.before)


def _sum(raw: Sequence[float]) -> float:
    whole = fsum(raw)
    return fsum(value for value in raw if not isnan(value)) if isnan(whole) else whole
