"""What has come of each series, when it was asked for, and what of it is to be asked for now."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from lambdatui.aws.metric_data import Result
from lambdatui.model.errors import AwsError, Denied
from lambdatui.model.metric_plan import Ask, Identity
from lambdatui.model.metric_points import GREATEST, Points
from lambdatui.model.metrics import Reading, Window, nothing

OVERLAP = 300.0
"""Seconds before the last time of asking from which points are asked for again: they come late, mostly by a minute or
two, and the period under way grows."""

FAR_LOOK = 900.0
"""Seconds after which all of a series is asked for again, for what came later than that."""

ENOUGH = 15.0
"""Seconds for which that is good of which no point ever came, and one figure for a long time, which hardly changes."""

STILL, CALM = 10, 5.0
"""Answers in a row that were as those before; after so many, seconds for which one is good: each costs the same."""

MOST_OTHERS = 2_000
"""Series that are kept though nobody wants them now: a kilobyte each."""

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 120.0
"""Seconds before a series that was not given is asked for again, at first and at most; doubled each time."""
REFUSED_PAUSE = 600.0
"""Seconds before what is not allowed is asked for again: somebody may have allowed it."""


FIGURES = 2
"""Points of what is one figure for a whole stretch of time, with that of the time before."""
BY_CLOCK = (
    "The endpoint counts periods by the clock: this is of up to one period more, and a percentile an upper bound."
)


def pause_after(problem: AwsError, failures: int) -> float:
    """Seconds to wait after so many failures in a row, of which this is the last."""
    return REFUSED_PAUSE if isinstance(problem, Denied) else min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE)


@dataclass
class Entry:
    """One series. Times are seconds since 1970."""

    points: Points
    asked: float = 0.0
    """When it was asked for with success."""
    whole: float = 0.0
    """When all of it was."""
    tried: float = -math.inf
    """When it was asked for at all."""
    partial: bool = False
    problem: AwsError | None = None
    failures: int = 0
    again: float = 0.0
    """Not to be asked for before."""
    notes: tuple[str, ...] = ()
    by_clock: bool = False
    """Its one point is made of those of whole hours or days."""
    any: bool = False
    """Whether there was ever a point of it."""
    alike: int = 0
    """How many answers in a row were as those before."""
    told: tuple[object, ...] = ()
    """What stood here when it was told of last."""

    def lacks(self, window: Window, now: float, since: float) -> Window | None:
        """What is to be asked for; None for nothing. What was asked for before `since` is out of date."""
        if now < self.again:
            return None
        if not self.asked or window.start < self.points.start or window.start > self.points.end:
            return window
        settled = self.asked - OVERLAP
        good = ENOUGH if not self.any or len(window.grid) <= FIGURES else CALM if self.alike >= STILL else 0.0
        known = self.tried >= (min(since, now - good) if good else since)
        if self.problem is None and (known or (window.end <= settled and not self.partial)):
            return None
        if self.partial or now - self.whole >= FAR_LOOK:
            return window
        behind = max(0, int(window.end - settled - 1) // window.period + 1)
        return window._replace(start=max(window.start, window.end - behind * window.period))

    def news(self) -> bool:
        """Whether it would look otherwise than when this was asked last, with the same window."""
        # When it was asked for is seen only in which periods were over by then.
        over = int(self.asked - self.points.start) // self.points.period
        now = (self.points.changes, over, self.partial, self.problem, self.notes)
        before, self.told = self.told, now
        self.alike = self.alike + 1 if now == before else 0
        return now != before


class Cache:
    """All series that were asked for lately."""

    def __init__(self) -> None:
        self._entries: dict[Identity, Entry] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def lacks(self, ask: Ask, now: float, since: float, identity: Identity) -> Ask | None:
        """What of a series, which has that identity, is to be asked for now; see `Entry.lacks()`."""
        entry = self._entries.get(identity)
        if entry is None:
            return ask
        window = entry.lacks(ask.window, now, since)
        return None if window is None else ask._replace(window=window)

    def reading(self, ask: Ask) -> Reading | None:
        """What is known of a series in a window; None where it was never asked for."""
        entry = self._entries.get(ask.identity)
        if entry is None:
            return None
        window = ask.window
        series = entry.points.within(window, entry.asked, partial=entry.partial) if entry.asked else nothing(window)
        return Reading(series, entry.problem, entry.notes)

    def again(self, identity: Identity) -> float:
        """When a series is asked for again that was not given; 0 where there is nothing to wait for."""
        entry = self._entries.get(identity)
        return 0.0 if entry is None else entry.again

    def news(self, ask: Ask) -> bool:
        """Whether there is something new of a series since this was asked last."""
        entry = self._entries.get(ask.identity)
        return entry is not None and entry.news()

    def take(self, ask: Ask, result: Result) -> None:
        """Take in a part of an answer."""
        entry = self._entry(ask)
        entry.points.cover(ask.window)
        entry.any = entry.any or len(result.times) > 0
        lost = entry.points.put(result.times, result.values)
        if lost == len(result.times) > 0 and len(ask.window.grid) <= FIGURES:
            entry.by_clock = entry.points.put(*_by_clock(ask, result)) == 0

    def answered(self, ask: Ask, now: float, *, partial: bool, notes: tuple[str, ...]) -> None:
        """A series was given, as far as there is one."""
        entry = self._entry(ask)
        entry.points.cover(ask.window)
        if ask.window.start <= entry.points.start or now - entry.whole >= FAR_LOOK:
            entry.whole = now
        entry.asked = entry.tried = now
        entry.partial, entry.notes = partial, (*notes, BY_CLOCK) if entry.by_clock else notes
        entry.problem, entry.failures, entry.again = None, 0, 0.0

    def failed(self, ask: Ask, now: float, problem: AwsError) -> None:
        """A series was not given. What is known of it stays."""
        entry = self._entry(ask)
        entry.problem, entry.tried = problem, now
        entry.told, entry.alike = (), 0  # whoever was told of this has to be told when it is over
        entry.failures += 1
        entry.again = now + pause_after(problem, entry.failures)

    def forgive(self) -> None:
        """Let all be asked for again: what was not given, and the whole of the rest, for some may have come late."""
        for entry in self._entries.values():
            entry.again, entry.failures, entry.whole, entry.tried, entry.alike = 0.0, 0, 0.0, -math.inf, 0

    def clear(self) -> None:
        """Know nothing."""
        self._entries.clear()

    def prune(self, wanted: Collection[Identity]) -> None:
        """Forget what nobody wants if there is too much of it, what was asked for longest ago first."""
        if len(self._entries) > len(wanted) + MOST_OTHERS:
            others = sorted((it for it in self._entries if it not in wanted), key=lambda it: self._entries[it].tried)
            for identity in others[: len(others) - MOST_OTHERS // 2]:
                del self._entries[identity]

    def _entry(self, ask: Ask) -> Entry:
        entry = self._entries.get(ask.identity)
        if entry is None:
            entry = self._entries[ask.identity] = Entry(Points(ask.window))
        return entry


def _by_clock(ask: Ask, result: Result) -> tuple[list[int], list[float]]:
    """Points of those that an endpoint gives by the clock where CloudWatch counts from the call's start.

    A percentile of the whole is not above the greatest of its parts.
    """
    times, figures, period = [], [], ask.window.period
    for start in ask.window.grid:
        points = zip(result.times, result.values, strict=False)
        inside = [value for at, value in points if start - period < at < start + period and abs(value) <= GREATEST]
        if inside:
            times.append(start)
            figures.append(math.fsum(inside) if ask.metric.statistic == "Sum" else max(inside))
    return times, figures
