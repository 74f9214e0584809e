"""Which series the watches want, and which of these are to be asked for now.

Ten thousand needs are 100 ms of work, and somebody who holds a key down wants something else thirty times a second.
So needs of which all is known are not looked at again before anything can have become out of date.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from lambdatui.aws.metric_cache import Cache
from lambdatui.aws.metric_watch import Watch
from lambdatui.aws.slices import Slices
from lambdatui.model.metric_plan import Ask, Identity, include
from lambdatui.model.metrics import Frame, Need, Reading, Window

MINUTE = 60
"""Seconds after which needs are of other stretches of time: periods are of whole minutes."""

Wanted: TypeAlias = Mapping[Identity, Sequence[Need]]
"""The needs of one watch by their series."""


class Due(NamedTuple):
    """What is to be asked for, and who hears of it."""

    asks: Sequence[Ask]
    """In their order."""
    listeners: Sequence[tuple[Watch, Wanted]]
    again: float
    """When something is asked for again that was not given; inf: nothing waits for that."""
    looked: Mapping[tuple[Watch, bool], float]
    """Which needs were looked through, whether they are in sight or not, and since when all had to be known of them."""

    def tell(self, ask: Ask) -> None:
        """Let those who want a series know that there is something new."""
        identity = ask.identity
        for watch, wanted in self.listeners:
            if needs := wanted.get(identity):
                watch.pending.update(dict.fromkeys(needs))
                watch.news.set()


class _Looked(NamedTuple):
    """Needs, and what they come to for the rest of a minute."""

    needs: Sequence[Need]
    until: float
    wanted: Wanted
    asks: Sequence[tuple[Identity, Ask, Need]]


class Wishes:
    """What all watches want."""

    def __init__(self, cache: Cache, latest: Mapping[Need, Reading]) -> None:
        """`latest` has the figures of needs that are of another stretch of time each minute."""
        self._cache = cache
        self._latest = latest
        self._looked: dict[tuple[Watch, bool], _Looked] = {}
        self._upset = False
        """Whether something was not given since it was looked at what is due."""
        self._settled: dict[tuple[Watch, bool], float] = {}
        """Of which all is known, and since when it has to be."""

    def upset(self) -> None:
        """Look at everything again: something was not given, or is asked for again."""
        self._settled.clear()
        self._upset = True

    def drop(self, watch: Watch) -> None:
        """Forget a watch."""
        for later in (False, True):
            self._looked.pop((watch, later), None)
            self._settled.pop((watch, later), None)

    async def due(self, watches: Sequence[Watch], since: float, later_since: float, now: float) -> Due:
        """What is to be asked for now. What was asked for before `since` is out of date, or `later_since` if unseen."""
        self._upset = False
        asks: dict[Identity, Ask] = {}
        listeners: list[tuple[Watch, Wanted]] = []
        again = math.inf
        through: dict[tuple[Watch, bool], float] = {}
        for later, limit in ((False, since), (True, later_since)):
            for watch in [*watches]:
                key = watch, later
                needs = watch.later if later else watch.visible
                looked = self._looked.get(key)
                if looked is None or looked.needs is not needs or now >= looked.until:
                    self._settled.pop(key, None)
                    self._looked[key] = looked = await _look(needs, now)
                if self._settled.get(key) != limit:
                    through[key] = limit
                    count = len(asks)
                    waiting = await self._lacking(looked, limit, now, asks, later=later)
                    again = min(again, waiting)
                    if len(asks) == count and waiting == math.inf:
                        self._settled[key] = limit
                listeners.append((watch, looked.wanted))
        return Due([*asks.values()], listeners, again, through)

    def asked(self, due: Due) -> None:
        """All that was due has been given: what was looked through for it need not be looked through for it again."""
        if due.again == math.inf and not self._upset:
            self._settled.update((key, since) for key, since in due.looked.items() if key in self._looked)

    async def _lacking(
        self, looked: _Looked, since: float, now: float, asks: dict[Identity, Ask], *, later: bool
    ) -> float:
        """Add what is to be asked for of these; when some of it is asked for again that was not given."""
        again = math.inf
        slices = Slices()
        for number, (identity, ask, need) in enumerate(looked.asks):
            known = self._latest.get(need) if later else None
            if known is None or known.series.asked < since:
                lacking = self._cache.lacks(ask, now, since, identity)
                if lacking is not None:
                    include(lacking, asks)
                elif now < (pausing := self._cache.again(identity)):
                    again = min(again, pausing)
            if number % 50 == 49:
                await slices.turn()
        return again


async def _look(needs: Sequence[Need], now: float) -> _Looked:
    wanted: dict[Identity, list[Need]] = {}
    windows: dict[Frame, Window] = {}
    asks = []
    slices = Slices()
    for number, need in enumerate(needs):
        frame = need.frame
        window = windows.get(frame) or windows.setdefault(frame, frame.at(now))
        ask = Ask(need.metric, window, frame.end or 0)
        identity = ask.identity
        wanted.setdefault(identity, []).append(need)
        asks.append((identity, ask, need))
        if number % 50 == 49:
            await slices.turn()
    return _Looked(needs, now // MINUTE * MINUTE + MINUTE, wanted, asks)
