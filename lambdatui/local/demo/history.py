"""Writes the past that is made up into the stores: two hours of metrics, and the log lines of the last 15 minutes.

Of a day and a week ago there are metrics, too, around the same time: for whoever compares.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from lambdatui.local import platform_lines
from lambdatui.local.demo import past
from lambdatui.local.demo.past import EVERYBODY
from lambdatui.local.demo.past_lines import PastLog
from lambdatui.local.demo.past_metrics import PastMetrics

if TYPE_CHECKING:
    from lambdatui.local.log_store import LogStore
    from lambdatui.local.metric_store import MetricStore
    from lambdatui.local.pending import Pending

METRICS = 7200.0
"""Seconds of metrics."""

LINES = 900.0
"""Seconds of log lines."""

EARLIER = (86_400.0, 7 * 86_400.0)
"""Seconds before now, around which there are metrics, too."""

AROUND = (3900.0, 1800.0)
"""Seconds of them before that and after it: an hour's chart, for half an hour."""

TURN = 0.001
"""Seconds for which writing may hold the event loop."""

PAUSE = 0.003
"""Seconds for which the loop is then left alone: the UI asks its first questions meanwhile."""

AT_ONCE = 20
"""Calls whose lines are written in a turn; they take about as long."""


async def write(
    logs: LogStore, metrics: MetricStore, now: float, pending: Pending, *, chance: Random | None = None
) -> None:
    """Write what happened until `now`, seconds since the epoch, and say so to `pending`.

    Takes some five seconds, a quarter of them the loop; where somebody waits for it, little more than that quarter.
    What has log lines comes first. Each log begins with a line that says that it is demo history, and how far it goes.
    """
    chance = chance or Random()  # noqa: S311  nothing depends on it being hard to guess
    start, lines = ((now - span) // 60 * 60 for span in (METRICS, LINES))
    turn = _Turn(pending)
    begin = (lines, _words(lines, now))
    written = {caller: PastLog(logs, caller, begin, chance) for caller in EVERYBODY}
    recent = {caller: past.recent(caller, lines, now, chance) for caller in EVERYBODY}
    for at in _minutes(lines, now):
        tally = PastMetrics(metrics, at, chance)
        for caller, minutes in recent.items():
            versions = next(minutes)
            await turn.over()
            calls = [call for minute in versions for call in minute.calls]
            for first in range(0, len(calls), AT_ONCE):
                written[caller].write(calls[first : first + AT_ONCE])
                await turn.over()
            tally.count(caller, versions)
        await _finish(tally, turn)
    await _write_numbers(metrics, start, lines, turn, chance)
    pending.over()


async def write_earlier(metrics: MetricStore, now: float, pending: Pending, *, chance: Random | None = None) -> None:
    """Write the metrics around the same time a day and a week before `now`, seconds since the epoch."""
    chance = chance or Random()  # noqa: S311  nothing depends on it being hard to guess
    turn, (before, after) = _Turn(pending), AROUND
    for ago in EARLIER:
        start, end = ((now - ago + span) // 60 * 60 for span in (-before, after))
        await _write_numbers(metrics, start, end, turn, chance)


async def _write_numbers(metrics: MetricStore, start: float, end: float, turn: _Turn, chance: Random) -> None:
    older = {caller: past.older(caller, start, end, chance) for caller in EVERYBODY}
    for at in _minutes(start, end):
        tally = PastMetrics(metrics, at, chance)
        for caller, minutes in older.items():
            tally.count(caller, next(minutes))
            await turn.over()
        await _finish(tally, turn)


async def _finish(tally: PastMetrics, turn: _Turn) -> None:
    for _ in tally.write():
        await turn.over()


def _minutes(start: float, end: float) -> Iterator[float]:
    while start < end:
        yield start
        start += 60


def _words(lines: float, now: float) -> str:
    since, until = (platform_lines.timestamp(at)[11:19] for at in (lines, now))
    return (
        f"Demo history: the lines from {since} to {until} UTC are made up, and the metrics with them. "
        "Older metrics have no lines."
    )


class _Turn:
    """Lets others have the event loop."""

    def __init__(self, pending: Pending) -> None:
        self._pending = pending
        self._began = time.perf_counter()

    async def over(self) -> None:
        """Give it away if it was held for long enough."""
        if time.perf_counter() - self._began > TURN:
            await asyncio.sleep(0 if self._pending.waiting else PAUSE)
            self._began = time.perf_counter()
