"""What happened before the demo began, as it would have with the callers, the rhythm and the limits that it has now.

It is made up, by caller and minute: call by call for the minutes that get log lines, in numbers for those before.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from statistics import fmean
from typing import NamedTuple

from lambdatui.local.demo import deploys, payloads, rhythm, stories
from lambdatui.local.demo.acts import Act, Said
from lambdatui.local.demo.catalogue import FUNCTIONS, Sample
from lambdatui.local.demo.traffic import CALLERS, Caller
from lambdatui.local.execution import Status, stream_name
from lambdatui.local.fleet import IDLE

SAMPLES = {sample.name: sample for sample in FUNCTIONS}

_SCHEDULED = tuple(Caller(it.name, 1 / 60, payloads.nothing, event=True) for it in FUNCTIONS if it.schedule)

EVERYBODY = (*CALLERS, *_SCHEDULED)
"""Whose calls there were."""

_SCHEDULED_AT = 7
"""Seconds past the minute."""

_DRAWN = 200
"""Acts that stand for all of a caller's where there are numbers only."""

_SPREAD = 24
"""Durations that stand for all of a minute's there."""


class Environment(NamedTuple):
    """An execution environment that there was."""

    version: str
    stream: str


class Cold(NamedTuple):
    """The init of an environment."""

    duration: float
    """Seconds."""
    said: tuple[Said, ...]


class Past(NamedTuple):
    """One call."""

    at: float
    """When it came, seconds since the epoch."""
    version: str
    running: int
    """How many of the function ran then, this one included."""
    act: Act
    environment: Environment | None
    """None if the call was throttled: then nothing of `act` happened."""
    cold: Cold | None


@dataclass
class Minute:
    """A minute of calls to one version of a function."""

    at: float
    """Its start, seconds since the epoch."""
    version: str
    throttled: int = 0
    failed: int = 0
    durations: list[tuple[float, int]] = field(default_factory=list)
    """Milliseconds, and how many calls took so long; of those that were not throttled."""
    running: list[int] = field(default_factory=list)
    """How many of the function ran, at each of these calls."""
    calls: list[Past] = field(default_factory=list)
    """Empty where there are numbers only."""


def recent(caller: Caller, start: float, end: float, chance: Random) -> Iterator[list[Minute]]:
    """A caller's minutes from `start`, which is a whole one, to `end`, with the calls that were over by then.

    Each version of the function that was called in a minute has one.
    """
    pending: dict[float, dict[str, Minute]] = {start + 60.0 * it: {} for it in range(math.ceil((end - start) / 60))}
    for call in _calls(caller, start, end, chance):
        at = call.at - call.at % 60
        while next(iter(pending)) < at:
            yield list(pending.pop(next(iter(pending))).values())
        minute = pending[at].setdefault(call.version, Minute(at, call.version))
        minute.calls.append(call)
        if call.environment is None:
            minute.throttled += 1
        else:
            minute.failed += call.act.status is not Status.SUCCESS
            minute.durations.append((call.act.duration * 1000, 1))
            minute.running.append(call.running)
    for versions in pending.values():
        yield list(versions.values())


def older(caller: Caller, start: float, end: float, chance: Random) -> Iterator[list[Minute]]:
    """A caller's minutes from `start` to `end`, which are whole ones, in numbers only."""
    sample = SAMPLES[caller.function]
    usual = [stories.STORIES[sample.name](chance) for _ in range(_DRAWN)]
    wrong = [stories.orders_create_next(chance) for _ in range(_DRAWN)] if sample.name == deploys.FUNCTION else usual
    busy = fmean(act.duration for act in usual) * caller.rate * fmean(caller.together)
    for number in range(int(start // 60), int(end // 60)):
        at = number * 60.0
        came = 1 if caller in _SCHEDULED else _came(caller, at, chance)
        together = chance.choices(caller.together, k=came)
        minutes = []
        for version, share in _versions(caller, sample, at).items():
            many = sum(together) if share == 1 else _rounded(came * share, chance)
            ran = many if sample.reserved is None else sum(min(it, sample.reserved) for it in together)
            acts = chance.choices(wrong if version == deploys.LEFT_BEHIND else usual, k=ran)
            minute = Minute(at, version, throttled=many - ran)
            minute.failed = sum(act.status is not Status.SUCCESS for act in acts)
            minute.durations = [
                (act.duration * 1000, ran // _SPREAD + (place < ran % _SPREAD))
                for place, act in enumerate(islice(acts, _SPREAD))
            ]
            minute.running = [1 + (poisson(busy, chance) if sample.reserved is None else 0) for _ in range(ran)]
            if many:
                minutes.append(minute)
        yield minutes


def poisson(mean: float, chance: Random) -> int:
    """How many there are, where `mean` are on average and none knows of the others."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def _calls(caller: Caller, start: float, end: float, chance: Random) -> Iterator[Past]:
    sample = SAMPLES[caller.function]
    fleet = _Fleet(sample, start, chance)
    for at in _arrivals(caller, start, end, chance):
        versions = _versions(caller, sample, at)
        version = chance.choices(list(versions), list(versions.values()))[0]
        wrong = sample.name == deploys.FUNCTION and version == deploys.LEFT_BEHIND
        act = stories.orders_create_next(chance) if wrong else stories.STORIES[sample.name](chance)
        call = fleet.call(at, version, act)
        if at + act.duration + (call.cold.duration if call.cold else 0) < end:
            yield call


class _Fleet:
    """The execution environments of a function: one is warm at the start, and as many more come as are needed."""

    def __init__(self, sample: Sample, start: float, chance: Random) -> None:
        self._sample = sample
        self._start = start
        self._chance = chance
        self._free: dict[Environment, float] = {}
        self._begun: set[str] = set()

    def call(self, at: float, version: str, act: Act) -> Past:
        """Give a call to an environment: the one that came free last, as the pool does."""
        running = 1 + sum(free > at for free in self._free.values())
        if self._sample.reserved is not None and running > self._sample.reserved:
            return Past(at, version, running, act, None, None)
        idle = [it for it, free in self._free.items() if it.version == version and at - IDLE < free <= at]
        cold = None
        if idle:
            environment = max(idle, key=lambda it: self._free[it])
        else:
            environment = Environment(version, self._stream(version, at))
            if version in self._begun or at - self._start > IDLE:
                cold = Cold(*stories.init(self._sample.name, self._chance))
            self._begun.add(version)
        self._free[environment] = at + act.duration + (cold.duration if cold else 0)
        if act.status is Status.TIMEOUT or act.memory > self._sample.memory:
            del self._free[environment]  # ended with the call: `running` forgets it too early, which nobody can see
        return Past(at, version, running, act, environment, cold)

    def _stream(self, version: str, at: float) -> str:
        sample, environment = self._sample, f"{self._chance.getrandbits(128):032x}"
        return stream_name(sample.name, sample.group, version, at, environment)


def _arrivals(caller: Caller, start: float, end: float, chance: Random) -> Iterator[float]:
    if caller in _SCHEDULED:
        yield from (start + second for second in range(_SCHEDULED_AT, int(end - start), 60))
        return
    at = start + chance.random() * rhythm.gap(caller.rate, start, chance, bursts=caller.bursts)
    while at < end:
        for number in range(chance.choice(caller.together)):
            yield at + number * 0.001
        at += rhythm.gap(caller.rate, at, chance, bursts=caller.bursts)


def _versions(caller: Caller, sample: Sample, at: float) -> dict[str, float]:
    """The versions that a call reaches, each with its share."""
    alias = next((alias for alias in sample.aliases if alias.name == caller.qualifier), None)
    if alias is None:
        return {"$LATEST": 1.0}
    if sample.name == deploys.FUNCTION and rhythm.deploying(at):
        return {deploys.LEFT_BEHIND: 1.0}
    return {alias.version: 1.0 - sum(alias.also.values()), **alias.also}


def _came(caller: Caller, at: float, chance: Random) -> int:
    """How many calls came in a minute, where none knows of the others."""
    expected = rhythm.expected(caller.rate, at, at + 60, bursts=caller.bursts)
    if expected < 20:
        return poisson(expected, chance)
    return round(chance.gauss(expected, math.sqrt(expected)))


def _rounded(number: float, chance: Random) -> int:
    whole = int(number)
    return whole + (chance.random() < number - whole)
