"""What happened before the demo began, as it would have with the callers, the rhythm and the limits that it has now.

It is made up, by caller and minute, and the same whenever it is asked for: its metrics are written when the demo
begins, and its log lines are not made before somebody reads them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from statistics import fmean
from typing import NamedTuple

from lambdatui.local.demo import deploys, payloads, rhythm, stories
from lambdatui.local.demo.acts import Act
from lambdatui.local.demo.catalogue import FUNCTIONS
from lambdatui.local.demo.sample import Sample
from lambdatui.local.demo.traffic import CALLERS, Caller
from lambdatui.local.execution import Status

SAMPLES = {sample.name: sample for sample in FUNCTIONS}

_SCHEDULED = tuple(Caller(it.name, 1 / 60, payloads.nothing, event=True) for it in FUNCTIONS if it.schedule)

EVERYBODY = (*CALLERS, *_SCHEDULED)
"""Whose calls there were."""

SCHEDULED_AT = 7.0
"""Seconds past the minute."""

RECENT = 3 * 3600.0
"""Seconds before now of which each minute is made up, and has log lines."""

EARLIER = (86_400.0, 7 * 86_400.0)
"""Seconds before now, around which each minute is made up as well: for whoever compares."""

AROUND = (3900.0, 1800.0)
"""Seconds of them before that and after it: an hour's chart, for half an hour."""

BETWEEN = ((86_400, 900), (7 * 86_400, 3600))
"""Ages (s) up to which there is, between those, one minute in so many seconds: the shortest periods of charts over a
day and a week."""

_DRAWN = 200
"""Acts of a caller that the calls of all its minutes are drawn from."""


class Span(NamedTuple):
    """A stretch of time of which each minute is made up; seconds since the epoch."""

    start: float
    """The start of a minute."""
    end: float

    def minutes(self) -> Iterator[float]:
        """The starts of its minutes."""
        return (self.start + 60.0 * number for number in range(math.ceil((self.end - self.start) / 60)))


@dataclass
class Minute:
    """A minute of calls to one version of a function."""

    at: float
    """Its start, seconds since the epoch."""
    version: str
    throttled: int = 0
    acts: list[Act] = field(default_factory=list)
    """What the other calls did. Each began and ended in the minute."""
    running: list[int] = field(default_factory=list)
    """How many of the function ran, at each of these calls."""

    @property
    def failed(self) -> int:
        """Calls that failed."""
        return sum(act.status is not Status.SUCCESS for act in self.acts)


class Past:
    """All that is made up, of one start of the demo. Not safe for threads, but for what has no caller in common."""

    def __init__(self, now: float, chance: Random | None = None) -> None:
        """`now`: seconds since the epoch; nothing is made up of what is later."""
        chance = chance or Random()  # noqa: S311  nothing depends on it being hard to guess
        self.now = now
        self._seed = chance.getrandbits(64)
        around = [(now - ago - AROUND[0], now - ago + AROUND[1]) for ago in sorted(EARLIER, reverse=True)]
        self.earlier = tuple(Span(_minute(start), _minute(end)) for start, end in around)
        """The oldest first."""
        self.recent = Span(_minute(now - RECENT), now)
        self._drawn: dict[str, tuple[list[Act], list[Act]]] = {}

    @property
    def spans(self) -> tuple[Span, ...]:
        """The oldest first; they do not overlap."""
        return (*self.earlier, self.recent)

    def between(self) -> Iterator[tuple[float, int]]:
        """Minutes between the spans, each with how many it stands for, itself included; the newest first."""
        end = self.recent.start
        for age, step in BETWEEN:
            start = (self.now - age) // step * step
            for number in range(int((end - start) // step), 0, -1):
                at = start + (number - 1) * step
                at += self.chance("between", at).randrange(0, step, 60)  # at the same of each hour it were as busy
                if not any(span.start <= at < span.end for span in self.spans):
                    yield at, step // 60
            end = start

    def chance(self, *of: object) -> Random:
        """Chance that comes out the same each time for the same thing."""
        return Random(" ".join(map(str, (self._seed, *of))))  # noqa: S311

    def forget(self) -> None:
        """Free memory: what is asked for again is made again."""
        self._drawn.clear()

    def called(self, caller: Caller, at: float) -> list[Minute]:
        """A caller's calls in the minute that begins at `at`; each version of the function that was called has one."""
        sample, chance, end = SAMPLES[caller.function], self.chance(caller.function, at), min(at + 60, self.now)
        usual, wrong = self._acts(sample)
        busy = fmean(act.duration for act in usual) * caller.rate * fmean(caller.together)
        came = 1 if is_scheduled(caller) else _came(caller, at, end, chance)
        together = chance.choices(caller.together, k=came)
        minutes = []
        for version, share in _versions(caller, sample, at).items():
            many = sum(together) if share == 1 else _rounded(came * share, chance)
            ran = many if sample.reserved is None else sum(min(it, sample.reserved) for it in together)
            begun = SCHEDULED_AT if is_scheduled(caller) else 0.0
            drawn = chance.choices(wrong if version == deploys.LEFT_BEHIND else usual, k=ran)
            acts = [act for act in drawn if at + begun + act.duration < end]
            if not acts and many == ran:
                continue
            running = [1 + (poisson(busy, chance) if sample.reserved is None else 0) for _ in acts]
            minutes.append(Minute(at, version, many - ran, acts, running))
        return minutes

    def _acts(self, sample: Sample) -> tuple[list[Act], list[Act]]:
        """What a function does, and what the version of it does that a deploy goes wrong with."""
        if sample.name not in self._drawn:
            chance, fails = self.chance(sample.name), sample.name == deploys.FUNCTION
            usual = [stories.STORIES[sample.name](chance) for _ in range(_DRAWN)]
            wrong = [stories.orders_create_next(chance) for _ in range(_DRAWN)] if fails else usual
            self._drawn[sample.name] = usual, wrong
        return self._drawn[sample.name]


def is_scheduled(caller: Caller) -> bool:
    """Whether a schedule calls, once a minute."""
    return caller in _SCHEDULED


def poisson(mean: float, chance: Random) -> int:
    """How many there are, where `mean` are on average and none knows of the others."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def _minute(at: float) -> float:
    return at // 60 * 60


def _versions(caller: Caller, sample: Sample, at: float) -> dict[str, float]:
    """The versions that a call reaches, each with its share."""
    alias = next((alias for alias in sample.aliases if alias.name == caller.qualifier), None)
    if alias is None:
        return {"$LATEST": 1.0}
    if sample.name == deploys.FUNCTION and rhythm.deploying(at):
        return {deploys.LEFT_BEHIND: 1.0}
    return {alias.version: 1.0 - sum(alias.also.values()), **alias.also}


def _came(caller: Caller, at: float, end: float, chance: Random) -> int:
    """How many calls came in a minute or a part of one, where none knows of the others."""
    expected = rhythm.expected(caller.rate, at, end, bursts=caller.bursts)
    if expected < 20:
        return poisson(expected, chance)
    return round(chance.gauss(expected, math.sqrt(expected)))


def _rounded(number: float, chance: Random) -> int:
    whole = int(number)
    return whole + (chance.random() < number - whole)
