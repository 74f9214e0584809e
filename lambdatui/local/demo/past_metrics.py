"""The metrics of minutes that are made up, as telemetry.LambdaMetrics would have counted them, call by call."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from random import Random
from typing import TYPE_CHECKING, TypeAlias

from lambdatui.local.demo import past
from lambdatui.local.demo.catalogue import FUNCTIONS
from lambdatui.local.demo.past import SAMPLES, Minute
from lambdatui.local.demo.traffic import Caller
from lambdatui.local.places import HOME
from lambdatui.local.telemetry import NAMESPACE, Resource

if TYPE_CHECKING:
    from lambdatui.local.metric_store import MetricStore

_MILLISECONDS = frozenset({"Duration", "AsyncEventAge"})

_Dimensions: TypeAlias = tuple[tuple[str, str], ...]

_ALLOCATED = sum(sample.reserved or 0 for sample in FUNCTIONS)


class PastMetrics:
    """The metrics of one minute of everybody's calls: each minute of a caller is counted in, then all is written."""

    def __init__(self, store: MetricStore, at: float, chance: Random, *, stands_for: int = 1) -> None:
        """`at` is the start of the minute, seconds since the epoch; it stands for so many, itself included."""
        self._store = store
        self._at = at
        self._chance = chance
        self._stands_for = stands_for
        self._everybody: list[tuple[Caller, Minute]] = []
        self._values: defaultdict[tuple[str, _Dimensions], list[tuple[float, float]]] = defaultdict(list)

    def count(self, caller: Caller, minutes: Iterable[Minute]) -> None:
        """Count in what was called, each version apart."""
        for minute in minutes:
            self._everybody.append((caller, minute))
            self._count(caller, minute)

    def write(self) -> Iterator[None]:
        """Write all of it, a piece at each step."""
        self._count_load()
        for (name, dimensions), values in self._values.items():
            if values:
                unit = "Milliseconds" if name in _MILLISECONDS else "Count"
                counted = [(value, times * self._stands_for) for value, times in values]
                self._store.roll_in(HOME, NAMESPACE, name, dict(dimensions), counted, at=self._at, unit=unit)
                yield

    def _count(self, caller: Caller, minute: Minute) -> None:
        sample = SAMPLES[caller.function]
        alias = next((alias for alias in sample.aliases if alias.name == caller.qualifier), None)
        weighted = alias is not None and bool(alias.also)
        resource = Resource(sample.name, caller.qualifier, minute.version if weighted else "")
        ran = len(minute.acts)
        values: dict[str, list[tuple[float, float]]] = {"Throttles": [(0, ran), (1, minute.throttled)]}
        if ran:
            values["Invocations"] = [(1, ran)]
            values["Errors"] = [(0, ran - minute.failed), (1, minute.failed)]
            values["Duration"] = [*Counter(act.duration * 1000 for act in minute.acts).items()]
        if caller.event and ran:
            values["AsyncEventsReceived"] = [(1, ran)]
            values["AsyncEventAge"] = [*Counter(self._chance.randrange(10, 30) / 10 for _ in minute.acts).items()]
            if minute.failed:
                values["AsyncEventsDropped"] = [(1, minute.failed)]
        for dimensions in resource.dimensions():
            for name, pairs in values.items():
                self._values[name, tuple(dimensions.items())] += pairs

    def _count_load(self) -> None:
        """How much ran at each of the calls, everybody's."""
        busy = [sum(act.duration for act in minute.acts) / 60 for _, minute in self._everybody]
        total: Counter[int] = Counter()
        unreserved: Counter[int] = Counter()
        for (caller, minute), own in zip(self._everybody, busy, strict=True):
            reserving = SAMPLES[caller.function].reserved is not None
            for running in minute.running:
                others = past.poisson(sum(busy) - own, self._chance)
                total[running + others] += 1
                unreserved[others if reserving else running + others] += 1
            self._values["ConcurrentExecutions", (("FunctionName", caller.function),)] += Counter(
                minute.running
            ).items()
        self._values["ConcurrentExecutions", ()] += total.items()
        self._values["UnreservedConcurrentExecutions", ()] += unreserved.items()
        self._values["ClaimedAccountConcurrency", ()] += [(it + _ALLOCATED, times) for it, times in unreserved.items()]
