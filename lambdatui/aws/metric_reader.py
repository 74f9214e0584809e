"""The one reader of metrics: everybody says what they need, and it asks for all of it together, the visible first.

A task of its own lives as long as somebody waits for updates. It asks when something new is wanted, and then at even
times (`Habits.every`), for what is new only. `metric_cache` knows what it is, `model.metric_plan` makes calls, and
`metric_asking` asks.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping

from lambdatui.aws.calls import Calls
from lambdatui.aws.metric_asking import Asking
from lambdatui.aws.metric_cache import MOST_OTHERS, Cache, pause_after
from lambdatui.aws.metric_watch import Habits, Readings, Watch
from lambdatui.aws.metric_wishes import Due, Wishes
from lambdatui.aws.slices import Slices
from lambdatui.aws.timing import Timing
from lambdatui.model.errors import AwsError
from lambdatui.model.metric_plan import MOST_QUERIES, Call, ask_for
from lambdatui.model.metrics import Need, Reading, nothing

GATHERING = 0.02
"""Seconds that a new wish waits for others: panes that appear together ask in one call."""

LONGEST_WAIT = 3600.0
"""Seconds after which it looks around at the latest."""

AT_ONCE = 3 * MOST_QUERIES
"""Series for which calls are planned at once: more would keep keys waiting."""

LATER = 5
"""How many times more seldom that is refreshed what is wanted but not visible: it costs the same."""

MOST_FIGURES = 4_000
"""Figures of another stretch of time that are kept until there are newer ones."""


class Reader:
    """Reads metrics for all that watch."""

    def __init__(self, calls: Calls, habits: Habits, timing: Timing) -> None:
        self.habits = habits
        self._timing = timing
        self._cache = Cache()
        self.asking = Asking(calls, self._cache, timing, self._tell_all)
        self._watches: list[Watch] = []
        self._latest: dict[Need, Reading] = {}
        """Figures by their need: each minute they are of another stretch of time."""
        self._wishes = Wishes(self._cache, self._latest)
        self._late: dict[Watch, bool] = {}
        """Those who want something else since it was looked at what is due, and whether they are new."""
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._crash: BaseException | None = None
        self._key = timing.clock()
        self._since = -math.inf
        self._later_since = -math.inf
        """What was asked for before is out of date; of what is not visible, before the other."""
        self._held: tuple[float, AwsError] | None = None
        """Until when nothing is asked for at all, and why."""
        self._failures = 0
        self.paused = False
        """Whether nothing is refreshed because no key was pressed for long."""

    def touch(self) -> None:
        """Somebody is there."""
        self._key = self._timing.clock()
        if self.paused:
            self._wake.set()

    def refresh(self) -> None:
        """Ask for everything again that is wanted, also for what was refused."""
        self._since = self._later_since = self._timing.clock()
        self._held, self._failures = None, 0
        if self.asking.trying:
            self._begin_anew()  # without it the attempts that have not come to anything would go on for a minute
        self._cache.forgive()
        self._wishes.upset()
        self.touch()
        self._wake.set()

    def forget(self) -> None:
        """Know nothing, and ask anew: somebody else asks from now on. What is under way is of no use any more."""
        self._cache.clear()
        self._latest.clear()
        self._wishes.upset()
        self._held, self._failures = None, 0
        self._begin_anew()

    def _begin_anew(self) -> None:
        """Give up what is under way."""
        self.asking.trying = ""
        if self._task is not None:
            self._task.cancel()
            self._task = self._begun()

    def _begun(self) -> asyncio.Task[None]:
        task = asyncio.create_task(self._run(), name="metrics")
        task.add_done_callback(self._ended)
        return task

    def enter(self, watch: Watch) -> None:
        """Begin to tell it. Its wishes come before those of earlier ones."""
        self.check()
        self._watches.insert(0, watch)
        self.touch()
        self.wanted(watch)
        self._late[watch] = True
        if self._task is None:
            self._task = self._begun()

    def leave(self, watch: Watch) -> None:
        """Tell it no more; the last one to leave ends it all."""
        if watch in self._watches:
            self._watches.remove(watch)
            self._late.pop(watch, None)
            self._wishes.drop(watch)
        if not self._watches and self._task is not None:
            task, self._task = self._task, None
            task.cancel()
            self.asking.trying = ""

    def wanted(self, watch: Watch) -> None:
        """A watch wants something else."""
        watch.news.set()
        self._late.setdefault(watch, False)
        self._wake.set()

    def check(self) -> None:
        """Raise what is a fault of the reader itself."""
        if self._crash is not None:
            raise self._crash

    async def readings(self, needs: Mapping[Need, None]) -> Readings:
        """What is known of needs, and nothing of others."""
        now = self._timing.clock()
        found, slices = {}, Slices()
        for need in needs:
            reading = self._reading(need, now)
            if reading is not None:
                found[need] = reading
            await slices.turn()
        return found

    async def aclose(self) -> None:
        """End."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (problem := task.exception()) is not None:
            self._crash = problem
            self._tell_all()

    def _reading(self, need: Need, now: float) -> Reading | None:
        ask = ask_for(need, now)
        reading = self._cache.reading(ask)
        if (reading is None or not reading.series.asked) and need in self._latest:
            known = self._latest[need]
            return known if reading is None else known._replace(problem=reading.problem)
        if reading is None and self._held is not None:
            return Reading(nothing(ask.window), self._held[1])
        if reading is not None and need.frame.length == need.frame.period and reading.series.asked:
            self._latest[need] = reading
        return reading

    async def _run(self) -> None:
        with self.asking.listening():
            await self._follow()

    async def _follow(self) -> None:
        while True:
            now = self._timing.clock()
            self._settle_time(now)
            due, soonest = await self._due(now)
            if not due.asks:
                await self._timing.pause(soonest, self._wake)
            elif self._wake.is_set():
                self._wake.clear()
                await self._timing.sleep(GATHERING)
            else:
                await self._ask_all(due)

    async def _ask_all(self, due: Due) -> None:
        """Ask for what is due, until somebody wants something else, or nothing is to be had."""
        for first in range(0, len(due.asks), AT_ONCE):
            for call in self.asking.planned(due.asks[first : first + AT_ONCE]):
                if (wait := self.asking.wait) > 0:
                    await self._timing.sleep(wait)
                    if self._wake.is_set():
                        return
                await self._ask(call, due, first)
                if self._wake.is_set() or self._held is not None:
                    return
        self._wishes.asked(due)

    def _settle_time(self, now: float) -> None:
        """Say what is out of date by now."""
        every = self.habits.every
        paused = every is not None and now - self._key >= self.habits.idle
        if every is not None and not paused:
            self._since = max(self._since, now // every * every)
            self._later_since = max(self._later_since, now // (LATER * every) * (LATER * every))
        if paused != self.paused:
            self.paused = paused
            self._tell_all()

    async def _due(self, now: float) -> tuple[Due, float]:
        """What is to be asked for now, and the seconds until there may be more."""
        self._late.clear()
        due = await self._wishes.due(self._watches, self._since, self._later_since, now)
        if self._held is not None and now < self._held[0]:
            due = due._replace(asks=(), again=self._held[0])
        self._forget(due)
        every = self.habits.every
        tick = math.inf if every is None or self.paused else every - now % every
        return due, min(tick, max(due.again - now, 0.05), LONGEST_WAIT)

    def _forget(self, due: Due) -> None:
        if len(self._cache) > MOST_OTHERS + sum(len(wanted) for _, wanted in due.listeners):
            self._cache.prune({identity for _, wanted in due.listeners for identity in wanted})
        if len(self._latest) > MOST_FIGURES:
            needs = {need for _, wanted in due.listeners for some in wanted.values() for need in some}
            for need in self._latest.keys() - needs:
                del self._latest[need]

    async def _ask(self, call: Call, due: Due, first: int) -> None:
        answer = await self.asking.ask(call)
        if answer is None:
            self._wake.set()
            return
        slices = Slices()
        for number, ask in enumerate(call.asks):
            if not self.asking.settle(ask, answer.last.get(number), answer):
                self._wishes.upset()
            if self._cache.news(ask):
                due.tell(ask)
            await slices.turn()
        await self._tell_late(call)
        if answer.whole is None:
            self._held, self._failures = None, 0
        elif not answer.only_percentiles:
            await self._hold(answer.whole, call, due, first)

    async def _tell_late(self, call: Call) -> None:
        """Who has begun to want what a call was on its way for is told of it: it is not asked for again."""
        answered = {ask.identity for ask in call.asks}
        now = self._timing.clock()
        slices = Slices()
        for watch, new in [*self._late.items()]:
            for need in [*watch.visible, *(watch.later if new else ())]:
                if ask_for(need, now).identity in answered:
                    watch.pending[need] = None
                    watch.news.set()
                await slices.turn()

    async def _hold(self, problem: AwsError, call: Call, due: Due, first: int) -> None:
        """Ask for nothing for a while: what is wrong with one call is so with the next."""
        self._failures += 1
        now = self._timing.clock()
        self._held = now + pause_after(problem, self._failures), problem
        answered = {ask.identity for ask in call.asks}
        slices = Slices()
        self._wishes.upset()
        for ask in due.asks[first:]:
            if ask.identity not in answered:
                self._cache.failed(ask, now, problem)
                due.tell(ask)
                await slices.turn()

    def _tell_all(self) -> None:
        for watch in self._watches:
            watch.news.set()
