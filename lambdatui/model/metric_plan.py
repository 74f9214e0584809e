"""As few calls of GetMetricData as may be: which series are asked for together, and from when to when.

A call has one range of time for all that it asks for, and counts each period from the beginning of that range. So two
series go together if a beginning can be found that both are aligned to, and if neither is asked for much that is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from lambdatui.model.metrics import Metric, Need, Window

MOST_QUERIES = 500
"""Queries of one call (API_GetMetricData, MetricDataQueries)."""

SPARE = 8
"""Points that a series may be asked for beyond twice those that it lacks, to be in a call with others."""

_TRIES = 64

Identity = tuple[Metric, int, int, int]
"""See `Ask.identity`."""


class Ask(NamedTuple):
    """A series, and the part of it that is to be asked for."""

    metric: Metric
    window: Window
    anchor: int = 0
    """The end of a stretch of time that does not move; else 0."""

    @property
    def identity(self) -> Identity:
        """What is one series: the metric, the period, where its periods begin, and the stretch of time it is of."""
        return self.metric, self.window.period, self.window.start % self.window.period, self.anchor

    @property
    def longest(self) -> int:
        """Seconds that it may be asked for at most."""
        return (2 * len(self.window.grid) + SPARE) * self.window.period


def ask_for(need: Need, now: float) -> Ask:
    """What a need comes to at a time: all of its window."""
    return Ask(need.metric, need.frame.at(now), need.frame.end or 0)


class Call(NamedTuple):
    """One call: its range in seconds since 1970, and what it asks for, the most important first."""

    start: int
    end: int
    asks: tuple[Ask, ...]


def planned(asks: Iterable[Ask], most: int = MOST_QUERIES) -> Sequence[Call]:
    """The calls that ask for all of these. They are given in order of importance, and called for in that order."""
    open_calls: list[_Open] = []
    for ask in _once(asks).values():
        for call in open_calls:
            if len(call.asks) < most and call.take(ask):
                break
        else:
            open_calls.append(_Open(ask))
    return [Call(call.start, call.end, tuple(call.asks)) for call in open_calls]


def _once(asks: Iterable[Ask]) -> Mapping[Identity, Ask]:
    """Each series once, with all that is asked of it."""
    found: dict[Identity, Ask] = {}
    for ask in asks:
        include(ask, found)
    return found


def include(ask: Ask, among: dict[Identity, Ask]) -> None:
    """Have it asked for among others, each series once."""
    identity = ask.identity
    other = among.get(identity)
    if other is not None:
        mine, its = ask.window, other.window
        ask = ask._replace(window=Window(min(mine.start, its.start), max(mine.end, its.end), mine.period))
    among[identity] = ask


class _Open:
    """A call that may still be given something to ask."""

    def __init__(self, ask: Ask) -> None:
        self.asks = [ask]
        self.start, self.end = ask.window.start, ask.window.end
        self._longest = ask.longest
        self._begin = {ask.window.period: ask.window.start % ask.window.period}

    def take(self, ask: Ask) -> bool:
        """Take it in if it goes with the others; whether it does."""
        period, begin = ask.window.period, ask.window.start % ask.window.period
        if self._begin.get(period, begin) != begin:
            return False
        begins = {**self._begin, period: begin} if period not in self._begin else self._begin
        start, end = _aligned(min(self.start, ask.window.start), begins), max(self.end, ask.window.end)
        longest = min(self._longest, ask.longest)
        if start is None or end - start > longest:
            return False
        self.start, self.end, self._longest, self._begin = start, end, longest, begins
        self.asks.append(ask)
        return True


def _aligned(start: int, begins: Mapping[int, int]) -> int | None:
    """The latest time up to `start` at which each of these periods begins, if there is one that is not far."""
    for _ in range(_TRIES):
        back = max((start - begin) % period for period, begin in begins.items())
        if not back:
            return start
        start -= back
    return None
