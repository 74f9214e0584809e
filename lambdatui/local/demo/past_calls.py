"""The calls of a minute that is made up, one by one: when each came, and which execution environment it ran in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lambdatui.local.demo import stories
from lambdatui.local.demo.acts import Act, Said
from lambdatui.local.demo.past import SAMPLES, SCHEDULED_AT, Minute, Past, is_scheduled
from lambdatui.local.demo.sample import Sample
from lambdatui.local.demo.traffic import Caller
from lambdatui.local.execution import Status, stream_name

LIVED = 3600.0
"""Seconds after which all environments are replaced: then each begins with its init."""


class Environment(NamedTuple):
    """An execution environment that there was."""

    version: str
    stream: str


class Cold(NamedTuple):
    """The init of an environment."""

    duration: float
    """Seconds."""
    said: tuple[Said, ...]


class Called(NamedTuple):
    """One call that was not throttled."""

    at: float
    """When it came, seconds since the epoch."""
    act: Act
    environment: Environment
    cold: Cold | None


def calls(past: Past, caller: Caller, minute: Minute) -> Iterator[Called]:
    """The calls of a minute, in order. Each is over by its end."""
    chance = past.chance(caller.function, minute.at, minute.version, "calls")
    fleet = _Fleet(past, SAMPLES[caller.function], minute)
    cold = Cold(*stories.init(caller.function, chance))
    end = min(minute.at + 60, past.now)
    came = []
    for act in minute.acts:
        room = end - minute.at - act.duration - cold.duration
        came.append((minute.at + (SCHEDULED_AT if is_scheduled(caller) else max(0.0, room) * chance.random()), act))
    for at, act in sorted(came, key=lambda it: it[0]):
        began, environment, new = fleet.take(at, act, cold.duration)
        fits = began + cold.duration + act.duration < end
        yield Called(began, act, environment, cold if new and fits else None)


class _Fleet:
    """The environments of a version in a minute: of those that are free a call gets the first."""

    def __init__(self, past: Past, sample: Sample, minute: Minute) -> None:
        self._past = past
        self._sample = sample
        self._minute = minute
        self._free: list[float] = []
        self._ended = 0

    def take(self, at: float, act: Act, init: float) -> tuple[float, Environment, bool]:
        """When a call at `at` begins, where, and whether that is new. `init`: seconds that this takes then."""
        if act.status is Status.TIMEOUT or act.memory > self._sample.memory:
            self._ended += 1  # it is ended with the call: of one that had calls before nobody could have more after
            return at, self._environment(self._minute.at, -self._ended), True
        place = next((number for number, free in enumerate(self._free) if free <= at), len(self._free))
        if place == self._sample.reserved:
            place = min(range(place), key=self._free.__getitem__)
            at = self._free[place]
        new = place == len(self._free)
        if new:
            self._free.append(at)
        new = new and self._minute.at % LIVED == 0
        self._free[place] = at + act.duration + (init if new else 0)
        return at, self._environment(self._minute.at // LIVED * LIVED, place), new

    def _environment(self, began: float, number: int) -> Environment:
        return _environment(self._past, self._sample, self._minute.version, began, number)


def first_environment(past: Past, sample: Sample, version: str, at: float) -> Environment:
    """The one that gets the calls of a version that come one at a time."""
    return _environment(past, sample, version, at // LIVED * LIVED)


def _environment(past: Past, sample: Sample, version: str, began: float, number: int = 0) -> Environment:
    """One that began at a time, seconds since the epoch; `number` tells those apart that began together."""
    digits = f"{past.chance(sample.name, version, began, number).getrandbits(128):032x}"
    return Environment(version, stream_name(sample.name, sample.group, version, began, digits))
