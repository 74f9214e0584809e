"""Writes the metrics of the past that is made up: those of the last hours, and of the same time on days before.

Between those there is a point every now and then, which stands for the minutes up to the next one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lambdatui.local.demo.past import EVERYBODY, Past
from lambdatui.local.demo.past_metrics import PastMetrics

if TYPE_CHECKING:
    from lambdatui.local.metric_store import MetricStore
    from lambdatui.local.pending import Pending

TURN = 0.001
"""Seconds for which writing may hold the event loop."""

PAUSE = 0.003
"""Seconds for which the loop is then left alone: the UI asks its first questions meanwhile."""


async def write(past: Past, metrics: MetricStore, pending: Pending) -> None:
    """Write the metrics of the last hours, and say so to `pending`.

    Takes some five seconds, a quarter of them the loop; where somebody waits for it, little more than that quarter.
    """
    await _write(past, metrics, past.recent.minutes(), _Turn(pending))
    pending.over()


async def write_earlier(past: Past, metrics: MetricStore, pending: Pending) -> None:
    """Write the metrics around the same time on days before, for whoever compares."""
    turn = _Turn(pending)
    for span in past.earlier:
        await _write(past, metrics, span.minutes(), turn)


async def write_between(past: Past, metrics: MetricStore, pending: Pending) -> None:
    """Write the metrics of the days between, for whoever looks at all of a day or a week."""
    turn = _Turn(pending)
    for at, stands_for in past.between():
        await _write(past, metrics, [at], turn, stands_for=stands_for)


async def _write(
    past: Past, metrics: MetricStore, minutes: Iterable[float], turn: _Turn, *, stands_for: int = 1
) -> None:
    for at in minutes:
        tally = PastMetrics(metrics, at, past.chance(at), stands_for=stands_for)
        for caller in EVERYBODY:
            tally.count(caller, past.called(caller, at))
            await turn.over()
        for _ in tally.write():
            await turn.over()


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
