"""Asking CloudWatch for series, within its quota: what comes goes into the cache; how it went is said and counted."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, aclosing
from typing import NamedTuple

from lambdatui.aws.attempts import telling
from lambdatui.aws.calls import Calls
from lambdatui.aws.failures import unlike_aws
from lambdatui.aws.metric_cache import Cache
from lambdatui.aws.metric_data import DOLLARS, OPERATION, Result, fetched, refusal
from lambdatui.aws.slices import Slices
from lambdatui.aws.timing import Timing
from lambdatui.model.errors import AwsError, Denied, Throttled, Unheard
from lambdatui.model.metric_plan import Ask, Call, planned

POINTS_A_SECOND = 90_000
"""Half of the points that GetMetricData gives in a second, of the last three hours, to all of an account ("CloudWatch
service quotas", User Guide, 2026)."""

SLOW = 5.0
"""Seconds without a part of an answer after which that is said."""


class Answer(NamedTuple):
    """What came of one call."""

    at: float
    """When it was asked (s since 1970)."""
    last: dict[int, Result]
    """The last part of the answer to each of its asks, by their number."""
    whole: AwsError | None
    """What ended the call before its end."""
    only_percentiles: bool
    """Whether it asked for nothing else."""


class Asking:
    """Asks, one call after the other."""

    def __init__(self, calls: Calls, cache: Cache, timing: Timing, changed: Callable[[], None]) -> None:
        """`changed` is called when what it says is something else."""
        self._calls = calls
        self._cache = cache
        self._timing = timing
        self._changed = changed
        self._room = -math.inf
        """When the quota has room for another call."""
        self._apart = False
        """Whether percentiles are asked for in calls of their own: an emulator may fail at all that is beside one."""
        self.asked = 0
        """Metrics that were asked for, each query of each request counted."""
        self.requests = 0
        self.notes: tuple[str, ...] = ()
        """What CloudWatch said of the last call as a whole."""
        self.trying = ""
        """What is said while it is asked again because it did not answer, or not so that it can be used."""

    @property
    def dollars(self) -> float:
        """What that costs at most."""
        return self.asked * DOLLARS

    @property
    def wait(self) -> float:
        """Seconds until the quota has room; not above 0 where it has."""
        return self._room - self._timing.clock()

    def listening(self) -> AbstractContextManager[None]:
        """Hear of attempts that were for nothing, to say so."""
        return telling(lambda attempt, most, why: self._say_trying(f"attempt {attempt} of {most}: {why.title.lower()}"))

    def planned(self, asks: Sequence[Ask]) -> Sequence[Call]:
        """The calls that ask for all of these."""
        if not self._apart:
            return planned(asks)
        ordinary = planned(it for it in asks if not it.metric.percentile)
        return [*ordinary, *planned(it for it in asks if it.metric.percentile)]

    async def ask(self, call: Call) -> Answer | None:
        """Ask, and take in what comes; None: ask for all anew, for percentiles are asked for apart from now on."""
        now = self._timing.clock()
        points = sum((call.end - call.start) // ask.window.period for ask in call.asks)
        self._room = now + points / POINTS_A_SECOND
        last: dict[int, Result] = {}
        whole: AwsError | None = None
        slow = asyncio.get_running_loop().call_later(SLOW, self._say_slow)
        try:
            async with aclosing(fetched(self._calls, call, self._count)) as pages:
                async for page in pages:
                    slow.cancel()
                    if page.notes != self.notes:
                        self.notes = page.notes
                        self._changed()
                    await self._take(call, page.results, last)
        except AwsError as problem:
            whole = problem
        finally:
            slow.cancel()
        self._say_trying("")
        percentiles = sum(ask.metric.percentile for ask in call.asks)
        if whole is not None and percentiles and not self._apart:
            self._apart = not isinstance(whole, Denied | Throttled | Unheard)
            if self._apart and percentiles < len(call.asks):
                return None
        return Answer(now, last, whole, self._apart and percentiles == len(call.asks))

    def settle(self, ask: Ask, result: Result | None, answer: Answer) -> bool:
        """Note how the asking for a series went, by its last status or what ended the call. Whether it was given."""
        problem = None if result is None else refusal(result)
        if result is None:
            problem = answer.whole or unlike_aws(OPERATION, "result for each query")
        elif result.status == "PartialData" and answer.whole is not None:
            self._cache.answered(ask, answer.at, partial=True, notes=result.notes)
            problem = answer.whole
        if problem is not None:
            self._cache.failed(ask, answer.at, problem)
        elif result is not None:
            self._cache.answered(ask, answer.at, partial=result.status != "Complete", notes=result.notes)
        return problem is None

    def _say_slow(self) -> None:
        if not self.trying:
            self._say_trying("no answer yet")

    def _say_trying(self, words: str) -> None:
        if words != self.trying:
            self.trying = words
            self._changed()

    def _count(self, metrics: int) -> None:
        self.asked += metrics
        self.requests += 1

    async def _take(self, call: Call, results: Iterator[tuple[int, Result]], last: dict[int, Result]) -> None:
        slices = Slices()
        for number, result in results:
            self._cache.take(call.asks[number], result)
            last[number] = result
            await slices.turn()
